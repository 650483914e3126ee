package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Bool: the words that ClickHouse reads as one, in any case.
final class BoolParser extends FixedParser {
    private static final long[] TRUE =
            words("true", "1", "t", "yes", "y", "on", "enable", "enabled");
    private static final long[] FALSE =
            words("false", "0", "f", "no", "n", "off", "disable", "disabled");

    BoolParser(ColumnType type) {
        super(type);
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        if (end - start > Long.BYTES) {
            return RejectionCode.NOT_A_BOOLEAN;
        }
        var word = word(bytes, start, end);
        for (var i = 0; i < TRUE.length; i++) {
            if (word == TRUE[i] || word == FALSE[i]) {
                values[row] = (byte) (word == TRUE[i] ? 1 : 0);
                return null;
            }
        }
        return RejectionCode.NOT_A_BOOLEAN;
    }

    /// Up to eight bytes as one number, capital letters made small. A leading NUL byte would not
    /// show: no word begins with one, and the length is not part of the number, so it is refused.
    private static long word(byte[] bytes, int start, int end) {
        var word = 0L;
        for (var i = start; i < end; i++) {
            var b = bytes[i];
            if (b == 0) {
                return 0;
            }
            var small = b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b & 0xFF;
            word = word << Byte.SIZE | small;
        }
        return word;
    }

    private static long[] words(String... words) {
        return Stream.of(words).mapToLong(w -> word(w.getBytes(US_ASCII), 0, w.length())).toArray();
    }
}
