package dev.millrace.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Results as a terminal of a hundred columns shows them.
final class ResultText {
    private static final int WIDTH = 98;
    private static final int INDENT = 14;

    private ResultText() {}

    static String of(Machine machine, Map<String, String> conditions) {
        var text = new StringBuilder("\n");
        machine.described().forEach((name, words) -> item(text, name, words));
        conditions.forEach((name, words) -> item(text, name, words));
        return text.toString();
    }

    static String of(BenchFile file) {
        var text = new StringBuilder();
        text.append(
                format(
                        "%n%s: %,d rows of %d columns, %,.0f MB, ordered by %s%n%n",
                        file.name(),
                        file.rows(),
                        file.kind().columns().size(),
                        file.bytes() / 1e6,
                        String.join(", ", file.kind().orderBy())));
        for (var way : Way.values()) {
            text.append(format("  %s  %s%n", way.letter(), way.title()));
        }
        return text.append("\n").toString();
    }

    static String of(FileResult result) {
        var text = new StringBuilder();
        text.append(
                format(
                        "%n  %-10s %9s   %-15s %10s %7s %7s%n",
                        "WALL TIME", "median s", "min … max", "M rows/s", "MB/s", "parts"));
        for (var way : result.ways()) {
            var seconds = way.seconds();
            text.append(
                    format(
                            "  %-10s %9.2f   %-15s %10.2f %7.0f %7d%n",
                            way.way().letter(),
                            seconds.median(),
                            format("%.2f … %.2f", seconds.min(), seconds.max()),
                            way.rowsPerSecond() / 1e6,
                            way.megabytesPerSecond(),
                            way.parts()));
        }
        text.append(processes("CPU-SECONDS", "all"));
        for (var way : result.ways()) {
            text.append(values(way.way(), way.cpuSeconds(), "%11.2f"))
                    .append(format("%11.2f%n", way.allCpuSeconds()));
        }
        text.append(processes("PEAK RSS MB", ""));
        for (var way : result.ways()) {
            text.append(values(way.way(), way.peakMegabytes(), "%,11.0f")).append("\n");
        }
        text.append("\n");
        ratio(
                text,
                "a/c",
                result.fileRatio(),
                "of the speed of ClickHouse reading the file itself");
        ratio(text, "b/c", result.httpRatio(), "of the speed of ClickHouse's own HTTP import");
        text.append(
                format(
                        "  server CPU in c  %.2f  of that in a%n"
                                + "  cold first load  %.2f s, ratio %.2f to a's warm median%n",
                        result.serverCpuRatio(), result.coldSeconds(), result.coldRatio()));
        return text.toString();
    }

    static String of(SmallLoads small) {
        var text = new StringBuilder();
        text.append(
                format(
                        "%n  %-38s %9s %9s %9s %6s%n",
                        "REQUEST TO SUCCESS, MS", "median", "95 %", "most", "of"));
        latency(text, "one row", small.oneRow(), small.loads());
        latency(text, "one megabyte", small.megabyte(), small.loads());
        text.append(format("%n  COMMANDS, MS%n"));
        latency(text, "up --detach, in a folder that was used", small.start(), small.commands());
        latency(text, "job list", small.list(), small.commands());
        return text.toString();
    }

    private static void latency(StringBuilder text, String name, Spread seconds, int count) {
        text.append(
                format(
                        "  %-38s %,9.0f %,9.0f %,9.0f %6d%n",
                        name,
                        seconds.median() * 1e3,
                        seconds.high() * 1e3,
                        seconds.max() * 1e3,
                        count));
    }

    private static void ratio(StringBuilder text, String name, Spread ratio, String meaning) {
        text.append(
                format(
                        "  %-15s  %.2f  %s (%.2f … %.2f)%n",
                        name, ratio.median(), meaning, ratio.min(), ratio.max()));
    }

    private static String processes(String title, String last) {
        var text = new StringBuilder(format("%n  %-12s", title));
        for (var name : Processes.NAMES) {
            text.append(format("%11s", name));
        }
        return text.append(last.isEmpty() ? "\n" : format("%11s%n", last)).toString();
    }

    private static StringBuilder values(Way way, Map<String, Double> of, String form) {
        var text = new StringBuilder(format("  %-12s", way.letter()));
        for (var name : Processes.NAMES) {
            text.append(format(form, of.getOrDefault(name, 0.0)));
        }
        return text;
    }

    /// A name and words behind it, broken into lines.
    private static void item(StringBuilder text, String name, String words) {
        var line = new StringBuilder(format("  %-" + (INDENT - 2) + "s", name));
        for (var word : List.of(words.split(" ", -1))) {
            if (line.length() + word.length() > WIDTH) {
                text.append(line.toString().stripTrailing()).append("\n");
                line.setLength(0);
                line.append(" ".repeat(INDENT));
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append("\n");
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
