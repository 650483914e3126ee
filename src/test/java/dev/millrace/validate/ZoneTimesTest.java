package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.ColumnReading.ClockChange;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The clocks of every zone against java.time's own reading of its rules.
class ZoneTimesTest {
    private static final long FIRST = second("0000-01-01T00:00:00");
    private static final long LAST = second("9999-12-31T23:59:59");
    private static final long SEED = new Random().nextLong();

    @Test
    void everyClockChangeOfEveryZoneIsThatOfJavaTime() {
        var wrong = new ArrayList<String>();
        var changes = 0;
        for (var zone : zones()) {
            for (var clockChange : ClockChange.values()) {
                var clock = new WallClock(zone, clockChange);
                for (var change : changes(zone)) {
                    changes++;
                    around(change).forEach(local -> check(zone, clock, clockChange, local, wrong));
                }
            }
        }
        assertThat(changes).isGreaterThan(100_000);
        assertThat(wrong).isEmpty();
    }

    @Test
    void anyTimeInAnyYearIsThatOfJavaTime() {
        var random = new Random(SEED);
        var wrong = new ArrayList<String>();
        for (var zone : zones()) {
            var clock = new WallClock(zone, ClockChange.REJECT);
            for (var i = 0; i < 300; i++) {
                check(zone, clock, ClockChange.REJECT, random.nextLong(FIRST, LAST + 1), wrong);
            }
            check(zone, clock, ClockChange.REJECT, FIRST, wrong);
            check(zone, clock, ClockChange.REJECT, LAST, wrong);
        }
        assertThat(wrong).as("seed %d", SEED).isEmpty();
    }

    private static void check(
            ZoneId zone, WallClock clock, ClockChange clockChange, long local, List<String> wrong) {
        var expected = reference(zone, clockChange, local);
        var actual = clock.toUtc(local);
        if (actual != expected) {
            var time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
            wrong.add("%s %s: %d, not %d".formatted(zone, time, actual, expected));
        }
    }

    static long reference(ZoneId zone, ClockChange clockChange, long local) {
        var time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
        var offsets = zone.getRules().getValidOffsets(time);
        if (offsets.size() == 1) {
            return time.toEpochSecond(offsets.getFirst());
        }
        var change = zone.getRules().getTransition(time);
        return switch (clockChange) {
            case REJECT -> offsets.isEmpty() ? WallClock.SKIPPED : WallClock.REPEATED;
            case EARLIER_OFFSET -> time.toEpochSecond(change.getOffsetBefore());
            case LATER_OFFSET -> time.toEpochSecond(change.getOffsetAfter());
        };
    }

    /// The last second before the clocks change and the first one after, on both their sides, and
    /// times between.
    private static Stream<Long> around(ZoneOffsetTransition change) {
        var before = change.getDateTimeBefore().toEpochSecond(ZoneOffset.UTC);
        var after = change.getDateTimeAfter().toEpochSecond(ZoneOffset.UTC);
        return Stream.of(
                before - 86_400,
                before - 1,
                before,
                before + 1,
                (before + after) / 2,
                after - 1,
                after,
                after + 1,
                after + 86_400);
    }

    /// A zone's changes until the rules have long come to repeat themselves.
    static List<ZoneOffsetTransition> changes(ZoneId zone) {
        var changes = new ArrayList<ZoneOffsetTransition>();
        var end = Instant.parse("2110-01-01T00:00:00Z");
        var rules = zone.getRules();
        for (var change = rules.nextTransition(Instant.parse("1500-01-01T00:00:00Z"));
                change != null && change.getInstant().isBefore(end);
                change = rules.nextTransition(change.getInstant())) {
            changes.add(change);
        }
        return changes;
    }

    static List<ZoneId> zones() {
        return new TreeSet<>(ZoneId.getAvailableZoneIds()).stream().map(ZoneId::of).toList();
    }

    private static long second(String time) {
        return LocalDateTime.parse(time).toEpochSecond(ZoneOffset.UTC);
    }
}
