package dev.millrace.convert;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rows of an Avro object container file, block by block as it arrives. Not thread-safe.
final class AvroRows extends RowByRow {
    /// The largest block, packed and unpacked. Writers make them of 16 KiB to a few MiB.
    private static final int MAX_BLOCK_BYTES = 64 << 20;

    private static final int MAX_HEADER_BYTES = 16 << 20;
    private static final int SYNC_BYTES = 16;

    /// Of rows that take no byte, a block can have any number: no more than these are believed.
    private static final long MAX_EMPTY_ROWS = 1 << 24;

    private static final byte[] MAGIC = {'O', 'b', 'j', 1};

    private final InputStream in;
    private final AvroSchema.Fields fields;
    private final AvroUnpacker unpacker;
    private final byte[] sync;
    private final AvroBlock block = new AvroBlock();
    private byte[] packed = new byte[0];
    private long rowsLeft;
    private long emptyRows;
    private long blocks;

    private AvroRows(InputStream in) throws IOException {
        this.in = in;
        if (!Arrays.equals(take(MAGIC.length), MAGIC)) {
            throw Trouble.damaged("The Avro source does not begin as Avro's files do");
        }
        var header = header();
        sync = take(SYNC_BYTES);
        var schema = header.get("avro.schema");
        if (schema == null) {
            throw Trouble.damaged("The Avro source has no schema");
        }
        var codec = header.getOrDefault("avro.codec", "null".getBytes(StandardCharsets.US_ASCII));
        unpacker = new AvroUnpacker(new String(codec, StandardCharsets.UTF_8), MAX_BLOCK_BYTES);
        fields = AvroSchema.read(schema);
    }

    static AvroRows open(InputStream in) throws IOException {
        var isOpen = false;
        try {
            var rows = new AvroRows(in);
            isOpen = true;
            return rows;
        } finally {
            if (!isOpen) {
                in.close();
            }
        }
    }

    @Override
    public List<String> columns() {
        return fields.names();
    }

    @Override
    Found read(List<ColumnValues> into) throws IOException {
        while (rowsLeft == 0) {
            if (block.left() > 0) {
                throw new IOException(
                        "it has %,d bytes behind its last row".formatted(block.left()));
            }
            if (!nextBlock()) {
                return Found.NOTHING;
            }
        }
        rowsLeft--;
        var before = block.left();
        fields.record().writeRow(block, into);
        if (block.left() == before && ++emptyRows > MAX_EMPTY_ROWS) {
            throw Trouble.unsupported(
                    "The Avro source has more than %,d rows that take no byte"
                            .formatted(MAX_EMPTY_ROWS),
                    "Write it with a column that is not always null.");
        }
        return Found.ROW;
    }

    @Override
    public String where() {
        return "block %d".formatted(blocks);
    }

    private Map<String, byte[]> header() throws IOException {
        var entries = new TreeMap<String, byte[]>();
        var left = MAX_HEADER_BYTES;
        for (var count = takeLong(); count != 0; count = takeLong()) {
            if (count < 0) {
                takeLong(); // how many bytes these entries have
            }
            for (var i = 0L; i < Math.abs(count); i++) {
                var name = take(length(left));
                left -= name.length + 1;
                var value = take(length(left));
                left -= value.length + 1;
                entries.put(new String(name, StandardCharsets.UTF_8), value);
            }
        }
        return entries;
    }

    private int length(int most) throws IOException {
        var length = takeLong();
        if (length < 0 || length > most) {
            throw new IOException("its header has an entry of %,d bytes".formatted(length));
        }
        return (int) length;
    }

    private boolean nextBlock() throws IOException {
        var first = in.read();
        if (first < 0) {
            return false;
        }
        blocks++;
        rowsLeft = takeLong((byte) first);
        var size = takeLong();
        if (rowsLeft < 0 || size < 0) {
            throw new IOException("%,d rows in %,d bytes".formatted(rowsLeft, size));
        }
        if (size > MAX_BLOCK_BYTES) {
            throw Trouble.unsupported(
                    "The Avro source has a block of %,d bytes; Millrace reads up to %,d"
                            .formatted(size, MAX_BLOCK_BYTES),
                    "Write it with smaller blocks.");
        }
        packed = take((int) size, packed);
        if (!Arrays.equals(take(SYNC_BYTES), sync)) {
            throw new IOException("it does not end with the file's marker");
        }
        var length = unpacker.unpack(packed, (int) size);
        block.open(unpacker.content(), length);
        return true;
    }

    private long takeLong() throws IOException {
        return takeLong(takeByte());
    }

    private long takeLong(byte first) throws IOException {
        var b = first;
        var value = b & 0x7FL;
        for (var shift = 7; b < 0; shift += 7) {
            if (shift >= Long.SIZE) {
                throw new IOException("a number of more than ten bytes");
            }
            b = takeByte();
            value |= (b & 0x7FL) << shift;
        }
        return (value >>> 1) ^ -(value & 1);
    }

    private byte takeByte() throws IOException {
        var b = in.read();
        if (b < 0) {
            throw cutShort();
        }
        return (byte) b;
    }

    private byte[] take(int length) throws IOException {
        return take(length, null);
    }

    /// @param into what to read into, if it is large enough
    /// @return what was read; a longer array when it is `into`
    private byte[] take(int length, byte @Nullable [] into) throws IOException {
        if (into != null && into.length >= length) {
            if (in.readNBytes(into, 0, length) < length) {
                throw cutShort();
            }
            return into;
        }
        // Grows with what arrives: who says much and sends little takes no memory.
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw cutShort();
        }
        return bytes;
    }

    private static IOException cutShort() {
        return new EOFException("it ends in the middle: it was cut short");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
