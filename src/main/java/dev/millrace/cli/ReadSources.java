package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The sources that a model is proposed for, as a table for a person: a row each, or of many a row
/// for those that are read alike.
final class ReadSources {
    private static final int MOST_ROWS = 20;
    private static final List<String> HEADER = List.of("SOURCE", "ROWS", "READ AS");

    private ReadSources() {}

    /// Lines that end with a line break each.
    static String of(JsonNode sources) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEADER);
        if (sources.size() <= MOST_ROWS) {
            sources.forEach(source -> rows.add(row(name(source), count(source), reading(source))));
        } else {
            alike(sources)
                    .forEach(
                            (reading, some) -> rows.add(row(together(some), count(some), reading)));
        }
        return TextTable.of(rows);
    }

    private static Map<String, List<JsonNode>> alike(JsonNode sources) {
        var alike = new LinkedHashMap<String, List<JsonNode>>();
        sources.forEach(source ->
                alike.computeIfAbsent(reading(source), _ -> new ArrayList<>()).add(source));
        return alike;
    }

    private static String together(List<JsonNode> sources) {
        var others = sources.size() - 1;
        return name(sources.getFirst())
                + (others == 0
                        ? ""
                        : others == 1 ? " and another" : " and %,d others".formatted(others));
    }

    private static List<String> row(String name, long rows, String reading) {
        return List.of(name, "%,d".formatted(rows), reading);
    }

    private static String name(JsonNode source) {
        return source.path("name").asText();
    }

    private static String reading(JsonNode source) {
        return JobEnd.reading(source.path("reading"));
    }

    private static long count(JsonNode source) {
        return source.path("rows").asLong();
    }

    private static long count(List<JsonNode> sources) {
        return sources.stream().mapToLong(ReadSources::count).sum();
    }
}
