package dev.millrace.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A command of Millrace in a process of its own, as a user runs it. Closing it ends the process.
///
/// @param printed what it printed, standard output and error together
record Program(Process process, Path printed) implements AutoCloseable {

    /// For programs that live for seconds: a small heap, and no compiler that takes long.
    static final List<String> SMALL = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1");

    /// Starts a command.
    ///
    /// @param flags of its JVM
    /// @param environment added to this process's environment
    static Program start(
            Path folder,
            List<String> flags,
            Map<String, String> environment,
            List<String> arguments)
            throws IOException {
        return start(folder, List.of(), flags, environment, arguments);
    }

    /// The same, by another program.
    ///
    /// @param by that program and its arguments; it runs the command in its own place
    static Program start(
            Path folder,
            List<String> by,
            List<String> flags,
            Map<String, String> environment,
            List<String> arguments)
            throws IOException {
        var command = new ArrayList<>(by);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.millrace.app.Main"));
        command.addAll(arguments);
        var printed = Files.createTempFile(folder, arguments.getFirst() + "-", ".out");
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(printed.toFile());
        builder.environment().putAll(environment);
        var program = new Program(builder.start(), printed);
        program.endWithTests();
        return program;
    }

    /// Nothing survives the test run, however it ends: not even what is started while it ends.
    private void endWithTests() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        } catch (IllegalStateException alreadyEnding) {
            process.destroyForcibly();
            throw alreadyEnding;
        }
    }

    /// What it has printed so far.
    String output() throws IOException {
        return Files.readString(printed);
    }

    /// Waits until it has printed a line with a text, to the line's end: a line is printed in
    /// parts.
    ///
    /// @return all that it has printed
    String awaitLine(String text) throws IOException, InterruptedException {
        return awaitLineOrEnd(text)
                .orElseThrow(() -> new AssertionError("no '%s' in %s".formatted(text, printed)));
    }

    /// The same of a program that may end before.
    ///
    /// @return empty when it has
    Optional<String> awaitLineOrEnd(String text) throws IOException, InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        var line = Pattern.compile(Pattern.quote(text) + ".*\\R");
        while (!line.matcher(output()).find()) {
            if (!process.isAlive()) {
                return Optional.of(output()).filter(o -> line.matcher(o).find());
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no '%s' in:%n%s".formatted(text, output()));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        return Optional.of(output());
    }

    /// Waits for its end.
    ///
    /// @return its exit code
    int awaitExit() throws IOException, InterruptedException {
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            throw new AssertionError("still running:%n%s".formatted(output()));
        }
        return process.exitValue();
    }

    /// Stops it where it stands, until [#thaw].
    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /// Lets it go on as if nothing had been.
    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    /// Tells it to end, as Ctrl-C does to who looks for it: a JVM runs the same hooks for either.
    void interrupt() throws IOException, InterruptedException {
        signal("-TERM");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
    }

    /// Ends it as `kill -9` does.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
