package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// UUID: 32 hexadecimal digits of either case, in groups of 8, 4, 4, 4 and 12 with hyphens between
/// (RFC 9562) or in one.
final class UuidParser extends FixedParser {
    private static final int LENGTH = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".length();
    private static final int LENGTH_WITHOUT_HYPHENS = 32;

    UuidParser(ColumnType type) {
        super(type);
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var hyphen = end - start == LENGTH ? 1 : 0;
        if (hyphen == 1 ? !hasHyphens(bytes, start) : end - start != LENGTH_WITHOUT_HYPHENS) {
            return RejectionCode.NOT_A_UUID;
        }
        var a = HexDigits.four(bytes, start);
        var b = HexDigits.four(bytes, start + 4);
        var c = HexDigits.four(bytes, start + 8 + hyphen);
        var d = HexDigits.four(bytes, start + 12 + 2 * hyphen);
        var e = HexDigits.four(bytes, start + 16 + 3 * hyphen);
        var f = HexDigits.four(bytes, start + 20 + 4 * hyphen);
        var g = HexDigits.four(bytes, start + 24 + 4 * hyphen);
        var h = HexDigits.four(bytes, start + 28 + 4 * hyphen);
        if ((a | b | c | d | e | f | g | h) < 0) {
            return RejectionCode.NOT_A_UUID;
        }
        var at = row * widthBytes;
        LittleEndian.putLong(values, at, join(a, b, c, d));
        LittleEndian.putLong(values, at + Long.BYTES, join(e, f, g, h));
        return null;
    }

    private static boolean hasHyphens(byte[] bytes, int start) {
        return bytes[start + 8] == '-'
                && bytes[start + 13] == '-'
                && bytes[start + 18] == '-'
                && bytes[start + 23] == '-';
    }

    private static long join(int a, int b, int c, int d) {
        return (long) a << 48 | (long) b << 32 | (long) c << 16 | d;
    }
}
