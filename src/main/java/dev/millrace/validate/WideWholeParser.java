package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Int128, Int256, UInt128 and UInt256: the texts of [WholeParser], as two's complement.
final class WideWholeParser extends FixedParser {
    /// 2²⁵⁶ has 78 digits.
    private static final int MAX_DIGITS = 78;

    private final BigInteger min;
    private final BigInteger max;

    WideWholeParser(ColumnType type, ColumnType.Whole whole) {
        super(type);
        var magnitudeBits = whole.signed() ? whole.bits() - 1 : whole.bits();
        var limit = BigInteger.ONE.shiftLeft(magnitudeBits);
        max = limit.subtract(BigInteger.ONE);
        min = whole.signed() ? limit.negate() : BigInteger.ZERO;
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var negative = bytes[start] == '-';
        var digits = negative || bytes[start] == '+' ? start + 1 : start;
        if (digits == end || !Digits.areAll(bytes, digits, end)) {
            return RejectionCode.NOT_AN_INTEGER;
        }
        var from = Digits.skipZeros(bytes, digits, end - 1);
        if (end - from > MAX_DIGITS) {
            return RejectionCode.OUT_OF_RANGE;
        }
        var magnitude = new BigInteger(new String(bytes, from, end - from, ISO_8859_1));
        var value = negative ? magnitude.negate() : magnitude;
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            return RejectionCode.OUT_OF_RANGE;
        }
        put(value, row);
        return null;
    }

    private void put(BigInteger value, int row) {
        for (var i = 0; i < widthBytes; i += Long.BYTES) {
            var limb = value.shiftRight(i * Byte.SIZE).longValue();
            LittleEndian.putLong(values, row * widthBytes + i, limb);
        }
    }
}
