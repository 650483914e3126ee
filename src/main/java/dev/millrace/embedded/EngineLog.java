package dev.millrace.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file that takes what an engine prints. At 10 MiB it becomes the `.1` of its name and a new
/// one begins, so that an engine never keeps more than 20 MiB of log. Thread-safe.
final class EngineLog {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLog.class);
    private static final int MAX_BYTES = 10 << 20;

    private final Path file;

    EngineLog(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(folder());
    }

    Path file() {
        return file;
    }

    /// Where it lies, with what else the engine leaves to read.
    Path folder() {
        return file.resolveSibling("").toAbsolutePath();
    }

    /// Copies a process's output into the file until it ends, on a thread of its own.
    void follow(Process process) {
        Thread.ofVirtual()
                .name("log-" + file.getFileName())
                .start(() -> {
                    try (var in = process.getInputStream()) {
                        copy(in);
                    } catch (IOException e) {
                        LOG.debug("log ended file={}", file, e);
                    }
                });
    }

    private void copy(InputStream in) throws IOException {
        var buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            append(buffer, n);
        }
    }

    /// A full disk must not stop the engine that prints: its output is read on, and lost.
    private synchronized void append(byte[] buffer, int length) {
        try {
            if (Files.exists(file) && Files.size(file) > MAX_BYTES) {
                Files.move(
                        file,
                        file.resolveSibling(file.getFileName() + ".1"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            try (OutputStream out =
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            LOG.warn("log lost file={} cause={}", file, e.toString());
        }
    }

    /// The last lines, for a message; empty when there are none.
    synchronized String tail() {
        try {
            var lines =
                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
            return lines.stream()
                    .skip(Math.max(0, lines.size() - 5))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "";
        }
    }
}
