package dev.millrace.format;

import java.util.Arrays;

/// Where any of three bytes stand in an array: found a window at a time, first as bits of marks, in
/// a loop that C2 makes vectors of since it has no branch, then as numbers, and kept until they are
/// used. Not thread-safe.
final class BytePlaces {
    private static final int WINDOW_WORDS = 128;

    /// So many words are looked at together: a bit for each byte.
    private static final int GROUP_WORDS = 8;

    /// So many places of a group are written without asking how many there are.
    private static final int GROUP_PLACES = 8;

    /// Multiplied with a word of which each byte is 0 or 1, brings them together in the highest.
    private static final long TOGETHER = 0x0102040810204080L;

    private final byte[] bytes;
    private final int end;
    private final long one;
    private final long other;
    private final long third;
    private final long[] marks = new long[WINDOW_WORDS];
    private int[] places = new int[2 * WINDOW_WORDS];

    /// The places in `[at, found)` of [#places] are all that stand between the position last sought
    /// and [#seen].
    private int at;

    private int found;
    private int sought;
    private int seen;

    /// @param end the byte after the last one looked at; of those before it the last seven may not
    ///   be
    /// @param one a byte eight times, as the others
    BytePlaces(byte[] bytes, int from, int end, long one, long other, long third) {
        this.bytes = bytes;
        this.end = end;
        this.one = one;
        this.other = other;
        this.third = third;
        sought = from;
        seen = from;
    }

    /// Makes the first place at or behind a position the one numbered 0.
    void seek(int position) {
        if (position < sought || position >= seen) {
            at = 0;
            found = 0;
            seen = position;
        } else {
            while (at < found && places[at] < position) {
                at++;
            }
        }
        sought = position;
    }

    /// Passes over the first so many.
    ///
    /// @param position behind them, and not behind the next
    void pass(int count, int position) {
        at += count;
        sought = position;
    }

    /// Whether there are so many, which [#array] then holds.
    boolean has(int count) {
        return found - at >= count || find(count);
    }

    /// Holds the places, the one numbered 0 at [#first]; another one once more were found.
    int[] array() {
        return places;
    }

    int first() {
        return at;
    }

    private boolean find(int count) {
        System.arraycopy(places, at, places, 0, found - at);
        found -= at;
        at = 0;
        while (found < count && end - seen >= Long.BYTES) {
            var words = Math.min((end - seen) / Long.BYTES, WINDOW_WORDS);
            var most = found + words * Long.BYTES + GROUP_PLACES;
            if (most > places.length) {
                places = Arrays.copyOf(places, Math.max(most, 2 * places.length));
            }
            mark(bytes, seen, words, marks, one, other, third);
            var groups = (words + GROUP_WORDS - 1) / GROUP_WORDS;
            Arrays.fill(marks, words, groups * GROUP_WORDS, 0);
            found = place(marks, groups, seen, places, found);
            seen += words * Long.BYTES;
        }
        return found >= count;
    }

    /// Sets the low eight bits of each mark to which of a word's bytes are one of the three.
    private static void mark(
            byte[] bytes, int from, int words, long[] marks, long one, long other, long third) {
        for (var i = 0; i < words; i++) {
            var word = ByteSearch.word(bytes, from + i * Long.BYTES);
            var matches =
                    ByteSearch.matches(word, one)
                            | ByteSearch.matches(word, other)
                            | ByteSearch.matches(word, third);
            marks[i] = ((matches >>> 7) * TOGETHER) >>> 56;
        }
    }

    /// Writes the places that are marked, and some of no meaning behind them.
    ///
    /// @return behind the last one with a meaning
    private static int place(long[] marks, int groups, int from, int[] places, int found) {
        var to = found;
        for (var group = 0; group < groups; group++) {
            var i = group * GROUP_WORDS;
            var bits =
                    marks[i]
                            | (marks[i + 1] << 8)
                            | (marks[i + 2] << 16)
                            | (marks[i + 3] << 24)
                            | (marks[i + 4] << 32)
                            | (marks[i + 5] << 40)
                            | (marks[i + 6] << 48)
                            | (marks[i + 7] << 56);
            var start = from + i * Long.BYTES;
            var count = Long.bitCount(bits);
            for (var j = 0; j < GROUP_PLACES; j++) {
                places[to + j] = start + Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
            }
            for (var j = GROUP_PLACES; j < count; j++) {
                places[to + j] = start + Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
            }
            to += count;
        }
        return to;
    }
}
