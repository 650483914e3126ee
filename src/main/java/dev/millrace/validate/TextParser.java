package dev.millrace.validate;

import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// String: any valid UTF-8, NUL included, exactly as it stands.
///
/// A text is written behind those before it and counts once it is kept, so a row that turns out bad
/// needs no undoing. They stand in chunks, one run of the column each, so that however much longer
/// they are than was guessed, none is copied to make room.
final class TextParser extends ColumnParser {
    private static final byte[] NONE = new byte[0];
    private static final int MAX_LENGTH_BYTES = 5;

    /// With the array's header a megabyte, which is a region of the heap: nothing of it is wasted,
    /// and the collector does not move it.
    private static final int CHUNK_BYTES = (1 << 20) - 16;

    private static final double SLACK = 1.05;

    private final List<ColumnData.Run> full = new ArrayList<>();
    private byte[] values = NONE;
    private int kept;
    private int written;

    private final double share;

    TextParser(ColumnType type, double share) {
        super(type);
        this.share = share;
    }

    @Override
    void rewind() {
        written = kept;
    }

    @Override
    void keep() {
        kept = written;
    }

    @Override
    boolean parseAll(RecordBlock block, int first, int row) {
        for (var i = 0; i < block.records; i++) {
            var place = first + i;
            if (parse(block.bytes, block.starts[place], block.ends[place], row + i) != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var length = end - start;
        var at = written;
        if (values.length - at < length + MAX_LENGTH_BYTES) {
            makeRoom(length);
            at = written;
        }
        var target = values;
        var rest = length;
        while (rest >= 0x80) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        written = at + length;
        var valid = copy(bytes, start, end, target, at) || Utf8.isValid(bytes, start, end);
        return valid ? null : RejectionCode.INVALID_ENCODING;
    }

    /// Copies eight bytes at a time and tells whether all were ASCII.
    private static boolean copy(byte[] bytes, int start, int end, byte[] target, int at) {
        var seen = 0L;
        var from = start;
        var to = at;
        for (; from <= end - Long.BYTES; from += Long.BYTES, to += Long.BYTES) {
            var eight = LittleEndian.getLong(bytes, from);
            LittleEndian.putLong(target, to, eight);
            seen |= eight;
        }
        for (; from < end; from++, to++) {
            var one = bytes[from];
            target[to] = one;
            seen |= one;
        }
        return (seen & Utf8.NOT_ASCII) == 0;
    }

    /// Begins a chunk with what is not kept yet.
    private void makeRoom(int length) {
        var open = written - kept;
        var needed = Math.addExact(open, length + MAX_LENGTH_BYTES);
        // Of an array of many texts nothing is kept before its last one.
        var roomy = Math.addExact(needed, open);
        var chunk = new byte[Math.max(roomy, (int) Math.min(2L * values.length, CHUNK_BYTES))];
        System.arraycopy(values, kept, chunk, 0, open);
        if (kept > 0) {
            full.add(new ColumnData.Run(values, kept));
        }
        values = chunk;
        kept = 0;
        written = open;
    }

    @Override
    void putZero(int row) {
        if (written == values.length) {
            makeRoom(0);
        }
        values[written++] = 0;
    }

    /// Guesses that all fields are of one length.
    @Override
    void allocate(int rows, int splitBytes) {
        full.clear();
        kept = 0;
        written = 0;
        var guess = splitBytes * share * SLACK + MAX_LENGTH_BYTES;
        values = new byte[(int) Math.min(guess, CHUNK_BYTES)];
    }

    @Override
    void reallocate(int rows) {
        // Texts take room as they come.
    }

    @Override
    void addValues(int rows, List<ColumnData.Run> runs) {
        runs.addAll(full);
        runs.add(new ColumnData.Run(values, kept));
    }

    @Override
    void release() {
        full.clear();
        values = NONE;
    }
}
