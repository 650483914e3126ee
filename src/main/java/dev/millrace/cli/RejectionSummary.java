package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Why rows were rejected, for a person: each cause with its count, examples beneath.
final class RejectionSummary {
    private static final List<String> HEADER = List.of("CODE", "COLUMN", "COUNT");
    private static final int COUNT = HEADER.indexOf("COUNT");

    /// What a terminal would obey instead of showing it.
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Terminal terminal;

    RejectionSummary(Terminal terminal) {
        this.terminal = terminal;
    }

    /// @param job the job's view
    /// @param causes what its summary lists
    void print(JsonNode job, JsonNode causes) {
        if (causes.isEmpty()) {
            terminal.say("No row was rejected.");
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(HEADER);
        causes.forEach(cause -> rows.add(row(cause)));
        int[] widths =
                IntStream.range(0, HEADER.size())
                        .map(c -> rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0))
                        .toArray();
        terminal.out().println(line(HEADER, widths));
        for (int i = 0; i < causes.size(); i++) {
            terminal.out().println(line(rows.get(i + 1), widths));
            causes.get(i).path("examples").forEach(this::printExample);
        }
        new Mending(terminal).say(job);
    }

    private static List<String> row(JsonNode cause) {
        return List.of(
                cause.path("error").asText(),
                shown(cause.path("column").asText()),
                "%,d".formatted(cause.path("count").asLong()));
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int c = 0; c < row.size(); c++) {
            var space = " ".repeat(widths[c] - row.get(c).length());
            line.append(c == 0 ? "" : "  ");
            line.append(c == COUNT ? space + row.get(c) : row.get(c) + space);
        }
        return line.toString();
    }

    /// Most messages say what was observed; where one does not, it stands before it.
    private void printExample(JsonNode example) {
        var observed = example.path("observed").asText();
        var message = example.path("message").asText();
        terminal.out()
                .printf(
                        "  %srow %d: %s%s%n",
                        example.hasNonNull("sourceName")
                                ? shown(example.path("sourceName").asText()) + ", "
                                : "",
                        example.path("row").asLong(),
                        message.contains(observed) ? "" : "'" + shown(observed) + "': ",
                        shown(message));
    }

    private static String shown(String text) {
        return CONTROL.matcher(text).replaceAll("·");
    }
}
