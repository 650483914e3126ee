package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.MillraceException;

/// Lines, none of which may have anything but UTF-8: JSON has no way to write other bytes, and
/// ClickHouse passes them through.
final class JsonLines extends Tally {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long BREAKS = ONES * '\n';

    private long breaks;
    private volatile long seen;
    private byte last = '\n';

    /// How many bytes of a character are still to come, and between what the next one must be.
    private int left;

    private int least = 0x80;
    private int most = 0xBF;

    @Override
    public void write(byte[] bytes, int from, int count) {
        if (count == 0) {
            return;
        }
        var found = 0L;
        var to = from + count;
        var i = from;
        while (i < to) {
            if (left == 0 && i + 8 <= to) {
                var word = LittleEndian.getLong(bytes, i);
                if ((word & HIGHS) == 0) {
                    // exact where no byte has its high bit
                    found += Long.bitCount(~((word ^ BREAKS) + ~HIGHS) & HIGHS);
                    i += 8;
                    continue;
                }
            }
            var b = bytes[i++] & 0xFF;
            if (b == '\n' && left == 0) {
                found++;
            } else if (b >= 0x80 || left > 0) {
                step(b, breaks + found);
            }
        }
        last = bytes[to - 1];
        breaks += found;
        seen = breaks;
    }

    /// Table 3-7 of the Unicode standard.
    private void step(int b, long line) {
        if (left > 0) {
            require(b >= least && b <= most, line);
            left--;
            least = 0x80;
            most = 0xBF;
            return;
        }
        require(b >= 0xC2 && b <= 0xF4, line);
        left = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        least = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        most = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    }

    private static void require(boolean holds, long line) {
        if (!holds) {
            throw new MillraceException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "Row %d of the result has a text that is not UTF-8, which this format cannot hold"
                            .formatted(line + 1),
                    "Export csv, which holds any bytes, or make a text of it in the query, such as"
                            + " with base64Encode or toValidUTF8.",
                    null);
        }
    }

    @Override
    long rows() {
        return seen;
    }

    @Override
    long end() {
        if (last != '\n' || left > 0) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INCOMPLETE,
                    "The answer of ClickHouse ended within line %d".formatted(breaks + 1));
        }
        return breaks;
    }
}
