package dev.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// What one run of `curl` gave.
///
/// @param body of the answer
/// @param peakBytes the most memory that was seen of it
record Curl(String body, long peakBytes) {
    private static final int LOOK_MILLIS = 20;

    /// Sends a statement.
    static Curl statement(String url, String statement) throws IOException, InterruptedException {
        return run(List.of("--data-binary", statement, url));
    }

    /// Sends a statement, and writes the answer to a file.
    static void answer(String url, String statement, Path file)
            throws IOException, InterruptedException {
        run(List.of("--data-binary", statement, "-o", file.toString(), url));
    }

    /// Streams a file. It does not wait to be asked for it: that would cost a turn, or a second
    /// where nobody asks.
    static Curl file(String url, Path file, String... headers)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("-X", "POST", "-T", file.toString(), "-H", "Expect:"));
        for (var header : headers) {
            words.add("-H");
            words.add(header);
        }
        words.add(url);
        return run(words);
    }

    private static Curl run(List<String> words) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("curl", "-sS", "--fail-with-body"));
        all.addAll(words);
        var process = new ProcessBuilder(all).redirectErrorStream(true).start();
        var peak = new AtomicLong();
        var watch = Thread.ofVirtual().start(() -> watch(process, peak));
        var body = new String(process.getInputStream().readAllBytes(), UTF_8);
        var code = process.waitFor();
        watch.join();
        if (code != 0) {
            throw new IOException("curl ended with %d: %s".formatted(code, body));
        }
        return new Curl(body, peak.get());
    }

    private static void watch(Process process, AtomicLong peak) {
        try {
            do {
                peak.accumulateAndGet(Processes.peakBytes(process.pid()), Math::max);
            } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
