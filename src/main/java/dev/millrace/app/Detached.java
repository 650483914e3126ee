package dev.millrace.app;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs `up` in a process of its own that outlives the terminal, and shows what it prints until it
/// is ready.
final class Detached {
    private static final long LOOK_EVERY_MILLIS = 50;
    private static final long LIMIT_SECONDS = 120;

    private Detached() {}

    /// @return the exit code: 0 when it is ready, else its own
    static int up(DataFolder data, PrintStream out) throws InterruptedException {
        var printed = data.logs().resolve("up.out");
        try {
            var process = start(printed);
            try (var reader = new RandomAccessFile(printed.toFile(), "r")) {
                var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
                while (System.nanoTime() < end) {
                    var ready =
                            RunFile.find(data).filter(r -> r.pid() == process.pid()).isPresent();
                    var ended = process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                    copy(reader, out);
                    if (ready) {
                        return 0;
                    }
                    if (ended) {
                        return process.exitValue() == 0 ? 1 : process.exitValue();
                    }
                }
            }
            process.destroy();
            throw new MillraceException(
                    ErrorCode.ENGINE_FAILED,
                    "Millrace was not ready after %d seconds".formatted(LIMIT_SECONDS),
                    "The logs are in %s.".formatted(data.logs()),
                    null);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.ENGINE_FAILED, "Millrace could not be started: " + e, e);
        }
    }

    private static Process start(Path printed) throws IOException {
        var command = new ArrayList<String>();
        for (var shield : List.of("/usr/bin/setsid", "/usr/bin/nohup")) {
            if (Files.isExecutable(Path.of(shield))) {
                command.add(shield);
                break;
            }
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        Main.arguments().stream().filter(a -> !a.equals("--detach")).forEach(command::add);
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
    }

    private static void copy(RandomAccessFile from, PrintStream out) throws IOException {
        var bytes = new byte[8192];
        for (var n = from.read(bytes); n > 0; n = from.read(bytes)) {
            out.write(bytes, 0, n);
        }
        out.flush();
    }
}
