package dev.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// The processes of a Millrace, by what they are, and what Linux says in `/proc` of the work and
/// memory of each.
record Processes(SequencedMap<String, ProcessHandle> roots) {
    static final String MILLRACE = "Millrace";
    static final String CLICKHOUSE = "ClickHouse";
    static final String KAFKA = "Kafka";
    static final String POSTGRES = "PostgreSQL";

    /// What sends the files; a child of the benchmark.
    static final String CURL = "curl";

    static final List<String> NAMES = List.of(MILLRACE, CLICKHOUSE, KAFKA, POSTGRES, CURL);

    /// `USER_HZ`, the unit of times in `/proc`, of every architecture that Millrace runs on.
    private static final double TICKS_PER_SECOND = 100;

    /// Fields of `/proc/PID/stat` behind the name: utime, stime, and both of ended children.
    private static final int FIRST_TIME = 11;

    private static final int CHILDREN_TIME = 13;
    private static final int END_OF_TIMES = 15;

    /// Finds `up` and the engines, which are its children.
    static Processes of(OwnMillrace millrace) {
        var up = millrace.process();
        var roots = new LinkedHashMap<String, ProcessHandle>();
        roots.put(MILLRACE, up);
        up.children().forEach(child -> roots.put(name(child), child));
        return new Processes(roots);
    }

    private static String name(ProcessHandle process) {
        var command = lines(process.pid(), "cmdline").getFirst();
        if (command.contains("ClickHouseChild")) {
            return CLICKHOUSE;
        }
        return command.contains("KafkaChild") ? KAFKA : POSTGRES;
    }

    /// CPU-seconds, of user and system, that each has used since it began; its children's with it.
    Map<String, Double> cpuSeconds() {
        var seconds = new LinkedHashMap<String, Double>();
        for (var name : roots.keySet()) {
            var ticks = all(name).mapToLong(p -> ticks(p, FIRST_TIME)).sum();
            seconds.put(name, ticks / TICKS_PER_SECOND);
        }
        var ended = ticks(ProcessHandle.current().pid(), CHILDREN_TIME);
        seconds.put(CURL, ended / TICKS_PER_SECOND);
        return seconds;
    }

    private static long ticks(long pid, int from) {
        var stat = lines(pid, "stat");
        if (stat.isEmpty()) {
            return 0;
        }
        var line = stat.getFirst();
        var fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        var ticks = 0L;
        for (var i = from; i < END_OF_TIMES; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks;
    }

    /// Lets the peaks of memory begin anew.
    void forgetPeaks() throws IOException {
        for (var name : roots.keySet()) {
            for (var pid : all(name).toList()) {
                Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
            }
        }
    }

    /// The most bytes that each had resident since then. What processes of one engine share, as
    /// PostgreSQL's do, counts once, as large as it is now.
    Map<String, Long> peakBytes() {
        var peaks = new LinkedHashMap<String, Long>();
        for (var name : roots.keySet()) {
            var own = 0L;
            var shared = 0L;
            for (var pid : all(name).toList()) {
                var status = lines(pid, "status");
                var of = kilobytes(status, "RssFile:") + kilobytes(status, "RssShmem:");
                own += Math.max(0, kilobytes(status, "VmHWM:") - of);
                shared = Math.max(shared, of);
            }
            peaks.put(name, (own + shared) * 1024);
        }
        return peaks;
    }

    /// The most bytes that a process had resident so far, or 0 when it has ended.
    static long peakBytes(long pid) {
        return kilobytes(lines(pid, "status"), "VmHWM:") * 1024;
    }

    /// The JVM's flags that `up` runs with.
    List<String> flags() {
        var up = roots.firstEntry().getValue();
        return Stream.of(lines(up.pid(), "cmdline").getFirst().split("\0", -1))
                .filter(word -> word.startsWith("-X") && !word.startsWith("-Xlog"))
                .map(word -> word.replaceFirst("=.*/", "="))
                .toList();
    }

    private Stream<Long> all(String name) {
        var root = roots.get(name);
        if (root == null) {
            return Stream.of();
        }
        return name.equals(MILLRACE)
                ? Stream.of(root.pid())
                : Stream.concat(Stream.of(root), root.descendants()).map(ProcessHandle::pid);
    }

    private static long kilobytes(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    /// Nothing when the process has ended meanwhile.
    private static List<String> lines(long pid, String file) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            return List.of();
        }
    }
}
