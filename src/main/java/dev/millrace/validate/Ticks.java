package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnType.Timestamp;

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

    static Ticks of(Timestamp type) {
        return switch (type) {
            case ColumnType.DateTime _ -> new Ticks(0, 1, 0, MAX_UNSIGNED_INT, 0);
        };
    }

    /// What a fraction of so many digits is short of a tick's.
    int scale(int digits) {
        return POWERS[precision - digits];
    }
}
