package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// The sources of a job that has several, as a table for a person: a row each, and one for all.
final class SourceTable {
    private static final List<String> HEADER =
            List.of("SOURCE", "READ", "GOOD", "REJECTED", "READ AS");

    private SourceTable() {}

    /// Lines that end with a line break each.
    static String of(JsonNode job) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEADER);
        var sources = job.path("sources");
        sources.forEach(source -> rows.add(row(source, sources)));
        var all = job.path("rows");
        rows.add(
                List.of(
                        "total",
                        count(all, "read"),
                        count(all, "written"),
                        count(all, "rejected"),
                        ""));
        return TextTable.of(rows);
    }

    private static List<String> row(JsonNode source, JsonNode all) {
        var rows = source.path("rows");
        return List.of(
                source.path("name").asText(),
                count(rows, "read"),
                count(rows, "written"),
                count(rows, "rejected"),
                reading(source, all));
    }

    private static String reading(JsonNode source, JsonNode all) {
        if (source.hasNonNull("sameAs")) {
            var same = all.path(source.path("sameAs").asInt());
            return "passed over: the same content as " + same.path("name").asText();
        }
        if (!source.hasNonNull("encoding")) {
            return switch (source.path("upload").asText("")) {
                case "WAITING" -> "not sent yet";
                case "RECEIVING" -> "being sent";
                default -> "";
            };
        }
        return JobEnd.reading(source);
    }

    private static String count(JsonNode rows, String key) {
        return "%,d".formatted(rows.path(key).asLong());
    }
}
