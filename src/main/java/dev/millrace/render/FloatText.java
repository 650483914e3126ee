package dev.millrace.render;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;

/// Floating-point numbers as the shortest decimals that are read as the same numbers again, in the
/// form that ClickHouse gives them: as `0.0000015` and `123` from 10^-6 until 10^21, with an
/// exponent elsewhere. Not thread-safe: it tries first as many digits behind the point as the
/// number before had.
final class FloatText {
    private static final double[] TENS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    private static final long[] WHOLES = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

    /// A decimal of fewer digits is the only such one near its number, and so, without zeros at its
    /// end, the shortest.
    private static final double DOUBLE_DIGITS = 1e15;

    private static final int TEN_TO_8 = 100_000_000;
    private static final double FLOAT_DIGITS = 1e6;
    private static final MathContext ONE_DIGIT = new MathContext(1);
    private static final int LEAST_EXPONENT = -6;
    private static final int MOST_DIGITS = 21;

    private int scale;

    int write(double value, byte[] to, int at) {
        var size = Math.abs(value);
        if (size < DOUBLE_DIGITS) {
            for (var tries = 0; tries < TENS.length; tries++) {
                var digits = (long) (size * TENS[scale] + 0.5);
                if (digits / TENS[scale] == size && digits < DOUBLE_DIGITS) {
                    return few(value, digits, to, at);
                }
                scale = scale + 1 < TENS.length ? scale + 1 : 0;
            }
        }
        return Double.isFinite(value)
                ? shortest(value < 0, shorter(size), to, at)
                : odd(value, to, at);
    }

    int write(float value, byte[] to, int at) {
        var size = Math.abs(value);
        if (size < FLOAT_DIGITS) {
            for (var tries = 0; tries < TENS.length; tries++) {
                var digits = (long) (size * TENS[scale] + 0.5);
                if ((float) (digits / TENS[scale]) == size && digits < FLOAT_DIGITS) {
                    return few(value, digits, to, at);
                }
                scale = scale + 1 < TENS.length ? scale + 1 : 0;
            }
        }
        return Float.isFinite(value)
                ? shortest(value < 0, shorter(size), to, at)
                : odd(value, to, at);
    }

    /// @param digits the value's size times 10^scale
    private int few(double value, long digits, byte[] to, int at) {
        var end = at;
        if (Double.doubleToRawLongBits(value) < 0) {
            to[end++] = '-';
        }
        if (digits < TEN_TO_8) {
            return DecimalDigits.decimal(digits, scale, to, end);
        }
        var whole = (long) Math.abs(value); // the quotient, which is never rounded up to a whole
        end = DecimalDigits.unsigned(whole, to, end);
        return DecimalDigits.fraction(scale, digits - whole * WHOLES[scale], to, end);
    }

    private static int odd(double value, byte[] to, int at) {
        return text(Double.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf", to, at);
    }

    /// The JDK writes two digits where one would do, such as 4.9E-324.
    private static BigDecimal shorter(double size) {
        var decimal = new BigDecimal(Double.toString(size)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            var one = decimal.round(ONE_DIGIT);
            return one.doubleValue() == size ? one : decimal;
        }
        return decimal;
    }

    private static BigDecimal shorter(float size) {
        var decimal = new BigDecimal(Float.toString(size)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            var one = decimal.round(ONE_DIGIT);
            return one.floatValue() == size ? one : decimal;
        }
        return decimal;
    }

    private static int shortest(boolean negative, BigDecimal decimal, byte[] to, int at) {
        var digits = decimal.unscaledValue().toString();
        var exponent = digits.length() - 1 - decimal.scale();
        var text =
                exponent >= LEAST_EXPONENT && exponent < MOST_DIGITS
                        ? decimal.toPlainString()
                        : digits.charAt(0)
                                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                                + "e"
                                + exponent;
        return text(negative ? "-" + text : text, to, at);
    }

    private static int text(String text, byte[] to, int at) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, to, at, bytes.length);
        return at + bytes.length;
    }
}
