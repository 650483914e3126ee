package dev.millrace.validate;

/// Counts of seconds, or of a part of them, since 1970-01-01 00:00:00 UTC: digits, after a minus
/// when it was before; those of seconds may have a fraction.
final class EpochCount {
    /// More digits than any second has that a type can hold.
    private static final int MOST_DIGITS = 15;

    /// Stands for a second of more digits.
    private static final long FAR = 1_000_000_000_000_000L;

    private EpochCount() {}

    /// Reads a whole text; false when it is no count.
    ///
    /// @param scale the digits of a second's fraction that the unit makes: 3 for milliseconds
    static boolean read(int scale, byte[] bytes, int start, int end, DateReading into) {
        var negative = start < end && bytes[start] == '-';
        var from = negative ? start + 1 : start;
        var to = Digits.skip(bytes, from, end);
        if (to == from || !readFraction(scale, bytes, to, end, into)) {
            return false;
        }
        var point = Math.max(from, to - scale);
        for (var i = point; i < to; i++) {
            into.nanos = into.nanos * 10 + bytes[i] - '0';
        }
        for (var i = scale; i > 0 && i < DateFormat.NANO_DIGITS; i++) {
            into.nanos *= 10;
        }
        var second = second(bytes, Digits.skipZeros(bytes, from, point), point);
        into.second = negative ? -second : second;
        if (negative && into.nanos > 0) {
            into.second--;
            into.nanos = DateReading.NANOS_A_SECOND - into.nanos;
        }
        into.offset = 0;
        return true;
    }

    private static long second(byte[] bytes, int start, int end) {
        if (end - start > MOST_DIGITS) {
            return FAR;
        }
        var second = 0L;
        for (var i = start; i < end; i++) {
            second = second * 10 + bytes[i] - '0';
        }
        return second;
    }

    /// Reads the fraction that seconds may have; false for anything else behind the digits.
    private static boolean readFraction(
            int scale, byte[] bytes, int at, int end, DateReading into) {
        if (at == end) {
            return true;
        }
        var shaped = scale == 0 && bytes[at] == '.' && at + 1 < end;
        if (!shaped || !Digits.areAll(bytes, at + 1, end)) {
            return false;
        }
        var kept = Math.min(end, at + 1 + DateFormat.NANO_DIGITS);
        into.nanos = DateFormat.nanos(bytes, at + 1, kept);
        into.tooFine = Digits.skipZeros(bytes, kept, end) < end;
        return true;
    }
}
