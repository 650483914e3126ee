package dev.millrace.validate;

import dev.millrace.core.LittleEndian;

/// ASCII digits in a byte array.
final class Digits {
    /// The greatest power of ten that fits a long, unsigned.
    static final int MAX_POWER = 19;

    /// So many digits are read at once.
    static final int EIGHT = Long.BYTES;

    static final int SIXTEEN = 2 * EIGHT;

    /// So many digits fit a long whatever they are.
    static final int SAFE = 18;

    /// Eight zeros, as text.
    private static final long ZEROS = 0x3030303030303030L;

    /// Eight points, and eight ones as numbers.
    private static final long POINTS = 0x2E2E2E2E2E2E2E2EL;

    private static final long ONES = 0x0101010101010101L;

    private static final long[] POWERS_OF_TEN = new long[MAX_POWER + 1];

    static {
        POWERS_OF_TEN[0] = 1;
        for (var i = 1; i <= MAX_POWER; i++) {
            POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
        }
    }

    private Digits() {}

    /// 10^power as an unsigned number.
    static long powerOfTen(int power) {
        return POWERS_OF_TEN[power];
    }

    static boolean areAll(byte[] bytes, int start, int end) {
        for (var i = start; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /// Where the digits that begin here end.
    static int skip(byte[] bytes, int start, int end) {
        var i = start;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    /// Where the zeros that begin here end.
    static int skipZeros(byte[] bytes, int start, int end) {
        var i = start;
        while (i < end && bytes[i] == '0') {
            i++;
        }
        return i;
    }

    /// The number that two digits make, negative when they are not both digits.
    static int two(byte[] bytes, int at) {
        var tens = bytes[at] - '0';
        var ones = bytes[at + 1] - '0';
        return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? -1 : tens * 10 + ones;
    }

    /// The number that eight digits make, negative when they are not all digits.
    ///
    /// All are read in one word, and neighbours joined: digits to pairs, pairs to fours, fours to
    /// the whole (D. Lemire, "Quickly parsing eight digits", 2018).
    static int eight(byte[] bytes, int at) {
        return eight(LittleEndian.getLong(bytes, at));
    }

    /// The number that up to sixteen digits make, negative when they are not all digits.
    ///
    /// @param end at least sixteen; what stands before the digits does not count
    /// @param count how many digits, 1 to 16
    static long upToSixteen(byte[] bytes, int end, int count) {
        if (count <= EIGHT) {
            return upToEight(bytes, end, count);
        }
        long upper = upToEight(bytes, end - EIGHT, count - EIGHT);
        long lower = eight(bytes, end - EIGHT);
        return (upper | lower) < 0 ? -1 : upper * 100_000_000 + lower;
    }

    /// The same of up to eight, and eight at least before the end.
    private static int upToEight(byte[] bytes, int end, int count) {
        return eight(lastEight(bytes, end, count));
    }

    /// Up to eight characters in one word, the last one highest, with zeros before them.
    ///
    /// @param end at least eight; what stands before the characters does not count
    /// @param count how many there are, 1 to 8
    static long lastEight(byte[] bytes, int end, int count) {
        var others = Byte.SIZE * (EIGHT - count);
        var text = LittleEndian.getLong(bytes, end - EIGHT) >>> others << others;
        return text | (ZEROS & ~(-1L << others));
    }

    /// Which of the eight characters of a word is the first point, 0 to 7, or -1.
    static int firstPoint(long word) {
        var others = word ^ POINTS;
        // Exact up to the first one, the one wanted.
        var found = (others - ONES) & ~others & (ONES << 7);
        return found == 0 ? -1 : Long.numberOfTrailingZeros(found) >>> 3;
    }

    /// The characters of a word but one, with a zero before them.
    static long without(long word, int place) {
        var before = ~(-1L << (Byte.SIZE * place));
        var behind = (-1L << (Byte.SIZE * place)) << Byte.SIZE;
        return (word & behind) | ((word & before) << Byte.SIZE) | '0';
    }

    /// The number that some digits make, [#SAFE] at most, negative when they are not all digits.
    static long number(byte[] bytes, int start, int end) {
        var number = 0L;
        for (var i = start; i < end; i++) {
            var digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /// The same of the characters in a word, the first one lowest.
    static int eight(long word) {
        // Of a digit the upper half is 3, and still is when 6 is added to the lower.
        var upper = word & 0xF0F0F0F0F0F0F0F0L;
        var upperOfMore = (word + 0x0606060606060606L) & 0xF0F0F0F0F0F0F0F0L;
        if (upper != ZEROS || upperOfMore != ZEROS) {
            return -1;
        }
        var digits = word & 0x0F0F0F0F0F0F0F0FL;
        var pairs = (digits * 10 + (digits >>> 8)) & 0x00FF00FF00FF00FFL;
        var fours = (pairs * 100 + (pairs >>> 16)) & 0x0000FFFF0000FFFFL;
        return (int) (fours * 10_000 + (fours >>> 32));
    }
}
