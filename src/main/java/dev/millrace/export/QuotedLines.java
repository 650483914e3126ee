package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.MillraceException;

/// Records with LF behind each, but for those inside double quotes; eight bytes at a time.
final class QuotedLines extends Tally {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BREAKS = ONES * '\n';

    private final int headers;
    private long counted;
    private volatile long seen;
    private long inside; // 1 within quotes
    private byte last = '\n';

    /// @param headers how many of the records are no rows
    QuotedLines(int headers) {
        this.headers = headers;
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        if (count == 0) {
            return;
        }
        var found = 0L;
        var within = inside;
        var to = from + count;
        var i = from;
        for (; i + 8 <= to; i += 8) {
            var word = LittleEndian.getLong(bytes, i);
            var quotes = equal(word ^ QUOTES);
            var breaks = word ^ BREAKS;
            if (((breaks - ONES) & ~breaks & HIGHS) != 0) { // there is one, as in few words
                found += Long.bitCount(equal(breaks) & ~(odd(quotes) ^ (-(within & 1) & ONES)));
            }
            within += Long.bitCount(quotes);
        }
        within &= 1;
        for (; i < to; i++) {
            if (bytes[i] == '"') {
                within ^= 1;
            } else if (bytes[i] == '\n' && within == 0) {
                found++;
            }
        }
        inside = within;
        last = bytes[to - 1];
        counted += found;
        seen = counted;
    }

    /// Of each byte, whether an odd number of quotes stands in front of it or in it.
    private static long odd(long quotes) {
        var odd = quotes ^ (quotes << 8);
        odd ^= odd << 16;
        return odd ^ (odd << 32);
    }

    /// 1 in each byte that is zero, 0 in the others, exactly.
    private static long equal(long word) {
        var some = ((word & ~HIGHS) + ~HIGHS) | word;
        return (~some >>> 7) & ONES;
    }

    @Override
    long rows() {
        return Math.max(0, seen - headers);
    }

    @Override
    long end() {
        if (inside != 0 || last != '\n' || counted < headers) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INCOMPLETE,
                    "The answer of ClickHouse ended within record %d".formatted(counted + 1));
        }
        return rows();
    }
}
