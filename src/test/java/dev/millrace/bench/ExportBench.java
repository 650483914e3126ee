package dev.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Compares exports with `curl` of ClickHouse's own formats to a file, of the same table in one
/// run, in turn, on a Millrace of its own; and shows how much memory the server takes meanwhile.
@Command(
        name = "./millrace bench export",
        description = "Compare exports with curl of ClickHouse's own formats to a file.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ExportBench implements Callable<Integer> {
    private static final String TABLE = "millrace.bench_export";

    @Option(names = "--rows", paramLabel = "N", description = "Of the table; 50,000,000 otherwise.")
    private long rows = 50_000_000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How many rounds count, behind one that warms up; 5 otherwise.")
    private int rounds = 5;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "The heap of Millrace's JVM; 1g otherwise.")
    private String heap = "1g";

    /// One way to a file.
    private record Way(String name, String format, boolean isOurs) {}

    static void main(String[] args) {
        System.exit(new CommandLine(new ExportBench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("millrace-bench-export-");
        try (var millrace = OwnMillrace.start(heap)) {
            millrace.clickhouse().run(make());
            for (var format : List.of("csv", "parquet")) {
                compare(millrace, format, folder);
            }
        } finally {
            Files.deleteIfExists(folder);
        }
        return 0;
    }

    /// A table like that of a shop: a key, a time, two numbers, two texts of few values and one of
    /// many.
    private String make() {
        return """
        CREATE TABLE %s ENGINE = MergeTree ORDER BY id AS
        SELECT number AS id, toDateTime(1700000000 + number, 'UTC') AS at,
            toUInt32(cityHash64(number) %% 100000) AS customer,
            (cityHash64(number, 1) %% 1000000) / 100 AS amount,
            ['EUR', 'USD', 'GBP', 'JPY'][number %% 4 + 1] AS currency,
            concat('order ', hex(cityHash64(number, 2))) AS title,
            number %% 7 = 0 AS late
        FROM numbers(%d)\
        """
                .formatted(TABLE, rows);
    }

    private void compare(OwnMillrace millrace, String format, Path folder)
            throws IOException, InterruptedException {
        var theirs = format.equals("csv") ? "CSVWithNames" : "Parquet";
        var ways =
                List.of(
                        new Way("curl, " + theirs, theirs, false),
                        new Way("millrace export", format, true));
        Map<Way, List<Double>> seconds = new LinkedHashMap<>();
        var peak = 0L;
        for (var round = 0; round <= rounds; round++) {
            for (var way : ways) {
                var file = folder.resolve("rows." + format);
                var processes = Processes.of(millrace);
                processes.forgetPeaks();
                var begin = System.nanoTime();
                run(millrace, way, file);
                var took = (System.nanoTime() - begin) / 1e9;
                var memory = processes.peakBytes().getOrDefault(Processes.MILLRACE, 0L);
                System.out.printf(
                        "%s %-22s %7.2f s  %,d bytes  Millrace %,d MB%n",
                        round == 0 ? "warm-up" : "round " + round,
                        way.name(),
                        took,
                        Files.size(file),
                        memory >> 20);
                Files.delete(file);
                if (round > 0) {
                    seconds.computeIfAbsent(way, _ -> new ArrayList<>()).add(took);
                }
                if (way.isOurs()) {
                    peak = Math.max(peak, memory);
                }
            }
        }
        print(format, ways, seconds, peak);
    }

    private void print(String format, List<Way> ways, Map<Way, List<Double>> seconds, long peak) {
        var theirs = Spread.of(seconds.getOrDefault(ways.getFirst(), List.of(Double.NaN)));
        var ours = Spread.of(seconds.getOrDefault(ways.getLast(), List.of(Double.NaN)));
        System.out.printf(
                "%n%s, %,d rows: curl %.2f s (%.2f to %.2f), millrace export %.2f s (%.2f to %.2f):"
                        + " %.2f times as fast; at most %,d MB of memory%n%n",
                format,
                rows,
                theirs.median(),
                theirs.min(),
                theirs.max(),
                ours.median(),
                ours.min(),
                ours.max(),
                theirs.median() / ours.median(),
                peak >> 20);
    }

    private static void run(OwnMillrace millrace, Way way, Path file)
            throws IOException, InterruptedException {
        if (way.isOurs()) {
            millrace.command(
                    List.of("export", TABLE, "--to", file.toString(), "--format", way.format()));
        } else {
            Curl.answer(
                    millrace.clickhouse().url(),
                    "SELECT * FROM %s FORMAT %s".formatted(TABLE, way.format()),
                    file);
        }
    }
}
