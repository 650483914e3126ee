package dev.millrace.validate;

import dev.millrace.core.ColumnReading.ClockChange;
import java.time.ZoneId;

/// Tells what time it is in UTC when the clocks of a zone show a time; quick while the times asked
/// for lie between the same two changes. Times are seconds since 1970-01-01 00:00:00, local ones as
/// if they were UTC. Not thread-safe.
final class WallClock {
    /// Stands for a time that the clocks never showed.
    static final long SKIPPED = Long.MIN_VALUE;

    /// Stands for a time that they showed twice.
    static final long REPEATED = Long.MIN_VALUE + 1;

    private final ZoneChanges changes;
    private final ClockChange clockChange;

    /// Where the clocks have one offset: from a local time on, before another.
    private long from;

    private long until;
    private int offset;

    /// The offsets before and after the change that was met last.
    private int before;

    private int after;

    /// @param clockChange what a time means that the clocks skipped or showed twice
    WallClock(ZoneId zone, ClockChange clockChange) {
        this.changes = ZoneChanges.of(zone);
        this.clockChange = clockChange;
    }

    /// The time in UTC, or [#SKIPPED] or [#REPEATED].
    long toUtc(long local) {
        return local >= from && local < until ? local - offset : find(local);
    }

    /// The clocks' offset from UTC, in seconds, before the change that skipped or repeated the time
    /// that was asked for last.
    int before() {
        return before;
    }

    /// The offset after it.
    int after() {
        return after;
    }

    private long find(long local) {
        var beyond = ZoneChanges.beyond(local);
        var stretch = changes.at(local - beyond);
        before = changes.before(stretch);
        after = changes.after(stretch);
        if (before == after) {
            offset = before;
            from = changes.start(stretch) + beyond;
            until = changes.end(stretch) + beyond;
            return local - offset;
        }
        return switch (clockChange) {
            case REJECT -> before < after ? SKIPPED : REPEATED;
            case EARLIER_OFFSET -> local - before;
            case LATER_OFFSET -> local - after;
        };
    }
}
