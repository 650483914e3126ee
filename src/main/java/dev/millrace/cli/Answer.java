package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// An answer of any length, copied as it arrives, in constant memory. For one thread.
final class Answer implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int EDGE_BYTES = 64;

    private final Api api;
    private final HttpURLConnection connection;
    private final InputStream in;

    /// @param connection one that was answered well
    Answer(Api api, HttpURLConnection connection) throws IOException {
        this.api = api;
        this.connection = connection;
        this.in = connection.getInputStream();
    }

    /// A number in a header; 0 when it is not there.
    long number(String header) {
        return connection.getHeaderFieldLong(header, 0);
    }

    /// Reads it as JSON, all at once.
    ///
    /// @throws Failure when the answer breaks off
    JsonNode json() {
        try {
            return Json.read(in.readAllBytes());
        } catch (IOException e) {
            throw api.broken(e);
        }
    }

    /// Prints it; stops when nobody reads any more, as behind `| head`.
    void copyTo(Terminal terminal) {
        var buffer = new byte[BUFFER_BYTES];
        for (int n = read(buffer); n >= 0; n = read(buffer)) {
            terminal.out().write(buffer, 0, n);
            if (terminal.out().checkError()) {
                return;
            }
        }
        terminal.out().flush();
    }

    /// Writes it to a file, which has its name only once it is whole.
    ///
    /// @throws Failure when the file cannot be written, or the answer breaks off
    void copyTo(String file) {
        var path = Path.of(file);
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                copy(path); // a pipe, or a device such as /dev/null
            } else {
                copyWhole(path);
            }
        } catch (IOException e) {
            throw new Failure("Could not write '%s': %s".formatted(file, e.getMessage()), null, e);
        }
    }

    private void copyWhole(Path path) throws IOException {
        var part = path.resolveSibling(path.getFileName() + ".part");
        try {
            copy(part);
            Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void copy(Path path) throws IOException {
        try (OutputStream out = Files.newOutputStream(path)) {
            var buffer = new byte[BUFFER_BYTES];
            for (int n = read(buffer); n >= 0; n = read(buffer)) {
                out.write(buffer, 0, n);
            }
        }
    }

    /// The next bytes, or -1 at the end. An answer in chunks gives few at the edge of each, which
    /// are read together with what is behind them. Nobody is asked how many there are: the JDK
    /// would make room for all of them each time.
    ///
    /// @throws Failure when the answer breaks off
    int read(byte[] buffer) {
        try {
            var count = in.read(buffer);
            if (count <= 0 || count >= EDGE_BYTES || count == buffer.length) {
                return count;
            }
            return count + Math.max(0, in.read(buffer, count, buffer.length - count));
        } catch (IOException e) {
            throw api.broken(e);
        }
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
