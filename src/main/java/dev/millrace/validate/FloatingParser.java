package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// Float32 and Float64: the number of that width nearest to the text's value, to the even one when
/// two are equally near.
///
/// A text is digits, with one point at most and one sign at most before them, and an exponent at
/// most behind them: `12`, `-0.5`, `.5`, `5.`, `+1.5e-3`. `-0` keeps its sign. A finite text beyond
/// the largest number is refused rather than made infinite, one that is not 0 but nearer to 0 than
/// to the smallest number rather than made 0. Infinities and not-a-number ([NonFinite]) are refused
/// unless the column allows them. A dictionary (LowCardinality) compares numbers by value and would
/// keep 0 for `-0`, which is therefore refused there.
final class FloatingParser extends FixedParser {
    private final boolean isDouble;
    private final boolean allowNonFinite;
    private final boolean hasDictionary;
    private final Decimal decimal = new Decimal();

    FloatingParser(ColumnType type, ColumnType.Floating floating, ColumnReading reading) {
        super(type);
        this.isDouble = floating.bits() == Double.SIZE;
        this.allowNonFinite = reading.allowNonFinite();
        this.hasDictionary = type instanceof ColumnType.LowCardinality;
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
        if (!decimal.scan(bytes, start, end)) {
            return allowNonFinite
                    ? putNonFinite(bytes, start, end, row)
                    : RejectionCode.NOT_A_NUMBER;
        }
        if (hasDictionary && decimal.isNegative() && decimal.isZero()) {
            return RejectionCode.OUT_OF_RANGE;
        }
        return isDouble ? putDouble(bytes, start, end, row) : putFloat(bytes, start, end, row);
    }

    private @Nullable RejectionCode putNonFinite(byte[] bytes, int start, int end, int row) {
        var value = NonFinite.of(bytes, start, end);
        if (value == 0) {
            return RejectionCode.NOT_A_NUMBER;
        }
        if (isDouble) {
            LittleEndian.putLong(values, row * Double.BYTES, Double.doubleToRawLongBits(value));
        } else {
            var bits = Float.floatToRawIntBits((float) value);
            LittleEndian.putInt(values, row * Float.BYTES, bits);
        }
        return null;
    }

    private @Nullable RejectionCode putDouble(byte[] bytes, int start, int end, int row) {
        var magnitude = Math.abs(nearestDouble(bytes, start, end));
        if (magnitude == Double.POSITIVE_INFINITY || (magnitude == 0 && !decimal.isZero())) {
            return RejectionCode.OUT_OF_RANGE;
        }
        var value = decimal.isNegative() ? -magnitude : magnitude;
        LittleEndian.putLong(values, row * Double.BYTES, Double.doubleToRawLongBits(value));
        return null;
    }

    private @Nullable RejectionCode putFloat(byte[] bytes, int start, int end, int row) {
        var magnitude = Math.abs(nearestFloat(bytes, start, end));
        if (magnitude == Float.POSITIVE_INFINITY || (magnitude == 0 && !decimal.isZero())) {
            return RejectionCode.OUT_OF_RANGE;
        }
        var value = decimal.isNegative() ? -magnitude : magnitude;
        LittleEndian.putInt(values, row * Float.BYTES, Float.floatToRawIntBits(value));
        return null;
    }

    private double nearestDouble(byte[] bytes, int start, int end) {
        if (decimal.isWhole()) {
            var quick = Nearest.toDouble(decimal.digits(), decimal.exponent());
            if (!Double.isNaN(quick)) {
                return quick;
            }
        }
        return Double.parseDouble(new String(bytes, start, end - start, ISO_8859_1));
    }

    private float nearestFloat(byte[] bytes, int start, int end) {
        if (decimal.isWhole()) {
            var quick = Nearest.toFloat(decimal.digits(), decimal.exponent());
            if (!Float.isNaN(quick)) {
                return quick;
            }
        }
        return Float.parseFloat(new String(bytes, start, end - start, ISO_8859_1));
    }
}
