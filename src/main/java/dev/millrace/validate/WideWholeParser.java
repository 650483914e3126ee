package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// Int128, Int256, UInt128 and UInt256: the texts of [WholeParser], as two's complement.
final class WideWholeParser extends FixedParser {
    /// 2²⁵⁶ has 78 digits.
    private static final int MAX_DIGITS = 78;

    private final WideNumber magnitude = new WideNumber();

    /// How many bits the magnitudes have.
    private final int magnitudeBits;

    private final boolean signed;

    WideWholeParser(ColumnType type, ColumnType.Whole whole) {
        super(type);
        signed = whole.signed();
        magnitudeBits = signed ? whole.bits() - 1 : whole.bits();
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var negative = bytes[start] == '-';
        var digits = negative || bytes[start] == '+' ? start + 1 : start;
        if (digits == end) {
            return RejectionCode.NOT_AN_INTEGER;
        }
        var from = Digits.skipZeros(bytes, digits, end);
        if (end - from > MAX_DIGITS) {
            return Digits.areAll(bytes, from, end)
                    ? RejectionCode.OUT_OF_RANGE
                    : RejectionCode.NOT_AN_INTEGER;
        }
        magnitude.set(0);
        if (!magnitude.appendDigits(bytes, from, end)) {
            return RejectionCode.NOT_AN_INTEGER;
        }
        if (!holds(negative)) {
            return RejectionCode.OUT_OF_RANGE;
        }
        magnitude.put(values, row * widthBytes, widthBytes, negative);
        return null;
    }

    private boolean holds(boolean negative) {
        var bits = magnitude.bitLength();
        var most = negative && !signed ? 0 : magnitudeBits;
        // The least number of a signed type is a power of two, and has one bit more.
        return bits <= most || (negative && signed && bits == most + 1 && magnitude.isPowerOfTwo());
    }
}
