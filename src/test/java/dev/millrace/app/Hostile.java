package dev.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Loads sources that nobody should send, into a server and a worker with small heaps, and says what
/// became of each, how long it took and how much memory either process ever had.
///
///     ./millrace bench hostile [PERCENT=100 [WORDS]]
///
/// With words it loads only those that have them in their names.
final class Hostile implements AutoCloseable {
    private static final List<String> FLAGS = List.of("-Xmx512m", "-XX:+UseG1GC");

    private static final Duration LIMIT = Duration.ofMinutes(20);

    /// A heap of 512 MB and what a JVM takes beside it.
    private static final long MAX_RESIDENT_MB = 1_000;

    private final Site site;
    private final Site.Server server;
    private final Program worker;

    Hostile(Path folder) throws IOException, InterruptedException {
        site = new Site(folder, FLAGS);
        server = site.serve(Map.of());
        worker = site.work("worker", Map.of());
    }

    /// @param what state, code of the cause, and counts of rows
    record Outcome(HostileCase hostile, String what, double seconds, long serverMb, long workerMb) {
        boolean isAsExpected() {
            return what.matches(hostile.expected())
                    && serverMb < MAX_RESIDENT_MB
                    && workerMb < MAX_RESIDENT_MB;
        }

        @Override
        public String toString() {
            return "%-5s  %-48s %6.1f s  %4d MB  %4d MB  %s"
                    .formatted(
                            isAsExpected() ? "good" : "WRONG",
                            hostile.name(),
                            seconds,
                            serverMb,
                            workerMb,
                            isAsExpected() ? what : what + ", not " + hostile.expected());
        }
    }

    static void main(String[] args) throws Exception {
        var percent = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        var words = args.length > 1 ? args[1] : "";
        var folder = Files.createTempDirectory("millrace-hostile-");
        var wrong = 0;
        System.out.printf("       %-48s   time    server   worker  end%n", "source");
        try (var hostile = new Hostile(folder)) {
            for (var one : HostileCase.all(percent)) {
                if (!one.name().contains(words)) {
                    continue;
                }
                var outcome = hostile.load(one);
                System.out.println(outcome);
                wrong += outcome.isAsExpected() ? 0 : 1;
            }
        }
        System.exit(wrong == 0 ? 0 : 1);
    }

    /// Talks to the server.
    ApiClient api() {
        return server.api();
    }

    /// Loads one of them to the job's end.
    Outcome load(HostileCase hostile) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        var api = server.api();
        var model = api.makeModel("hostile-" + begin, hostile.schema()).get("name").asText();
        var job = api.createJob(model, "");
        try {
            api.call(
                    "PUT",
                    "/api/v1/jobs/%s/source".formatted(job),
                    "text/csv",
                    BodyPublishers.ofInputStream(hostile.source()));
        } catch (IOException e) {
            // The server has refused it and closed the connection; the job says why.
        }
        var ended = api.awaitFinal(job, LIMIT);
        return new Outcome(
                hostile,
                what(ended),
                (System.nanoTime() - begin) / 1e9,
                peakMb(server.program()),
                peakMb(worker));
    }

    private static String what(JsonNode job) {
        var cause = job.at("/cause/code");
        return "%s%s written=%d rejected=%d"
                .formatted(
                        job.get("state").asText(),
                        cause.isTextual() ? " " + cause.asText() : "",
                        job.at("/rows/written").asLong(),
                        job.at("/rows/rejected").asLong());
    }

    /// The most memory that the process ever had, since the last time it was asked.
    private static long peakMb(Program program) throws IOException {
        var process = Path.of("/proc", String.valueOf(program.process().pid()));
        var line =
                Files.readAllLines(process.resolve("status")).stream()
                        .filter(l -> l.startsWith("VmHWM:"))
                        .findFirst()
                        .orElse("VmHWM: 0 kB")
                        .toLowerCase(Locale.ROOT);
        Files.writeString(process.resolve("clear_refs"), "5");
        return Long.parseLong(line.replaceAll("\\D", "")) / 1000;
    }

    @Override
    public void close() {
        site.close();
    }
}
