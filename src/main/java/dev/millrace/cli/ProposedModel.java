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
import java.util.stream.Stream;

/// A model that the server proposes for a source, or for several together: asked for, and shown.
record ProposedModel(JsonNode proposal) {
    private static final int MOST_EXAMPLES = 3;

    /// Sends sources, and waits for what is proposed for them.
    static ProposedModel of(
            Api api, Terminal terminal, SourceList sources, String name, SourceFlags flags) {
        flags.requireFetched(sources);
        var said = new LinkedHashMap<>(Map.of("name", name));
        if (sources.isFetched()) {
            said.putAll(flags.fetched(sources.first()));
        }
        var path = ModelCommands.PATH + "/infer" + flags.query(said);
        try (var watch = new Watch(terminal)) {
            var progress = new UploadProgress(watch, sources);
            return new ProposedModel(
                    sources.isOne()
                            ? one(api, terminal, sources.first(), path, progress)
                            : api.send(path, new SourceForm(sources, terminal, progress)));
        } catch (IOException e) {
            throw api.broken(e);
        }
    }

    private static JsonNode one(
            Api api, Terminal terminal, String file, String path, UploadProgress progress)
            throws IOException {
        try (var upload =
                S3Address.isOne(file)
                        ? Upload.of(file, InputStream.nullInputStream(), progress)
                        : Upload.open(file, terminal, progress)) {
            return api.send(path, upload);
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

    /// The names of the sources that lack a column.
    Stream<String> lacking(String column) {
        return proposal.path("sources")
                .valueStream()
                .filter(source ->
                        source.path("absentColumns")
                                .valueStream()
                                .anyMatch(absent -> absent.asText().equals(column)))
                .map(source -> text(source, "name"));
    }

    /// Whether it is for several sources.
    private boolean isOfSeveral() {
        return proposal.path("sources").size() > 1;
    }

    /// Shows how each source is read, the columns, each with what led to it, and what will be
    /// rejected.
    void print(Terminal terminal) {
        printSources(terminal);
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("COLUMN", "TYPE", "WHY"));
        for (var column : columns()) {
            rows.add(List.of(text(column, "name"), text(column, "type"), why(column)));
        }
        var out = terminal.out();
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
                .forEach(example -> out.println("  " + shown(example)));
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

    /// How the source, or each of several, is read.
    void printSources(Terminal terminal) {
        if (isOfSeveral()) {
            terminal.out().print(ReadSources.of(proposal.path("sources")));
            terminal.out().println();
        } else if (proposal.path("reading").hasNonNull("format")) {
            JobEnd.printReading(proposal.path("reading"), terminal.out());
        }
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
        if (column.path("absent").asLong() > 0) {
            why.add("%,d absent".formatted(column.path("absent").asLong()));
        }
        column.path("nulls")
                .properties()
                .forEach(e -> why.add("%,d '%s'".formatted(e.getValue().asLong(), e.getKey())));
        if (column.hasNonNull("excluded")) {
            why.add(text(column, "excluded"));
        }
        return String.join("; ", why);
    }

    private String shown(JsonNode example) {
        var source = proposal.path("sources").path(example.path("source").asInt());
        return "row %,d%s: '%s'"
                .formatted(
                        example.path("row").asLong(),
                        isOfSeveral() ? " of " + text(source, "name") : "",
                        text(example, "text"));
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asText();
    }
}
