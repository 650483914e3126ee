package dev.millrace.validate;

import java.math.BigInteger;

/// The binary floating-point number nearest to a decimal one, without garbage, in all but rare
/// cases.
///
/// Small numbers are one exact division or multiplication (W. D. Clinger, "How to read floating
/// point numbers accurately", 1990). Others are multiplied with the first 128 bits of the power of
/// ten (M. Eisel, D. Lemire, "Number parsing at a gigabyte per second", 2021); the product's error
/// is known, and where it could change the rounding, the question is left to the JDK.
final class Nearest {
    private static final double[] EXACT_DOUBLES = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };
    private static final float[] EXACT_FLOATS = {
        1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f
    };

    private static final int DOUBLE_FRACTION_BITS = 52;
    private static final int FLOAT_FRACTION_BITS = 23;

    private Nearest() {}

    /// The double nearest to digits × 10^exponent, or NaN when it takes more work to know.
    ///
    /// @param digits an unsigned number
    static double toDouble(long digits, int exponent) {
        if (digits == 0) {
            return 0;
        }
        if (digits >>> (DOUBLE_FRACTION_BITS + 1) == 0) {
            if (exponent >= 0 && exponent < EXACT_DOUBLES.length) {
                return digits * EXACT_DOUBLES[exponent];
            }
            if (exponent < 0 && -exponent < EXACT_DOUBLES.length) {
                return digits / EXACT_DOUBLES[-exponent];
            }
        }
        var bits = rounded(digits, exponent, DOUBLE_FRACTION_BITS, Double.MAX_EXPONENT);
        return bits < 0 ? Double.NaN : Double.longBitsToDouble(bits);
    }

    /// The float nearest to digits × 10^exponent, or NaN when it takes more work to know.
    ///
    /// @param digits an unsigned number
    static float toFloat(long digits, int exponent) {
        if (digits == 0) {
            return 0;
        }
        if (digits >>> (FLOAT_FRACTION_BITS + 1) == 0) {
            if (exponent >= 0 && exponent < EXACT_FLOATS.length) {
                return digits * EXACT_FLOATS[exponent];
            }
            if (exponent < 0 && -exponent < EXACT_FLOATS.length) {
                return digits / EXACT_FLOATS[-exponent];
            }
        }
        var bits = rounded(digits, exponent, FLOAT_FRACTION_BITS, Float.MAX_EXPONENT);
        return bits < 0 ? Float.NaN : Float.intBitsToFloat((int) bits);
    }

    /// The nearest normal number's bits, or -1 when 128 bits of the power are too few to tell, or
    /// the number is not a normal one.
    private static long rounded(long digits, int exponent, int fractionBits, int maxExponent) {
        if (exponent < PowersOfTen.MIN || exponent > PowersOfTen.MAX) {
            return -1;
        }
        var shift = Long.numberOfLeadingZeros(digits);
        var left = digits << shift;
        var powerHigh = PowersOfTen.high(exponent);
        // The upper 128 bits of the 192 of left × power. What both truncations drop is less than 2
        // in the last place: the true product is in [product, product + 2).
        var middle = left * powerHigh;
        var low = middle + Math.unsignedMultiplyHigh(left, PowersOfTen.low(exponent));
        var carry = Long.compareUnsigned(low, middle) < 0 ? 1 : 0;
        var high = Math.unsignedMultiplyHigh(left, powerHigh) + carry;

        var top = (int) (high >>> (Long.SIZE - 1));
        var dropped = Long.SIZE - 2 + top - fractionBits;
        var rest = high & ((1L << dropped) - 1);
        var half = 1L << (dropped - 1);
        var mayCarry = low == -1L || low == -2L;
        var mayBeTie = rest == half && low == 0;
        if (mayCarry || mayBeTie) {
            return -1;
        }
        // Beyond half, since in a tie of `high` alone the bits of `low` decide upwards.
        var mantissa = (high >>> dropped) + (rest >= half ? 1 : 0);
        var binary = PowersOfTen.binaryExponent(exponent) + Long.SIZE - shift + 126 + top;
        if (mantissa >>> (fractionBits + 1) != 0) {
            mantissa >>>= 1;
            binary++;
        }
        if (binary < 1 - maxExponent || binary > maxExponent) {
            return -1;
        }
        var fraction = mantissa & ((1L << fractionBits) - 1);
        return (long) (binary + maxExponent) << fractionBits | fraction;
    }

    /// The powers of ten that doubles need, each as 128 bits × a power of two, rounded down.
    private static final class PowersOfTen {
        static final int MIN = -342;
        static final int MAX = 308;
        private static final int BITS = 128;

        private static final long[] HIGH = new long[MAX - MIN + 1];
        private static final long[] LOW = new long[MAX - MIN + 1];
        private static final int[] BINARY_EXPONENT = new int[MAX - MIN + 1];

        static {
            for (var exponent = MIN; exponent <= MAX; exponent++) {
                // 10^e is 5^e × 2^e, and the last factor is exact.
                var five = BigInteger.valueOf(5).pow(Math.abs(exponent));
                var scale = exponent < 0 ? five.bitLength() + BITS - 1 : BITS - five.bitLength();
                var bits =
                        exponent < 0
                                ? BigInteger.ONE.shiftLeft(scale).divide(five)
                                : five.shiftLeft(scale);
                HIGH[exponent - MIN] = bits.shiftRight(Long.SIZE).longValue();
                LOW[exponent - MIN] = bits.longValue();
                BINARY_EXPONENT[exponent - MIN] = exponent - scale;
            }
        }

        static long high(int exponent) {
            return HIGH[exponent - MIN];
        }

        static long low(int exponent) {
            return LOW[exponent - MIN];
        }

        static int binaryExponent(int exponent) {
            return BINARY_EXPONENT[exponent - MIN];
        }
    }
}
