package dev.millrace.format;

import dev.millrace.core.LittleEndian;

/// Looks for bytes eight at a time: a word holds eight bytes of the text, the first one lowest, and
/// a pattern holds the byte looked for eight times.
final class ByteSearch {
    private static final long ONES = 0x0101010101010101L;
    static final long HIGHS = 0x8080808080808080L;
    private static final long CR = pattern((byte) '\r');

    private ByteSearch() {}

    static long pattern(byte value) {
        return (value & 0xFF) * ONES;
    }

    /// The eight bytes at `at`.
    static long word(byte[] bytes, int at) {
        return LittleEndian.getLong(bytes, at);
    }

    /// The high bit of exactly those bytes of `word` that equal the pattern's.
    static long matches(long word, long pattern) {
        var x = word ^ pattern;
        return ~(((x & ~HIGHS) + ~HIGHS) | x | ~HIGHS);
    }

    /// The high bit of those bytes of `word` that equal the pattern's, and perhaps of bytes above
    /// such a one; elsewhere bits of no meaning, for [#highs] to take off when the results for
    /// several patterns are joined. Cheaper than [#matches].
    static long mayMatch(long word, long pattern) {
        var x = word ^ pattern;
        return (x - ONES) & ~x;
    }

    static long highs(long word) {
        return word & HIGHS;
    }

    /// How many bytes stand before the first match.
    static int first(long matches) {
        return Long.numberOfTrailingZeros(matches) >>> 3;
    }

    /// The first place in `[from, to)` of either pattern's byte, or `to`.
    static int indexOfEither(byte[] bytes, int from, int to, long one, long other) {
        var at = from;
        // The last word may reach beyond `to`, into whatever stands there.
        for (var last = bytes.length - Long.BYTES; at < to && at <= last; at += Long.BYTES) {
            var word = word(bytes, at);
            // Inexact only above the lowest match, the one wanted.
            var found = highs(mayMatch(word, one) | mayMatch(word, other));
            if (found != 0) {
                return Math.min(at + first(found), to);
            }
        }
        while (at < to && bytes[at] != (byte) one && bytes[at] != (byte) other) {
            at++;
        }
        return Math.min(at, to);
    }

    /// How many line breaks there are in a multiple of eight bytes, of which one more is looked at.
    ///
    /// C2 makes vectors of the loop, and it becomes five times as fast, only as long as it has no
    /// branch, joins what it finds in longs, and in each of them once a round.
    ///
    /// @param quoteBits no bits where there are no quotes, else [#HIGHS]
    /// @return -1 when a quote may be among them, or a line break before another one or a CR
    static int countLines(
            byte[] bytes, int from, int length, long lineBreak, long quote, long quoteBits) {
        var count = 0L;
        var doubts = 0L;
        for (var i = 0; i < length; i += Long.BYTES) {
            var word = word(bytes, from + i);
            var behind = word(bytes, from + i + 1);
            var ends = matches(word, lineBreak);
            var blank = (mayMatch(behind, lineBreak) | mayMatch(behind, CR)) & ends;
            doubts |= blank | (mayMatch(word, quote) & quoteBits);
            count += Long.bitCount(ends);
        }
        return doubts == 0 ? (int) count : -1;
    }

    /// The first place of `value` in `[from, to)`, or `to`.
    static int indexOf(byte[] bytes, int from, int to, byte value) {
        return indexOfEither(bytes, from, to, pattern(value), pattern(value));
    }
}
