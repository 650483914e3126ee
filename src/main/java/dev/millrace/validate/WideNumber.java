package dev.millrace.validate;

import dev.millrace.core.LittleEndian;

/// An unsigned number of up to 256 bits that grows out of decimal digits. Reused for every field;
/// not thread-safe.
final class WideNumber {
    /// 64 bits each, lowest first; the first [#used] count, the last of them not 0.
    private final long[] limbs = new long[4];

    private int used;
    private boolean overflown;

    void set(long value) {
        overflown = false;
        used = 0;
        append(0, value);
    }

    /// Its lowest 64 bits.
    long lowest() {
        return used == 0 ? 0 : limbs[0];
    }

    /// Makes it itself × factor + addend, both unsigned.
    void append(long factor, long addend) {
        var carry = addend;
        for (var i = 0; i < used; i++) {
            var low = limbs[i] * factor;
            var sum = low + carry;
            var high = Math.unsignedMultiplyHigh(limbs[i], factor);
            carry = high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
            limbs[i] = sum;
        }
        if (carry != 0) {
            if (used == limbs.length) {
                overflown = true;
            } else {
                limbs[used++] = carry;
            }
        }
    }

    /// Makes it itself × 10^power.
    void appendZeros(int power) {
        var rest = power;
        for (; rest > Digits.MAX_POWER; rest -= Digits.MAX_POWER) {
            append(Digits.powerOfTen(Digits.MAX_POWER), 0);
        }
        if (rest > 0) {
            append(Digits.powerOfTen(rest), 0);
        }
    }

    /// Appends decimal digits to its own.
    ///
    /// @return false when they are not all digits
    boolean appendDigits(byte[] bytes, int start, int end) {
        var i = start;
        for (; i <= end - 2 * Digits.EIGHT; i += 2 * Digits.EIGHT) {
            var upper = Digits.eight(bytes, i);
            var lower = Digits.eight(bytes, i + Digits.EIGHT);
            if ((upper | lower) < 0) {
                return false;
            }
            append(10_000_000_000_000_000L, upper * 100_000_000L + lower);
        }
        var rest = 0L;
        for (var k = i; k < end; k++) {
            var digit = bytes[k] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            rest = rest * 10 + digit;
        }
        if (i < end) {
            append(Digits.powerOfTen(end - i), rest);
        }
        return true;
    }

    /// How many bits it takes, more than 256 when it does not fit them.
    int bitLength() {
        return overflown
                ? limbs.length * Long.SIZE + 1
                : used == 0 ? 0 : used * Long.SIZE - Long.numberOfLeadingZeros(limbs[used - 1]);
    }

    /// Whether it is 1, 2, 4, …
    boolean isPowerOfTwo() {
        for (var i = 0; i < used - 1; i++) {
            if (limbs[i] != 0) {
                return false;
            }
        }
        return used > 0 && Long.bitCount(limbs[used - 1]) == 1;
    }

    /// Writes it, or its negative, little-endian in two's complement.
    void put(byte[] bytes, int at, int widthBytes, boolean negative) {
        // -x is ~x + 1.
        var flip = negative ? -1L : 0L;
        var carry = negative ? 1L : 0L;
        for (var i = 0; i < widthBytes / Long.BYTES; i++) {
            var limb = ((i < used ? limbs[i] : 0) ^ flip) + carry;
            carry = carry != 0 && limb == 0 ? 1 : 0;
            LittleEndian.putLong(bytes, at + i * Long.BYTES, limb);
        }
    }
}
