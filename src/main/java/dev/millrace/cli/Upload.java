package dev.millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;

/// A file, or standard input, on its way to the server.
///
/// @param name what to call it in messages
/// @param bytes its length, or -1 when nobody knows
/// @param progress hears how it goes, often
record Upload(String name, InputStream in, long bytes, Progress progress) implements AutoCloseable {
    /// Hears how many bytes were sent, of how many in all, which is -1 when nobody knows.
    interface Progress {
        void sent(long bytes, long total);
    }

    /// @param file a path, or `-` for standard input
    /// @throws Failure when it cannot be read
    static Upload open(String file, Terminal terminal, Progress progress) {
        if (file.equals("-")) {
            return new Upload("standard input", terminal.in(), -1, progress);
        }
        var path = LocalFile.of(file);
        try {
            long bytes = Files.isRegularFile(path) ? Files.size(path) : -1;
            return new Upload(file, Files.newInputStream(path), bytes, progress);
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
    }

    /// @throws IOException when it cannot be written
    /// @throws Failure when it cannot be read, or has another length than it had
    void copyTo(OutputStream out, byte[] buffer) throws IOException {
        long sent = 0;
        for (int n = read(buffer); n >= 0; n = read(buffer)) {
            sent += n;
            if (bytes >= 0 && sent > bytes) {
                throw changed();
            }
            out.write(buffer, 0, n);
            progress.sent(sent, bytes);
        }
        if (sent < bytes) {
            throw changed();
        }
    }

    private int read(byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw LocalFile.unreadable(name, e);
        }
    }

    private Failure changed() {
        return new Failure(
                "%s changed while it was read: it had %d bytes".formatted(name, bytes),
                "Load it again once nobody writes it any more.");
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw LocalFile.unreadable(name, e);
        }
    }
}
