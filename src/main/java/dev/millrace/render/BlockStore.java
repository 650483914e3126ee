package dev.millrace.render;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The bytes of one block at a time: in memory as long as they are as few as most blocks have and
/// there is memory for them, in a temporary file otherwise, since a block has as many rows as the
/// server likes, and rows have any length. Not thread-safe.
final class BlockStore implements AutoCloseable {
    /// Behind the last byte, so that whole words can be read there.
    static final int SLACK_BYTES = 8;

    /// Of no bytes.
    static final BlockStore NONE = new BlockStore(0);

    private static final int FIRST_BYTES = 1 << 20;

    private final int memory;
    private final BlockMemory ofAll;
    private byte[] bytes = new byte[SLACK_BYTES];
    private int filled;
    private long filed;
    private @Nullable FileChannel file;

    /// @param memory how many bytes of a block stand in memory at most
    BlockStore(int memory) {
        this(memory, BlockMemory.OF_ALL);
    }

    /// @param ofAll what it shares with others
    BlockStore(int memory, BlockMemory ofAll) {
        this.memory = memory;
        this.ofAll = ofAll;
    }

    void append(byte[] some, int from, int count) {
        if (filed > 0 || filled + (long) count > memory || !hasRoom(filled + count)) {
            toFile(ByteBuffer.wrap(bytes, 0, filled));
            filled = 0;
            toFile(ByteBuffer.wrap(some, from, count));
            return;
        }
        System.arraycopy(some, from, bytes, filled, count);
        filled += count;
    }

    /// Makes it, if there is none yet and there can be.
    private boolean hasRoom(int wanted) {
        var room = room();
        if (wanted <= room) {
            return true;
        }
        var more = (int) Math.min(memory, Math.max(wanted, Math.max(FIRST_BYTES, 2L * room)));
        if (!ofAll.take(more - room)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, more + SLACK_BYTES);
        return true;
    }

    private int room() {
        return bytes.length - SLACK_BYTES;
    }

    private void toFile(ByteBuffer some) {
        try {
            var to = file;
            if (to == null) {
                to = open();
                file = to;
            }
            while (some.hasRemaining()) {
                filed += to.write(some, filed);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Nobody else finds it: it loses its name at once, or with its channel.
    private static FileChannel open() throws IOException {
        Path path = Files.createTempFile("millrace-export-", ".block");
        return FileChannel.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    private MillraceException failed(IOException e) {
        return new MillraceException(
                ErrorCode.DISK_FULL,
                "A block of the query's answer has more bytes than there is memory for (%,d at most), and could not be kept in the folder '%s' meanwhile: %s"
                        .formatted(memory, System.getProperty("java.io.tmpdir"), e.getMessage()),
                "Make room there on the machine of the server, or ask for fewer rows a block: SETTINGS max_block_size = 1000 in the query.",
                e);
    }

    long size() {
        return filed + filled;
    }

    boolean isInMemory() {
        return filed == 0;
    }

    /// Those of a block in memory, which moves with the next [#append].
    byte[] bytes() {
        return bytes;
    }

    /// Of a block in the file.
    ///
    /// @return how many bytes were read, -1 when none are left
    int read(long from, ByteBuffer into) {
        try {
            return file == null || from >= filed
                    ? -1
                    : (int) Math.min(file.read(into, from), filed - from);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Forgets the block.
    void clear() {
        filled = 0;
        filed = 0;
    }

    @Override
    public void close() {
        ofAll.giveBack(room());
        bytes = new byte[SLACK_BYTES];
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
