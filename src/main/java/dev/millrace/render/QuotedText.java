package dev.millrace.render;

import dev.millrace.core.LittleEndian;

/// Texts in double quotes, those within doubled; and texts as they stand.
final class QuotedText {

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';

    /// So long that a piece of the buffer holds it with all doubled, and a word behind.
    private static final int LONGEST = TextBuffer.PIECE / 2 - 8;

    private QuotedText() {}

    /// @param from where it stands; may be longer than what is at hand there
    static int write(ColumnBytes from, long length, TextBuffer to, int at) {
        var end = at;
        to.bytes[end++] = '"';
        if (length <= LONGEST && length <= from.to - from.at) {
            end = escaped(from.bytes, from.at, (int) length, to.bytes, end);
            from.at += (int) length;
        } else {
            for (var left = length; left > 0; ) {
                var n = (int) Math.min(left, Math.min(from.some(), LONGEST));
                end = to.room(escaped(from.bytes, from.at, n, to.bytes, end));
                from.at += n;
                left -= n;
            }
        }
        to.bytes[end++] = '"';
        return end;
    }

    private static int escaped(byte[] some, int from, int count, byte[] to, int at) {
        var end = at;
        for (var i = 0; i < count; i += 8) {
            var word = LittleEndian.getLong(some, from + i);
            var n = Math.min(8, count - i);
            var quotes = word ^ QUOTES;
            if (((quotes - ONES) & ~quotes & HIGHS) == 0) {
                LittleEndian.putLong(to, end, word);
                end += n;
            } else {
                end = doubled(some, from + i, n, to, end);
            }
        }
        return end;
    }

    private static int doubled(byte[] some, int from, int count, byte[] to, int at) {
        var end = at;
        for (var i = from; i < from + count; i++) {
            to[end++] = some[i];
            if (some[i] == '"') {
                to[end++] = '"';
            }
        }
        return end;
    }

    /// As it stands.
    static int plain(ColumnBytes from, long length, TextBuffer to, int at) {
        var end = at;
        for (var left = length; left > 0; ) {
            var n = (int) Math.min(left, Math.min(from.some(), LONGEST));
            System.arraycopy(from.bytes, from.at, to.bytes, end, n);
            end = to.room(end + n);
            from.at += n;
            left -= n;
        }
        return end;
    }
}
