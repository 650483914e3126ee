package dev.millrace.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What the comparison of one file gave.
///
/// @param checksum of the rows, the same in every way
/// @param ways (a), (b) and (c)
/// @param fileRatio seconds of (a) by those of (c), round by round; its median is that of medians
/// @param httpRatio the same of (b)
/// @param serverCpuRatio ClickHouse's CPU-seconds in (c) by those in (a)
/// @param coldSeconds of the first load by (c) after the start, which no round counts
/// @param coldRatio seconds of (a), warm, by these
/// @param rounds every measurement that counts
record FileResult(
        String name,
        long rows,
        long bytes,
        Map<String, String> columns,
        List<String> orderBy,
        String checksum,
        List<WayResult> ways,
        Spread fileRatio,
        Spread httpRatio,
        double serverCpuRatio,
        double coldSeconds,
        double coldRatio,
        List<Measurement> rounds) {

    /// A way's rounds together: medians, and of memory the most.
    record WayResult(
            Way way,
            Spread seconds,
            double rowsPerSecond,
            double megabytesPerSecond,
            Map<String, Double> cpuSeconds,
            double allCpuSeconds,
            Map<String, Double> peakMegabytes,
            long parts) {}

    static FileResult of(
            BenchFile file, Measurement cold, List<Measurement> rounds, String checksum) {
        var a = of(Way.FILE, file, rounds);
        var b = of(Way.HTTP, file, rounds);
        var c = of(Way.MILLRACE, file, rounds);
        return new FileResult(
                file.name(),
                file.rows(),
                file.bytes(),
                file.kind().columns(),
                file.kind().orderBy(),
                checksum,
                List.of(a, b, c),
                ratio(a, c, rounds),
                ratio(b, c, rounds),
                c.cpuSeconds().getOrDefault(Processes.CLICKHOUSE, 0.0)
                        / a.cpuSeconds().getOrDefault(Processes.CLICKHOUSE, 0.0),
                cold.seconds(),
                a.seconds().median() / cold.seconds(),
                rounds);
    }

    private static WayResult of(Way way, BenchFile file, List<Measurement> rounds) {
        var mine = rounds.stream().filter(m -> m.way() == way).toList();
        var seconds = spread(mine, Measurement::seconds);
        var cpu = new LinkedHashMap<String, Double>();
        var peaks = new LinkedHashMap<String, Double>();
        for (var name : Processes.NAMES) {
            cpu.put(name, spread(mine, m -> m.cpuSeconds().getOrDefault(name, 0.0)).median());
            peaks.put(name, spread(mine, m -> m.peakBytes().getOrDefault(name, 0L) / 1e6).max());
        }
        return new WayResult(
                way,
                seconds,
                file.rows() / seconds.median(),
                file.bytes() / 1e6 / seconds.median(),
                cpu,
                spread(mine, Measurement::allCpuSeconds).median(),
                peaks,
                mine.getLast().parts());
    }

    private static Spread spread(List<Measurement> of, ToDoubleFunction<Measurement> value) {
        return Spread.of(of.stream().map(value::applyAsDouble).toList());
    }

    private static Spread ratio(WayResult by, WayResult millrace, List<Measurement> rounds) {
        var seconds = new LinkedHashMap<Integer, Double>();
        rounds.stream()
                .filter(m -> m.way() == Way.MILLRACE)
                .forEach(m -> seconds.put(m.round(), m.seconds()));
        var each =
                Spread.of(
                        rounds.stream()
                                .filter(m -> m.way() == by.way())
                                .map(m -> m.seconds() / seconds.getOrDefault(m.round(), 0.0))
                                .toList());
        var median = by.seconds().median() / millrace.seconds().median();
        return new Spread(median, each.min(), each.max(), each.high());
    }
}
