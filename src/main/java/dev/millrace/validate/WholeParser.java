package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// Int8 to Int64 and UInt8 to UInt64: digits, after one sign at most. Leading zeros are allowed,
/// `-0` is 0; no point, no exponent, no separators, no other digits than ASCII's.
final class WholeParser extends FixedParser {
    /// So many digits fit an unsigned long whatever they are.
    private static final int SAFE_UNSIGNED_DIGITS = 19;

    /// The largest magnitudes on either side of 0, as unsigned longs.
    private final long maxPositive;

    private final long maxNegative;

    WholeParser(ColumnType type, ColumnType.Whole whole) {
        super(type);
        var allOnes = -1L >>> (Long.SIZE - whole.bits());
        maxPositive = whole.signed() ? allOnes >>> 1 : allOnes;
        maxNegative = whole.signed() ? (allOnes >>> 1) + 1 : 0;
    }

    @Override
    boolean refusesBlanks() {
        return true;
    }

    @Override
    boolean parseAll(RecordBlock block, int first, int row) {
        for (var i = 0; i < block.records; i++) {
            var place = first + i;
            if (parse(block.bytes, block.starts[place], block.ends[place], row + i) != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var first = bytes[start];
        var negative = first == '-';
        var i = negative || first == '+' ? start + 1 : start;
        if (i == end) {
            return RejectionCode.NOT_AN_INTEGER;
        }
        var digits = end - i;
        if (digits > Digits.SAFE) {
            return parseLong(bytes, i, end, negative, row);
        }
        var magnitude =
                digits <= Digits.SIXTEEN && end >= Digits.SIXTEEN
                        ? Digits.upToSixteen(bytes, end, digits)
                        : Digits.number(bytes, i, end);
        return magnitude < 0 ? RejectionCode.NOT_AN_INTEGER : put(magnitude, negative, row);
    }

    private @Nullable RejectionCode parseLong(
            byte[] bytes, int start, int end, boolean negative, int row) {
        if (!Digits.areAll(bytes, start, end)) {
            return RejectionCode.NOT_AN_INTEGER;
        }
        var i = Digits.skipZeros(bytes, start, end);
        if (end - i > SAFE_UNSIGNED_DIGITS + 1) {
            return RejectionCode.OUT_OF_RANGE;
        }
        var safeEnd = Math.min(end, i + SAFE_UNSIGNED_DIGITS);
        var magnitude = 0L;
        for (; i < safeEnd; i++) {
            magnitude = magnitude * 10 + bytes[i] - '0';
        }
        if (i < end) {
            var digit = bytes[i] - '0';
            if (Long.compareUnsigned(magnitude, Long.divideUnsigned(-1L - digit, 10)) > 0) {
                return RejectionCode.OUT_OF_RANGE;
            }
            magnitude = magnitude * 10 + digit;
        }
        return put(magnitude, negative, row);
    }

    private @Nullable RejectionCode put(long magnitude, boolean negative, int row) {
        if (Long.compareUnsigned(magnitude, negative ? maxNegative : maxPositive) > 0) {
            return RejectionCode.OUT_OF_RANGE;
        }
        var value = negative ? -magnitude : magnitude;
        switch (widthBytes) {
            case Long.BYTES -> LittleEndian.putLong(values, row * Long.BYTES, value);
            case Integer.BYTES -> LittleEndian.putInt(values, row * Integer.BYTES, (int) value);
            case Short.BYTES -> LittleEndian.putShort(values, row * Short.BYTES, (short) value);
            default -> values[row] = (byte) value;
        }
        return null;
    }
}
