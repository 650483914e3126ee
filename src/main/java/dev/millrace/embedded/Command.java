package dev.millrace.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Command lines of engines.
final class Command {
    /// A terminal's Ctrl-C and hang-up go to all processes in its foreground. Engines ignore them
    /// (a JVM leaves a signal ignored that was ignored when it began): Millrace stops them.
    private static final List<String> DEAF_TO_THE_TERMINAL =
            List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "millrace-engine");

    private Command() {}

    /// A small JVM on this one's installation.
    static List<String> java(int heapMegabytes, List<String> flags, String classPath) {
        var words = new ArrayList<>(DEAF_TO_THE_TERMINAL);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-Xmx" + heapMegabytes + "m");
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        words.addAll(flags);
        words.addAll(List.of("-cp", classPath));
        return words;
    }

    /// Starts a process whose standard input stays open until we close it or die.
    static Process start(List<String> words, EngineLog log) throws IOException {
        var builder =
                new ProcessBuilder(words)
                        .directory(
                                log.folder().toFile()) // where a JVM that crashes leaves its report
                        .redirectErrorStream(true);
        builder.environment().put("TZ", "UTC");
        var process = builder.start();
        log.follow(process);
        return process;
    }

    /// Runs one to its end.
    ///
    /// @throws IOException when it fails or takes longer than the limit
    static void run(List<String> words, String input, EngineLog log, Duration limit)
            throws IOException {
        var process = start(words, log);
        try {
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("%s took longer than %s".formatted(words, limit));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "%s ended with %d".formatted(words.getLast(), process.exitValue()));
        }
    }
}
