package dev.millrace.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// All ways of one file into ClickHouse, in turn, on a Millrace that was just started. A result
/// that is not the same rows in every way is none: it is an error.
final class Comparison {
    private final OwnMillrace millrace;
    private final BenchFile file;
    private final Processes processes;
    private Optional<TableContent> expected = Optional.empty();
    private List<String> expectedByColumn = List.of();
    private int tables;

    Comparison(OwnMillrace millrace, BenchFile file) {
        this.millrace = millrace;
        this.file = file;
        this.processes = Processes.of(millrace);
    }

    /// @param rounds how many count; one before them warms up
    FileResult run(int rounds) throws IOException, InterruptedException {
        var cold = measure(Way.MILLRACE, 0);
        System.out.printf(Locale.ROOT, "  cold      c %7.2f s%n", cold.seconds());
        var counted = new ArrayList<Measurement>();
        for (var round = 0; round <= rounds; round++) {
            var measured = round(round);
            System.out.printf(
                    Locale.ROOT,
                    "  %-8s  a %7.2f s   b %7.2f s   c %7.2f s   a/c %.2f%n",
                    round == 0 ? "warm-up" : "round " + round,
                    seconds(measured, Way.FILE),
                    seconds(measured, Way.HTTP),
                    seconds(measured, Way.MILLRACE),
                    seconds(measured, Way.FILE) / seconds(measured, Way.MILLRACE));
            if (round > 0) {
                counted.addAll(measured.values());
            }
        }
        return FileResult.of(file, cold, counted, expected.orElseThrow().checksum());
    }

    /// What every import left in its table, once there was one.
    Optional<TableContent> content() {
        return expected;
    }

    private static double seconds(Map<Way, Measurement> round, Way way) {
        return round.get(way).seconds();
    }

    /// Each round begins with another way, so that none always follows the same one.
    private Map<Way, Measurement> round(int round) throws IOException, InterruptedException {
        var order = new ArrayList<>(Arrays.asList(Way.values()));
        Collections.rotate(order, -round);
        var measured = new LinkedHashMap<Way, Measurement>();
        for (var way : order) {
            measured.put(way, measure(way, round));
        }
        return measured;
    }

    /// One import by one way.
    ///
    /// @throws IOException also when what is in the table is not what the first one left there
    Measurement measure(Way way, int round) throws IOException, InterruptedException {
        var name = "bench_%s_%d".formatted(way.letter(), tables++);
        var load = Import.prepare(way, millrace, file, name);
        writeBack();
        processes.forgetPeaks();
        var before = processes.cpuSeconds();
        var begin = System.nanoTime();
        var curlBytes = load.run();
        var seconds = (System.nanoTime() - begin) / 1e9;
        var cpuSeconds = new LinkedHashMap<String, Double>();
        processes.cpuSeconds().forEach((n, all) -> cpuSeconds.put(n, all - before.get(n)));
        var peakBytes = new HashMap<>(processes.peakBytes());
        peakBytes.put(Processes.CURL, curlBytes);
        requireContent(way, load.table());
        var parts = parts(load.table());
        load.remove();
        return new Measurement(way, round, seconds, cpuSeconds, peakBytes, parts);
    }

    /// What an earlier import left to be written to the disk does not slow this one down.
    private static void writeBack() throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor();
    }

    private void requireContent(Way way, String table) throws IOException, InterruptedException {
        var clickhouse = millrace.clickhouse();
        var content = TableContent.of(clickhouse, file.kind(), table);
        if (expected.isEmpty()) {
            expected = Optional.of(content);
            expectedByColumn = TableContent.byColumn(clickhouse, file.kind(), table);
        }
        if (content.rows() != file.rows() || !content.equals(expected.get())) {
            throw new IOException(
                    "The comparison is void: by way %s the table has %,d rows of %,d, and differs in %s"
                            .formatted(
                                    way.letter(),
                                    content.rows(),
                                    file.rows(),
                                    TableContent.differences(
                                            file.kind(),
                                            expectedByColumn,
                                            TableContent.byColumn(
                                                    clickhouse, file.kind(), table))));
        }
    }

    /// Parts as they were inserted: what was merged has a level above 0.
    private long parts(String table) throws IOException, InterruptedException {
        var parts =
                List.of(
                        millrace.clickhouse()
                                .run(
                                        "SELECT count(), max(level) FROM system.parts WHERE active"
                                                + " AND database = '%s' AND table = '%s'"
                                                        .formatted(ClickHouse.DATABASE, table))
                                .split("\t", -1));
        if (!parts.getLast().equals("0")) {
            throw new IOException(
                    "The comparison is void: parts of %s were merged".formatted(table));
        }
        return Long.parseLong(parts.getFirst());
    }
}
