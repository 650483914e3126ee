package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.cli.Terminal.Colour;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A model that the server proposes for a source: asked for, and shown.
record ProposedModel(JsonNode proposal) {
    private static final int MOST_EXAMPLES = 3;

    /// Sends a source, and waits for what is proposed for it.
    static ProposedModel of(
            Api api, Terminal terminal, String file, String name, SourceFlags flags) {
        flags.requireFetched(file);
        var said = new LinkedHashMap<>(Map.of("name", name));
        if (S3Address.isOne(file)) {
            said.putAll(flags.fetched(file));
        }
        try (var watch = new Watch(terminal);
                var upload =
                        S3Address.isOne(file)
                                ? Upload.of(file, InputStream.nullInputStream(), watch::uploaded)
                                : Upload.open(file, terminal, watch::uploaded)) {
            var path = ModelCommands.PATH + "/infer" + flags.query(said);
            return new ProposedModel(api.send(path, upload));
        } catch (IOException e) {
            throw api.broken(e);
        }
    }

    /// What `model create` takes.
    ObjectNode schema() {
        return (ObjectNode) proposal.path("model").path("schema");
    }

    String name() {
        return proposal.path("model").path("name").asText();
    }

    JsonNode columns() {
        return proposal.path("columns");
    }

    /// Shows how the source is read, the columns, each with what led to it, and what will be
    /// rejected.
    void print(Terminal terminal) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("COLUMN", "TYPE", "WHY"));
        for (var column : columns()) {
            rows.add(List.of(text(column, "name"), text(column, "type"), why(column)));
        }
        var out = terminal.out();
        if (proposal.path("reading").hasNonNull("format")) {
            JobEnd.printReading(proposal.path("reading"), out);
        }
        out.print(TextTable.of(rows));
        var order = new ArrayList<String>();
        schema().path("orderBy").forEach(name -> order.add(name.asText()));
        out.printf(
                "sorted by: %s (%s)%n",
                order.isEmpty() ? "nothing" : String.join(", ", order),
                text(proposal, "orderedBy"));
        for (var column : columns()) {
            for (var note : column.path("notes")) {
                out.printf("%s: %s%n", text(column, "name"), note.asText());
            }
        }
        printNotes(terminal);
        proposal.path("damagedExamples")
                .valueStream()
                .limit(MOST_EXAMPLES)
                .forEach(example -> out.println("  " + example(example)));
        var rejected = proposal.path("rejected").asLong();
        var line =
                "%,d rows read; %s"
                        .formatted(
                                proposal.path("rows").asLong(),
                                rejected == 0
                                        ? "none of them would be rejected."
                                        : "%,d of them would be rejected.".formatted(rejected));
        out.println(rejected == 0 ? line : terminal.in(Colour.YELLOW, line));
        out.flush();
    }

    /// What is to be known of the whole source.
    void printNotes(Terminal terminal) {
        proposal.path("notes").forEach(note -> terminal.say(note.asText()));
    }

    private static String why(JsonNode column) {
        var why = new ArrayList<String>();
        var from = column.hasNonNull("least");
        why.add(
                text(column, "why")
                        + (from
                                ? " from %s to %s"
                                        .formatted(text(column, "least"), text(column, "greatest"))
                                : ""));
        if (text(column, "type").startsWith("LowCardinality")) {
            why.add("%,d different ones".formatted(column.path("distinct").asLong()));
        } else if (text(column, "type").contains("String")
                && column.path("longestBytes").asLong() > 0) {
            why.add("up to %,d bytes".formatted(column.path("longestBytes").asLong()));
        }
        if (column.path("empty").asLong() > 0) {
            why.add("%,d empty".formatted(column.path("empty").asLong()));
        }
        column.path("nulls")
                .properties()
                .forEach(e -> why.add("%,d '%s'".formatted(e.getValue().asLong(), e.getKey())));
        if (column.hasNonNull("excluded")) {
            why.add(text(column, "excluded"));
        }
        return String.join("; ", why);
    }

    private static String example(JsonNode example) {
        return "row %,d: '%s'".formatted(example.path("row").asLong(), text(example, "text"));
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asText();
    }
}
