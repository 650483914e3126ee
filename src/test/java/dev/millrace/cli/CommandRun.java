package dev.millrace.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/// Runs command lines against a server with prepared answers, and keeps what they print.
final class CommandRun implements AutoCloseable {
    final AnsweringServer server = new AnsweringServer();
    final Map<String, String> environment = new HashMap<>();
    final Path folder;
    boolean live;
    InputStream in = InputStream.nullInputStream();

    /// What a command ended with, and printed.
    record Ran(int code, String out, String err) {}

    /// @param folder an empty one, also the data folder
    CommandRun(Path folder) {
        this.folder = folder;
    }

    Ran run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        environment.putIfAbsent("MILLRACE_URL", server.url());
        environment.putIfAbsent("MILLRACE_DATA", folder.toString());
        var terminal = new Terminal(in, print(out), print(err), live, environment);
        int code =
                Millrace.commandLine(
                                terminal,
                                List.of(arguments),
                                new Commands().with("extra", Extra::new))
                        .execute(arguments);
        return new Ran(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// Writes a file into the folder, and gives its path.
    String file(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @CommandLine.Command
    private static final class Extra implements Callable<Integer> {
        @Override
        public Integer call() {
            return 7;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
