package dev.millrace.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes new files that are on the disk once they are written. Large ones go there past the
/// system's cache where the file system can (`O_DIRECT`): they have to reach the disk anyway, and
/// by way of the cache a write takes two to three times the processor time. Thread-safe.
final class DurableFiles {
    private static final Logger LOG = LoggerFactory.getLogger(DurableFiles.class);

    /// The JDK copies a heap buffer through a direct one of the same size and keeps that for the
    /// thread; so files are written in pieces of this many bytes. Past the cache, smaller ones wait
    /// longer for the disk.
    private static final int PIECE_BYTES = 1 << 20;

    /// What is smaller gains nothing.
    private static final int LARGE_BYTES = 4 * PIECE_BYTES;

    /// Most disks write blocks of 512 bytes or of these.
    private static final long LEAST_BLOCK = 4096;

    /// How a file is opened past the cache, or null where that cannot be.
    private final @Nullable OpenOption direct;

    /// What position, length and address of a write past the cache are multiples of.
    private final long block;

    private DurableFiles(@Nullable OpenOption direct, long block) {
        this.direct = direct;
        this.block = block;
    }

    /// Finds out what the disk of a folder can.
    static DurableFiles in(PartFiles parts) throws IOException {
        var block = Math.max(LEAST_BLOCK, parts.blockBytes());
        if (PIECE_BYTES % block != 0) {
            LOG.info("store cache=used reason=blocks of {} bytes", block);
            return new DurableFiles(null, block);
        }
        var file = parts.next();
        try {
            var direct = direct();
            writeBlocks(file, ByteBuffer.allocate((int) block), direct, block);
            return new DurableFiles(direct, block);
        } catch (IOException | ReflectiveOperationException | UnsupportedOperationException e) {
            LOG.info("store cache=used reason={}", e.toString());
            return new DurableFiles(null, block);
        } finally {
            parts.discard(file);
        }
    }

    /// The compiler takes the JDK's name of it for one that is not to be used, and says so.
    private static OpenOption direct() throws ReflectiveOperationException {
        var options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
        return (OpenOption) options.getField("DIRECT").get(null);
    }

    /// Takes the bytes between the buffer's position and limit, both of which stay as they are.
    void write(Path file, ByteBuffer bytes) throws IOException {
        var content = bytes.duplicate();
        var past = content.remaining() < LARGE_BYTES ? null : direct;
        if (past != null) {
            writeBlocks(file, content, past, block);
        }
        try (var channel = open(file, past != null)) {
            while (content.hasRemaining()) {
                var piece = piece(content, PIECE_BYTES);
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
            channel.force(true);
        }
    }

    private static FileChannel open(Path file, boolean isThere) throws IOException {
        return FileChannel.open(
                file,
                isThere ? StandardOpenOption.APPEND : StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
    }

    /// Writes all but what does not fill a block at the end.
    private static void writeBlocks(
            Path file, ByteBuffer content, OpenOption direct, long blockBytes) throws IOException {
        try (var arena = Arena.ofConfined();
                var channel =
                        FileChannel.open(
                                file,
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.WRITE,
                                direct)) {
            var blocks = arena.allocate(PIECE_BYTES, blockBytes).asByteBuffer();
            while (content.remaining() >= blockBytes) {
                var some = Math.min(PIECE_BYTES, content.remaining());
                blocks.clear().put(piece(content, (int) (some - some % blockBytes))).flip();
                while (blocks.hasRemaining()) {
                    channel.write(blocks);
                }
            }
        }
    }

    /// The next bytes, which are passed over.
    private static ByteBuffer piece(ByteBuffer content, int most) {
        var count = Math.min(most, content.remaining());
        var piece = content.slice(content.position(), count);
        content.position(content.position() + count);
        return piece;
    }
}
