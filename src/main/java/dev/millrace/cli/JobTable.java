package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.cli.Terminal.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Jobs as a table for a person: names to the left, numbers to the right, two spaces between. An
/// export stands in it with what it has of a load: its rows, and its times.
final class JobTable {
    private static final List<String> HEADER =
            List.of(
                    "JOB",
                    "MODEL",
                    "STATE",
                    "TOTAL",
                    "OK",
                    "ERRORS",
                    "PROGRESS",
                    "WAITING",
                    "PROCESSING");
    private static final List<String> NUMBERS =
            List.of("TOTAL", "OK", "ERRORS", "WAITING", "PROCESSING");
    private static final int STATE = HEADER.indexOf("STATE");

    private JobTable() {}

    /// Lines that end with a line break each.
    static String of(Iterable<JsonNode> jobs, Terminal terminal) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEADER);
        jobs.forEach(job -> rows.add(row(job)));
        int[] widths =
                IntStream.range(0, HEADER.size())
                        .map(c -> rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0))
                        .toArray();
        var text = new StringBuilder();
        rows.forEach(row -> text.append(line(row, widths, terminal)).append('\n'));
        return text.toString();
    }

    private static List<String> row(JsonNode job) {
        return Jobs.isExport(job) ? export(job) : load(job);
    }

    private static List<String> export(JsonNode export) {
        var rows = export.path("rows").asText();
        var share = export.path("progress");
        return List.of(
                Jobs.id(export),
                "(export)",
                Jobs.state(export),
                Jobs.state(export).equals("SUCCESS") ? rows : "-",
                rows,
                "0",
                share.isNumber() ? Bar.of(share.asDouble(), 0, 0) : "",
                Bar.time(seconds(export, "createdAt", "startedAt")),
                Bar.time(export.path("seconds").asDouble()));
    }

    /// Between two moments, the second of which may not have come.
    private static double seconds(JsonNode job, String from, String to) {
        var until = job.hasNonNull(to) ? Instant.parse(job.path(to).asText()) : Instant.now();
        return Math.max(
                0,
                Duration.between(Instant.parse(job.path(from).asText()), until).toMillis()
                        / 1000.0);
    }

    private static List<String> load(JsonNode job) {
        var rows = job.path("rows");
        var total = rows.path("total");
        var ok = Jobs.ok(job);
        return List.of(
                Jobs.id(job),
                job.path("model").path("name").asText(),
                Jobs.state(job),
                total.isNumber() ? total.asText() : "-",
                ok == null ? "?" : ok.toString(),
                rows.path("rejected").asText(),
                Bar.of(job.path("progress").asDouble(), Jobs.read(job), Jobs.rejected(job)),
                Bar.time(job.path("waitingSeconds").asDouble()),
                Bar.time(job.path("processingSeconds").asDouble()));
    }

    private static String line(List<String> row, int[] widths, Terminal terminal) {
        var line = new StringBuilder();
        for (int c = 0; c < row.size(); c++) {
            var space = " ".repeat(widths[c] - row.get(c).length());
            var cell = c == STATE ? coloured(row.get(c), terminal) : row.get(c);
            line.append(c == 0 ? "" : "  ");
            line.append(NUMBERS.contains(HEADER.get(c)) ? space + cell : cell + space);
        }
        return line.toString().stripTrailing();
    }

    private static String coloured(String state, Terminal terminal) {
        return switch (state) {
            case "SUCCESS" -> terminal.in(Colour.GREEN, state);
            case "PARTIAL_SUCCESS" -> terminal.in(Colour.YELLOW, state);
            case "FAILED", "CANCELLED" -> terminal.in(Colour.RED, state);
            default -> state;
        };
    }
}
