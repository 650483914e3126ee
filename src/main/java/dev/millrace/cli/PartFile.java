package dev.millrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A file that has its name only once it is whole and on the disk, where it is brought bit by bit
/// while it is written. For one thread, but for [#remove].
final class PartFile implements AutoCloseable {
    /// How much may be written before the disk is asked to take it.
    private static final long BEHIND_BYTES = 32L << 20;

    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private final Semaphore written = new Semaphore(0);
    private final Thread disk;
    private volatile boolean over;
    private volatile @Nullable IOException failed;

    PartFile(Path file) throws IOException {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.channel =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        this.disk = Thread.ofPlatform().daemon().name("disk").start(this::writeBehind);
    }

    /// A disk that was idle until the end would have it all to do then. That it failed is told
    /// once, to who asked first.
    private void writeBehind() {
        try {
            while (true) {
                written.acquireUninterruptibly();
                written.drainPermits();
                if (over) {
                    return;
                }
                channel.force(false);
            }
        } catch (IOException e) {
            failed = e;
        }
    }

    private void endWriteBehind() {
        over = true;
        written.release();
        try {
            disk.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    OutputStream out() {
        return new OutputStream() {
            private long behind;

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                for (var left = ByteBuffer.wrap(bytes, from, count); left.hasRemaining(); ) {
                    channel.write(left);
                }
                behind += count;
                if (behind >= BEHIND_BYTES) {
                    behind = 0;
                    written.release();
                }
            }
        };
    }

    /// Gives it its name, in place of a file that has it.
    void keep() throws IOException {
        endWriteBehind();
        if (failed != null) {
            throw failed;
        }
        channel.force(true);
        channel.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) {
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
        endWriteBehind();
        channel.close();
        remove();
    }
}
