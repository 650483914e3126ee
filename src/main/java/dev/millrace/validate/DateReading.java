package dev.millrace.validate;

/// What a date format reads in a text: a day, a time of day, perhaps an offset from UTC. The next
/// reading overwrites it. Not thread-safe.
final class DateReading {
    static final int YEAR = 0;
    static final int MONTH = 1;
    static final int DAY = 2;
    static final int HOUR = 3;

    /// 1 to 12, 0 while there is none.
    static final int HALF_DAY_HOUR = 4;

    static final int MINUTE = 5;
    static final int SECOND = 6;
    static final int FIELDS = 7;

    static final int NANOS_A_SECOND = 1_000_000_000;
    private static final int DAY_SECONDS = 86_400;

    final int[] fields = new int[FIELDS];
    boolean afternoon;
    int nanos;

    /// Whether the text has digits behind the nanoseconds that are not zeros.
    boolean tooFine;

    /// The offset from UTC in seconds, or [OffsetText#NONE].
    int offset;

    /// Seconds since 1970-01-01 00:00:00, local ones as if they were UTC.
    long second;

    void clear() {
        for (var i = HOUR; i < FIELDS; i++) {
            fields[i] = 0;
        }
        afternoon = false;
        nanos = 0;
        tooFine = false;
        offset = OffsetText.NONE;
    }

    /// Makes the second of what the fields say; false when no calendar or clock shows it.
    boolean resolve(boolean byHalfDays) {
        var hour = fields[HOUR];
        if (byHalfDays) {
            var ofHalf = fields[HALF_DAY_HOUR];
            if (ofHalf < 1 || ofHalf > 12) {
                return false;
            }
            hour = ofHalf % 12 + (afternoon ? 12 : 0);
        }
        var day = Days.of(fields[YEAR], fields[MONTH], fields[DAY]);
        var minute = fields[MINUTE];
        var ofMinute = fields[SECOND];
        if (day == Days.NONE || hour > 23 || minute > 59 || ofMinute > 59) {
            return false;
        }
        var ofDay = hour * 3_600 + minute * 60 + ofMinute;
        second = (long) day * DAY_SECONDS + ofDay;
        return true;
    }

    int day() {
        return (int) Math.floorDiv(second, DAY_SECONDS);
    }

    boolean isMidnight() {
        return Math.floorMod(second, DAY_SECONDS) == 0 && nanos == 0 && !tooFine;
    }

    /// The second in UTC, as [WallClock#toUtc] gives it.
    long utc(WallClock clock) {
        return offset == OffsetText.NONE ? clock.toUtc(second) : second - offset;
    }

    /// Whether both are the same point in time.
    boolean isLike(DateReading other, WallClock clock) {
        var same = second == other.second && offset == other.offset;
        return nanos == other.nanos
                && tooFine == other.tooFine
                && (same || utc(clock) == other.utc(clock));
    }
}
