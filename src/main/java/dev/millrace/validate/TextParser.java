package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// String: any valid UTF-8, NUL included, exactly as it stands.
///
/// A text is written behind those of the rows before it and counts once [#keep] is called, so a row
/// that turns out bad needs no undoing.
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

    TextParser(Column column, double share) {
        super(column);
        this.share = share;
    }

    /// Takes the text that was read last into the column.
    void keep() {
        kept = written;
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var length = end - start;
        var at = kept;
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
        var needed = (long) kept + length + MAX_LENGTH_BYTES;
        var doubled = Math.min(2L * values.length, MAX_ARRAY_BYTES);
        values = Arrays.copyOf(values, Math.toIntExact(Math.max(needed, doubled)));
    }

    @Override
    void putZero(int row) {
        if (kept == values.length) {
            makeRoom(0);
        }
        values[kept] = 0;
        written = kept + 1;
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
    byte[] values() {
        return values;
    }

    @Override
    int length(int rows) {
        return kept;
    }

    @Override
    void release() {
        values = NONE;
    }
}
