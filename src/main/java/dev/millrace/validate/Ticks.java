package dev.millrace.validate;

import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnType.Timestamp;
import java.time.Instant;
import java.time.ZoneId;

/// How a type counts time, and from when to when. Seconds are those since 1970-01-01 00:00:00 UTC,
/// ticks those of one second.
///
/// @param perSecond 1 to 10⁹, a power of ten
/// @param minSecond the first second that the type can hold, all of it
/// @param maxSecond the last second that it can hold
/// @param maxTick the last tick of that second that it can hold
record Ticks(int precision, int perSecond, long minSecond, long maxSecond, int maxTick) {
    private static final int[] POWERS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };
    private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;
    private static final long FIRST_SECOND = -62_167_219_200L;
    private static final long LAST_SECOND = 253_402_300_799L;

    static Ticks of(Timestamp type) {
        return switch (type) {
            case ColumnType.DateTime _ -> new Ticks(0, 1, 0, MAX_UNSIGNED_INT, 0);
            case ColumnType.DateTime64(int precision, _) -> ofLong(precision, type.zoneId());
        };
    }

    /// The years 0000 to 9999, in UTC and in the zone both, for ClickHouse cannot show others; less
    /// where that many ticks are more than a long holds.
    private static Ticks ofLong(int precision, ZoneId zone) {
        var perSecond = POWERS[precision];
        var clock = new WallClock(zone, ClockChange.EARLIER_OFFSET);
        var first = Math.max(FIRST_SECOND, clock.toUtc(FIRST_SECOND));
        var last = Math.min(LAST_SECOND, clock.toUtc(LAST_SECOND));
        var reach = Long.MAX_VALUE / perSecond;
        return new Ticks(
                precision,
                perSecond,
                Math.max(first, -reach),
                Math.min(last, reach),
                reach < last ? (int) (Long.MAX_VALUE % perSecond) : perSecond - 1);
    }

    /// What the type holds, for people.
    String range() {
        var text =
                "%s to %s"
                        .formatted(
                                Instant.ofEpochSecond(minSecond),
                                Instant.ofEpochSecond(
                                        maxSecond, (long) maxTick * POWERS[9 - precision]));
        return text.replace('T', ' ').replace("Z", "") + " UTC";
    }

    /// What a fraction of so many digits is short of a tick's.
    int scale(int digits) {
        return POWERS[precision - digits];
    }
}
