package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import java.util.Arrays;

/// How values compare that stand as bytes: those of one fixed width in Native format, texts in
/// UTF-8.
enum Order {
    /// Little-endian two's complement.
    SIGNED,
    /// Little-endian.
    UNSIGNED,
    /// IEEE 754, 4 or 8 bytes, in which not-a-number is within no bounds.
    FLOATING,
    /// The first byte counts most.
    NETWORK,
    /// Byte by byte.
    TEXT,
    /// Not at all.
    NONE;

    static Order of(ColumnType type) {
        return switch (type) {
            case ColumnType.Whole(_, boolean signed) -> signed ? SIGNED : UNSIGNED;
            case ColumnType.Floating _ -> FLOATING;
            case ColumnType.Decimal _ -> SIGNED;
            case ColumnType.Text _, ColumnType.FixedText _ -> TEXT;
            case ColumnType.Enumeration _, ColumnType.Bool _, ColumnType.Uuid _ -> NONE;
            case ColumnType.IpV4 _ -> UNSIGNED;
            case ColumnType.IpV6 _ -> NETWORK;
            case ColumnType.Date _, ColumnType.DateTime _ -> UNSIGNED;
            case ColumnType.Date32 _, ColumnType.DateTime64 _ -> SIGNED;
            case ColumnType.Nullable _, ColumnType.LowCardinality _, ColumnType.Array _ -> NONE;
        };
    }

    /// Whether a value is a bound or above it.
    boolean atLeast(byte[] bytes, int start, int end, byte[] bound) {
        return isOrdered(bytes, start, end) && compare(bytes, start, end, bound) >= 0;
    }

    /// Whether a value is a bound or below it.
    boolean atMost(byte[] bytes, int start, int end, byte[] bound) {
        return isOrdered(bytes, start, end) && compare(bytes, start, end, bound) <= 0;
    }

    private boolean isOrdered(byte[] bytes, int start, int end) {
        return this != FLOATING || !Double.isNaN(number(bytes, start, end - start));
    }

    private int compare(byte[] bytes, int start, int end, byte[] bound) {
        return switch (this) {
            case SIGNED, UNSIGNED -> compareLittleEndian(bytes, start, end - start, bound);
            case FLOATING -> {
                var value = number(bytes, start, end - start);
                var limit = number(bound, 0, bound.length);
                yield value < limit ? -1 : value > limit ? 1 : 0;
            }
            case NETWORK, TEXT -> Arrays.compareUnsigned(bytes, start, end, bound, 0, bound.length);
            case NONE -> 0;
        };
    }

    private int compareLittleEndian(byte[] bytes, int start, int width, byte[] bound) {
        var last = width - 1;
        if (this == SIGNED && bytes[start + last] != bound[last]) {
            return Byte.compare(bytes[start + last], bound[last]);
        }
        for (var i = last; i >= 0; i--) {
            var difference = Byte.compareUnsigned(bytes[start + i], bound[i]);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    /// Writes a value of [#FLOATING] so that equal numbers are equal bytes: 0 has no sign, and
    /// not-a-number one form.
    ///
    /// @param into eight bytes
    static void putCanonical(byte[] bytes, int at, int width, byte[] into) {
        LittleEndian.putLong(into, 0, Double.doubleToLongBits(number(bytes, at, width) + 0.0));
    }

    private static double number(byte[] bytes, int at, int width) {
        return width == Double.BYTES
                ? Double.longBitsToDouble(LittleEndian.getLong(bytes, at))
                : Float.intBitsToFloat(LittleEndian.getInt(bytes, at));
    }
}
