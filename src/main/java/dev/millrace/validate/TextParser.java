package dev.millrace.validate;

import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// String: any valid UTF-8, NUL included, exactly as it stands.
///
/// A text is written behind those before it and counts once it is kept, so a row that turns out bad
/// needs no undoing.
final class TextParser extends ColumnParser {
    private static final byte[] NONE = new byte[0];
    private static final int MAX_LENGTH_BYTES = 5;

    /// What a Java array can hold; a split is far smaller.
    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 16;

    private static final double SLACK = 1.05;

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
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var length = end - start;
        var at = written;
        if (values.length - at < length + MAX_LENGTH_BYTES) {
            makeRoom(length);
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

    private void makeRoom(int length) {
        var needed = (long) written + length + MAX_LENGTH_BYTES;
        var doubled = Math.min(2L * values.length, MAX_ARRAY_BYTES);
        values = Arrays.copyOf(values, Math.toIntExact(Math.max(needed, doubled)));
    }

    @Override
    void putZero(int row) {
        if (written == values.length) {
            makeRoom(0);
        }
        values[written++] = 0;
    }

    /// Guesses that all fields are of one length; a column that takes more of the split grows.
    @Override
    void allocate(int rows, int splitBytes) {
        kept = 0;
        written = 0;
        var guess = splitBytes * share * SLACK + MAX_LENGTH_BYTES;
        values = new byte[(int) Math.min(guess, MAX_ARRAY_BYTES)];
    }

    @Override
    void reallocate(int rows) {
        // Texts take room as they come.
    }

    @Override
    void addValues(int rows, List<ColumnData.Run> runs) {
        runs.add(new ColumnData.Run(values, kept));
    }

    @Override
    void release() {
        values = NONE;
    }
}
