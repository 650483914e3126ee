package dev.millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A file, what is at an address, or standard input, on its way to the server. For one thread.
final class Upload implements AutoCloseable {
    /// Hears how many bytes were sent, of how many in all, which is -1 when nobody knows.
    interface Progress {
        void sent(long bytes, long total);
    }

    private final String name;
    private final Progress progress;
    private final @Nullable Path file;
    private final long bytes;
    private final @Nullable FileTime changedAt;
    private InputStream in;
    private long position;

    private Upload(String name, InputStream in, Progress progress) {
        this.name = name;
        this.in = in;
        this.progress = progress;
        this.file = null;
        this.bytes = -1;
        this.changedAt = null;
    }

    private Upload(String name, WebStream in, Progress progress) {
        this.name = name;
        this.in = in;
        this.progress = progress;
        this.file = null;
        this.bytes = in.bytes();
        this.changedAt = null;
    }

    private Upload(String name, Path file, Progress progress) throws IOException {
        this.name = name;
        this.file = file;
        this.progress = progress;
        this.bytes = Files.size(file);
        this.changedAt = Files.getLastModifiedTime(file);
        this.in = Files.newInputStream(file);
    }

    /// @param file a path, an address, or `-` for standard input
    /// @throws Failure when it cannot be read
    static Upload open(String file, Terminal terminal, Progress progress) {
        if (file.equals("-")) {
            return new Upload("standard input", terminal.in(), progress);
        }
        if (WebAddress.isOne(file)) {
            return new Upload(file, WebStream.open(WebAddress.of(file)), progress);
        }
        var path = LocalFile.of(file);
        try {
            return Files.isRegularFile(path)
                    ? new Upload(file, path, progress)
                    : new Upload(file, Files.newInputStream(path), progress);
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
    }

    /// What is being read already.
    static Upload of(String name, InputStream in, Progress progress) {
        return new Upload(name, in, progress);
    }

    /// What to call it in messages.
    String name() {
        return name;
    }

    /// How many bytes are still to be sent, or -1 when nobody knows.
    long bytesLeft() {
        return bytes < 0 ? -1 : bytes - position;
    }

    /// Whether it can be sent again from any byte: a file can, and what is at an address, standard
    /// input or a pipe cannot.
    boolean isResumable() {
        return file != null || in instanceof WebStream;
    }

    /// Makes what is sent next begin at a byte.
    ///
    /// @return SHA-256 of the bytes before it, in hex
    /// @throws Failure when the file cannot be read, or is not what it was when it was opened
    String goOnAt(long offset) {
        if (in instanceof WebStream web) {
            return goOnAt(offset, web);
        }
        var from = file;
        if (from == null) {
            throw new IllegalStateException(name + " cannot be sent again");
        }
        try {
            in.close();
            if (Files.size(from) != bytes
                    || offset > bytes
                    || !Files.getLastModifiedTime(from).equals(changedAt)) {
                throw changed();
            }
            in = Files.newInputStream(from);
            position = offset;
            return hashed(offset);
        } catch (IOException e) {
            throw LocalFile.unreadable(name, e);
        }
    }

    /// What comes before the offset is fetched once more: its hash is wanted.
    private String goOnAt(long offset, WebStream web) {
        try {
            in = web.again();
            position = offset;
            return hashed(offset);
        } catch (IOException e) {
            throw LocalFile.unreadable(name, e);
        }
    }

    private String hashed(long count) throws IOException {
        var digest = Sha256.begin();
        var buffer = new byte[1 << 18];
        for (long left = count; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw changed();
            }
            digest.update(buffer, 0, n);
            left -= n;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// @throws IOException when it cannot be written
    /// @throws Failure when it cannot be read, or has another length than it had
    void copyTo(OutputStream out, byte[] buffer) throws IOException {
        for (int n = read(buffer); n >= 0; n = read(buffer)) {
            position += n;
            if (bytes >= 0 && position > bytes) {
                throw changed();
            }
            out.write(buffer, 0, n);
            progress.sent(position, bytes);
        }
        if (position < bytes) {
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
                "%s changed while it was read%s"
                        .formatted(name, bytes < 0 ? "" : ": it had %d bytes".formatted(bytes)),
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
