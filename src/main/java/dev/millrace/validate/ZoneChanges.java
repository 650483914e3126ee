package dev.millrace.validate;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// What the clocks of a zone show, and how far they are from UTC: local time, in seconds as if it
/// were UTC, cut into stretches. In most of them the clocks have one offset; in one that a change
/// skips or repeats they have two, that before the change and that after it.
///
/// Made once for each zone out of java.time's rules, to a year by which they have come to repeat
/// themselves: the calendar does so every 400 years. Immutable, thread-safe.
final class ZoneChanges {
    private static final ConcurrentMap<ZoneId, ZoneChanges> OF_ZONE = new ConcurrentHashMap<>();
    private static final int SECONDS_A_DAY = 86_400;

    /// Before it every zone has the mean time of its place.
    private static final Instant FIRST = Instant.parse("1700-01-01T00:00:00Z");

    private static final long END = LocalDate.of(2600, 1, 1).toEpochDay() * SECONDS_A_DAY;
    private static final long CYCLE = 146_097L * SECONDS_A_DAY;

    /// A table tells from where to look: it has an entry for each 2²³ seconds, 97 days.
    private static final int SHIFT = 23;

    private static final long ORIGIN = FIRST.getEpochSecond();

    private final short[] stretchAt = new short[(int) ((END - ORIGIN) >> SHIFT) + 1];
    private final long[] starts;
    private final int[] before;
    private final int[] after;

    private ZoneChanges(long[] starts, int[] before, int[] after) {
        this.starts = starts;
        this.before = before;
        this.after = after;
        for (var i = 0; i < stretchAt.length; i++) {
            var found = Arrays.binarySearch(starts, ORIGIN + ((long) i << SHIFT));
            stretchAt[i] = (short) (found < 0 ? -found - 2 : found);
        }
    }

    static ZoneChanges of(ZoneId zone) {
        return OF_ZONE.computeIfAbsent(zone, ZoneChanges::read);
    }

    private static ZoneChanges read(ZoneId zone) {
        var rules = zone.getRules();
        var starts = new long[16];
        var before = new int[16];
        var after = new int[16];
        starts[0] = Long.MIN_VALUE;
        before[0] = after[0] = rules.getOffset(FIRST).getTotalSeconds();
        var size = 1;
        for (var change = rules.nextTransition(FIRST);
                change != null && change.toEpochSecond() < END;
                change = rules.nextTransition(change.getInstant())) {
            if (size + 2 > starts.length) {
                starts = Arrays.copyOf(starts, size * 2);
                before = Arrays.copyOf(before, size * 2);
                after = Arrays.copyOf(after, size * 2);
            }
            var from = change.getOffsetBefore().getTotalSeconds();
            var to = change.getOffsetAfter().getTotalSeconds();
            starts[size] = change.toEpochSecond() + Math.min(from, to);
            before[size] = from;
            after[size++] = to;
            starts[size] = change.toEpochSecond() + Math.max(from, to);
            before[size] = after[size] = to;
            size++;
        }
        return new ZoneChanges(
                Arrays.copyOf(starts, size),
                Arrays.copyOf(before, size),
                Arrays.copyOf(after, size));
    }

    /// The seconds by which a local time lies after the one in the table that is like it.
    static long beyond(long local) {
        return local < END ? 0 : Math.ceilDiv(local - END + 1, CYCLE) * CYCLE;
    }

    /// The stretch that a local time before the table's end lies in.
    int at(long local) {
        if (local < ORIGIN) {
            return 0;
        }
        var i = (int) stretchAt[(int) ((local - ORIGIN) >> SHIFT)];
        while (i + 1 < starts.length && starts[i + 1] <= local) {
            i++;
        }
        return i;
    }

    /// Its first local second.
    long start(int stretch) {
        return starts[stretch];
    }

    /// The local second after its last.
    long end(int stretch) {
        return stretch + 1 < starts.length ? starts[stretch + 1] : END;
    }

    /// Its offset from UTC in seconds, by the clocks before a change.
    int before(int stretch) {
        return before[stretch];
    }

    /// Its offset by the clocks after the change; the same when there is none.
    int after(int stretch) {
        return after[stretch];
    }
}
