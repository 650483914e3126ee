package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Records with LF behind each, but for those inside double quotes; eight bytes at a time.
final class QuotedLines extends Tally {
    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BREAKS = ONES * '\n';

    private final int headers;
    private long breaks;
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
            var word = (long) WORDS.get(bytes, i);
            var quotes = equal(word ^ QUOTES);
            // of each byte, whether an odd number of quotes stands in front of it or in it
            var odd = quotes ^ (quotes << 8);
            odd ^= odd << 16;
            odd ^= odd << 32;
            found += Long.bitCount(equal(word ^ BREAKS) & ~(odd ^ (-within & ONES)));
            within ^= Long.bitCount(quotes) & 1;
        }
        for (; i < to; i++) {
            if (bytes[i] == '"') {
                within ^= 1;
            } else if (bytes[i] == '\n' && within == 0) {
                found++;
            }
        }
        inside = within;
        last = bytes[to - 1];
        breaks += found;
        seen = breaks;
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
        if (inside != 0 || last != '\n' || breaks < headers) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INCOMPLETE,
                    "The answer of ClickHouse ended within record %d".formatted(breaks + 1));
        }
        return rows();
    }
}
