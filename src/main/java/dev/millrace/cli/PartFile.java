package dev.millrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/// A file that has its name only once it is whole, and on the disk if that is wished for. One
/// command at a time writes it. For one thread, but for [#remove].
final class PartFile implements AutoCloseable {
    private static final int SECRET_BYTES = 32;

    private final Path file;
    private final Path part;
    private final boolean replace;
    private final boolean fsync;
    private final FileChannel channel;

    /// @param replace whether it takes the place of a file that has its name
    /// @throws Failure when another command has it
    PartFile(Path file, boolean replace, boolean fsync) throws IOException {
        this.file = file;
        this.replace = replace;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.fsync = fsync;
        this.channel =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        if (isTaken()) {
            channel.close();
            throw new Failure(
                    "Another command is writing '%s' already".formatted(part),
                    "Wait for its end, or choose another name.");
        }
        channel.truncate(0);
    }

    /// Whether another process has it locked; where a file system knows no locks, nobody can tell.
    private boolean isTaken() {
        try {
            return channel.tryLock() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /// Puts the SHA-256 of a new secret into it. Whoever tells the secret to a server shows that
    /// the file is theirs, so that the server may write it.
    ///
    /// @return the secret
    String seal() throws IOException {
        var random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        var secret = HexFormat.of().formatHex(random);
        write(ByteBuffer.wrap(HexFormat.of().formatHex(sha256(secret)).getBytes(UTF_8)));
        return secret;
    }

    private static byte[] sha256(String text) {
        return Sha256.begin().digest(text.getBytes(UTF_8));
    }

    /// As it was made.
    void clear() throws IOException {
        channel.truncate(0);
    }

    /// Where it is, before it has its name.
    Path path() {
        return part.toAbsolutePath();
    }

    long size() throws IOException {
        return channel.size();
    }

    private void write(ByteBuffer left) throws IOException {
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                PartFile.this.write(ByteBuffer.wrap(bytes, from, count));
            }
        };
    }

    /// @throws Failure when there is a file of this name
    static void requireFree(Path file) {
        if (Files.exists(file)) {
            throw taken(file);
        }
    }

    private static Failure taken(Path file) {
        return new Failure(
                "There is a file '%s' already".formatted(file),
                "Choose another name, or replace it with --force.");
    }

    /// Gives it its name.
    ///
    /// @throws Failure when another file has got it meanwhile
    void keep() throws IOException {
        if (fsync) {
            channel.force(true);
        }
        channel.close();
        if (replace) {
            Files.move(
                    part,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } else {
            move();
        }
        var folder = file.toAbsolutePath().getParent();
        if (fsync && folder != null) {
            try (var entry = FileChannel.open(folder, StandardOpenOption.READ)) {
                entry.force(true);
            }
        }
    }

    private void move() throws IOException {
        try {
            Files.move(part, file);
        } catch (FileAlreadyExistsException e) {
            throw taken(file);
        }
    }

    /// Removes what has not got its name.
    void remove() {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new Failure("Could not remove '%s': %s".formatted(part, e), null, e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        remove();
    }
}
