package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// Decimal: the texts of [FloatingParser] that are finite numbers, exactly.
///
/// Zeros beyond the scale are allowed, other digits there are too precise. A number with more
/// digits before the point than the type has is out of range, whatever stands behind the point.
final class DecimalParser extends FixedParser {
    private final Decimal decimal = new Decimal();
    private final WideNumber magnitude = new WideNumber();
    private final int precision;
    private final int scale;

    DecimalParser(ColumnType type, ColumnType.Decimal decimal) {
        super(type);
        this.precision = decimal.precision();
        this.scale = decimal.scale();
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
        if (!decimal.scan(bytes, start, end)) {
            return RejectionCode.NOT_A_NUMBER;
        }
        if (decimal.isZero()) {
            put(0, 0, row);
            return null;
        }
        return decimal.isWhole()
                ? fit(decimal.digits(), decimal.exponent(), row)
                : fitLong(bytes, start, row);
    }

    /// Keeps digits × 10^exponent.
    ///
    /// @param digits an unsigned number, not 0
    private @Nullable RejectionCode fit(long digits, int exponent, int row) {
        var power = exponent + scale;
        if (power >= 0) {
            if (power > precision || !isBelowPower(digits, precision - power)) {
                return RejectionCode.OUT_OF_RANGE;
            }
            put(digits, power, row);
            return null;
        }
        // Some digits are beyond the scale; all of them are when there are not so many.
        if (-power > Digits.MAX_POWER) {
            return RejectionCode.TOO_PRECISE;
        }
        var divisor = Digits.powerOfTen(-power);
        var quotient = Long.divideUnsigned(digits, divisor);
        if (!isBelowPower(quotient, precision)) {
            return RejectionCode.OUT_OF_RANGE;
        }
        if (quotient * divisor != digits) {
            return RejectionCode.TOO_PRECISE;
        }
        put(quotient, 0, row);
        return null;
    }

    private static boolean isBelowPower(long digits, int power) {
        return power > Digits.MAX_POWER
                || Long.compareUnsigned(digits, Digits.powerOfTen(power)) < 0;
    }

    /// Keeps a number of more digits than a long holds, zeros included.
    private @Nullable RejectionCode fitLong(byte[] bytes, int start, int row) {
        var point = decimal.point();
        var exponent = decimal.exponent();
        var to = decimal.mantissaEnd();
        while (bytes[to - 1] == '0' || bytes[to - 1] == '.') {
            to--;
            exponent += to == point ? 0 : 1;
        }
        var from = start;
        while (bytes[from] < '1') {
            from++;
        }
        var inside = point > from && point < to;
        var digits = to - from - (inside ? 1 : 0);
        if (digits + exponent > precision - scale) {
            return RejectionCode.OUT_OF_RANGE;
        }
        if (exponent < -scale) {
            return RejectionCode.TOO_PRECISE;
        }
        magnitude.set(0);
        if (inside) {
            magnitude.appendDigits(bytes, from, point);
            magnitude.appendDigits(bytes, point + 1, to);
        } else {
            magnitude.appendDigits(bytes, from, to);
        }
        magnitude.appendZeros(exponent + scale);
        putMagnitude(row);
        return null;
    }

    /// Writes digits × 10^power, which fits.
    private void put(long digits, int power, int row) {
        if (widthBytes > Long.BYTES) {
            magnitude.set(digits);
            magnitude.appendZeros(power);
            putMagnitude(row);
            return;
        }
        var value = digits * Digits.powerOfTen(power);
        putLong(decimal.isNegative() ? -value : value, row);
    }

    private void putMagnitude(int row) {
        if (widthBytes > Long.BYTES) {
            magnitude.put(values, row * widthBytes, widthBytes, decimal.isNegative());
        } else {
            var value = magnitude.lowest();
            putLong(decimal.isNegative() ? -value : value, row);
        }
    }

    private void putLong(long value, int row) {
        if (widthBytes == Integer.BYTES) {
            LittleEndian.putInt(values, row * Integer.BYTES, (int) value);
        } else {
            LittleEndian.putLong(values, row * Long.BYTES, value);
        }
    }
}
