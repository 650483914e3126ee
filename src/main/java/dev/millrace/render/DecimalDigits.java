package dev.millrace.render;

import dev.millrace.core.LittleEndian;

/// Whole numbers in decimal, eight digits at a time, without a branch for how many there are.
/// Everything takes the place to begin at and returns the one behind; a few bytes behind that may
/// be written too.
final class DecimalDigits {

    private static final int TEN_TO_8 = 100_000_000;
    private static final long ZEROS = 0x3030303030303030L;

    private DecimalDigits() {}

    static int signed(long number, byte[] to, int at) {
        if (number >= 0) {
            return unsigned(number, to, at);
        }
        to[at] = '-';
        return unsigned(-number, to, at + 1); // right for the smallest too, as an unsigned one
    }

    /// @param number from 0 to 2^64 - 1
    static int unsigned(long number, byte[] to, int at) {
        if (number >= 0 && number < TEN_TO_8) {
            return first(number, to, at);
        }
        var high = number < 0 ? Long.divideUnsigned(number, TEN_TO_8) : number / TEN_TO_8;
        var end = unsigned(high, to, at);
        LittleEndian.putLong(to, end, digits(number - high * TEN_TO_8) | ZEROS);
        return end + 8;
    }

    /// @param number below 10^8
    private static int first(long number, byte[] to, int at) {
        var digits = digits(number);
        var zeros = Long.numberOfTrailingZeros(digits | 1L << 56) & ~7; // bits of leading zeros
        LittleEndian.putLong(to, at, (digits | ZEROS) >>> zeros);
        return at + 8 - (zeros >>> 3);
    }

    /// A decimal, without zeros at the end of what stands behind its point, nor the point where
    /// nothing does.
    ///
    /// @param number the decimal times 10^scale, below 10^8
    /// @param scale at most 7
    static int decimal(long number, int scale, byte[] to, int at) {
        if (scale == 0) {
            return first(number, to, at);
        }
        var digits = digits(number);
        var text = digits | ZEROS;
        var zeros = Math.min(Long.numberOfTrailingZeros(digits) >>> 3, 7 - scale); // in front
        var point = at + 8 - scale - zeros;
        LittleEndian.putLong(to, at, text >>> (8 * zeros));
        LittleEndian.putLong(to, point + 1, text >>> (64 - 8 * scale));
        to[point] = '.';
        var behind = scale - (Long.numberOfLeadingZeros(digits) >>> 3); // digits that are no zeros
        return behind > 0 ? point + 1 + behind : point;
    }

    /// The digits behind the point, and the point, without zeros at their end; nothing for 0.
    ///
    /// @param scale how many digits there are with the zeros, at most 18
    static int fraction(int scale, long number, byte[] to, int at) {
        if (number == 0) {
            return at;
        }
        to[at] = '.';
        var end = last(scale, number, to, at + 1);
        while (to[end - 1] == '0') {
            end--;
        }
        return end;
    }

    /// So many of the last digits of a number, zeros in front included.
    ///
    /// @param count at most 24
    static int last(int count, long number, byte[] to, int at) {
        if (count <= 8) {
            LittleEndian.putLong(to, at, (digits(number) | ZEROS) >>> (64 - 8 * count));
            return at + count;
        }
        var high = number / TEN_TO_8;
        var end = last(count - 8, high, to, at);
        LittleEndian.putLong(to, end, digits(number - high * TEN_TO_8) | ZEROS);
        return end + 8;
    }

    /// The eight digits of a number, a byte each, the first one lowest: halves, then pairs, then
    /// digits are divided side by side.
    ///
    /// @param number below 10^8
    private static long digits(long number) {
        var half = number / 10_000;
        var halves = half | (number - half * 10_000) << 32;
        var hundreds = ((halves * 10_486) >>> 20) & 0x7F_0000_007FL;
        var pairs = hundreds | (halves - hundreds * 100) << 16;
        var tens = ((pairs * 103) >>> 10) & 0x000F_000F_000F_000FL;
        return tens | (pairs - tens * 10) << 8;
    }
}
