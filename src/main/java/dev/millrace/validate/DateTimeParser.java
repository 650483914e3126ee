package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// DateTime: `YYYY-MM-DD hh:mm:ss`, or with `T` between day and time, from 1970-01-01 00:00:00 to
/// 2106-02-07 06:28:15 UTC.
///
/// A fraction of zeros may follow; one of other digits has more than the column can hold. `Z` or an
/// offset (`+hh`, `+hhmm` or `+hh:mm`, at most 18 hours) may end the text; without it the text is
/// UTC. A day without a time is refused rather than taken for midnight, and a bare number rather
/// than taken for seconds (milliseconds look the same); so is a leap second, which the type cannot
/// tell from the second after it.
final class DateTimeParser extends FixedParser {
    private static final int LENGTH = "YYYY-MM-DD hh:mm:ss".length();
    private static final int DAY_SECONDS = 86_400;
    private static final int MAX_OFFSET_SECONDS = 18 * 3_600;
    private static final long MAX_SECOND = 0xFFFF_FFFFL;

    DateTimeParser(ColumnType type) {
        super(type);
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        if (end - start < LENGTH) {
            return RejectionCode.NOT_A_TIMESTAMP;
        }
        var day = Days.at(bytes, start);
        var second = secondOfDay(bytes, start + Days.LENGTH);
        if (day == Days.NONE || second < 0) {
            return RejectionCode.NOT_A_TIMESTAMP;
        }
        var seconds = (long) day * DAY_SECONDS + second;
        return end - start == LENGTH
                ? put(seconds, row)
                : parseEnd(bytes, start + LENGTH, end, seconds, row);
    }

    /// Reads ` hh:mm:ss` or `Thh:mm:ss`; negative when it is not a time of day.
    private static int secondOfDay(byte[] bytes, int at) {
        var hour = Digits.two(bytes, at + 1);
        var minute = Digits.two(bytes, at + 4);
        var second = Digits.two(bytes, at + 7);
        var shaped =
                (bytes[at] == ' ' || bytes[at] == 'T')
                        && bytes[at + 3] == ':'
                        && bytes[at + 6] == ':';
        if (!shaped || (hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) {
            return -1;
        }
        return hour * 3_600 + minute * 60 + second;
    }

    /// Reads what may follow the seconds: a fraction, then a zone.
    private @Nullable RejectionCode parseEnd(
            byte[] bytes, int start, int end, long local, int row) {
        var zone = start;
        var precise = false;
        if (bytes[start] == '.') {
            zone = endOfDigits(bytes, start + 1, end);
            if (zone == start + 1) {
                return RejectionCode.NOT_A_TIMESTAMP;
            }
            precise = Digits.skipZeros(bytes, start + 1, zone) < zone;
        }
        var offset = offsetSeconds(bytes, zone, end);
        if (Math.abs(offset) > MAX_OFFSET_SECONDS) {
            return RejectionCode.NOT_A_TIMESTAMP;
        }
        return precise ? RejectionCode.TOO_PRECISE : put(local - offset, row);
    }

    /// The offset from UTC that a text ends with, beyond the largest when it is none.
    private static int offsetSeconds(byte[] bytes, int start, int end) {
        var length = end - start;
        if (length == 0 || (length == 1 && bytes[start] == 'Z')) {
            return 0;
        }
        var sign = bytes[start];
        var colon = length == "+hh:mm".length() && bytes[start + 3] == ':';
        var shaped = colon || length == "+hhmm".length() || length == "+hh".length();
        if (!shaped || (sign != '+' && sign != '-')) {
            return Integer.MAX_VALUE;
        }
        var hours = Digits.two(bytes, start + 1);
        var minutes = length == "+hh".length() ? 0 : Digits.two(bytes, end - 2);
        if ((hours | minutes) < 0 || minutes > 59) {
            return Integer.MAX_VALUE;
        }
        var seconds = hours * 3_600 + minutes * 60;
        return sign == '-' ? -seconds : seconds;
    }

    private static int endOfDigits(byte[] bytes, int start, int end) {
        var i = start;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    private @Nullable RejectionCode put(long seconds, int row) {
        if (seconds < 0 || seconds > MAX_SECOND) {
            return RejectionCode.OUT_OF_RANGE;
        }
        LittleEndian.putInt(values, row * Integer.BYTES, (int) seconds);
        return null;
    }
}
