package dev.millrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file that has its name only once it is whole, and on the disk if that is wished for. For one
/// thread, but for [#remove].
final class PartFile implements AutoCloseable {
    private final Path file;
    private final Path part;
    private final boolean fsync;
    private final FileChannel channel;

    PartFile(Path file, boolean fsync) throws IOException {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.fsync = fsync;
        this.channel =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
    }

    OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                for (var left = ByteBuffer.wrap(bytes, from, count); left.hasRemaining(); ) {
                    channel.write(left);
                }
            }
        };
    }

    /// Gives it its name, in place of a file that has it.
    void keep() throws IOException {
        if (fsync) {
            channel.force(true);
        }
        channel.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        var folder = file.toAbsolutePath().getParent();
        if (fsync && folder != null) {
            try (var entry = FileChannel.open(folder, StandardOpenOption.READ)) {
                entry.force(true);
            }
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
