package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnType.Timestamp;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// DateTime and DateTime64: `YYYY-MM-DD hh:mm:ss`, or with `T` between day and time.
///
/// A fraction may follow; digits that the column cannot hold must be zeros. `Z`, `UTC` or an offset
/// (`+hh`, `+hhmm` or `+hh:mm`, at most 18 hours) may end the text, after one space at most;
/// without it the text is a time in the column's zone, else in UTC. A time that the zone's clocks
/// skipped is none, one that they showed twice is ambiguous, unless the column says what they mean.
///
/// A day without a time is refused rather than taken for midnight, and a bare number rather than
/// taken for seconds (milliseconds look the same); so is a leap second, which the type cannot tell
/// from the second after it. A column's date formats, when it has some, are read instead of all
/// this.
final class DateTimeParser extends FixedParser {
    private static final int LENGTH = "YYYY-MM-DD hh:mm:ss".length();
    private static final int DAY_SECONDS = 86_400;

    /// The bits of `hh:mm:ss` that tell one digit from another; what its other bits are; and what
    /// makes a digit beyond 9 spill over into those.
    private static final long TIME_DIGITS = 0x0F0F_000F_0F00_0F0FL;

    private static final long TIME_SHAPE = 0x3030_3A30_303A_3030L;
    private static final long TIME_SIXES = 0x0606_0006_0600_0606L;

    private final Ticks ticks;
    private final int precision;
    private final long minSecond;
    private final long maxSecond;
    private final WallClock clock;
    private final @Nullable DateFormats formats;
    private final DayTexts days = new DayTexts();
    private boolean skipped;

    /// @throws MillraceException INVALID_MODEL, naming the column, for a date format that is none
    DateTimeParser(Column column, ColumnType type, Timestamp timestamp) {
        super(type);
        this.ticks = Ticks.of(timestamp);
        this.precision = ticks.precision();
        this.minSecond = ticks.minSecond();
        this.maxSecond = ticks.maxSecond();
        this.clock = new WallClock(timestamp.zoneId(), column.reading().clockChange());
        this.formats = DateFormats.of(column, clock, false);
    }

    /// Whether the last text that was no timestamp was one that the zone's clocks skipped.
    boolean skipped() {
        return skipped;
    }

    /// The clock of the column's zone.
    WallClock clock() {
        return clock;
    }

    @Override
    boolean refusesBlanks() {
        return formats == null;
    }

    @Override
    boolean parseAll(RecordBlock block, int first, int row) {
        for (var i = 0; i < block.records; i++) {
            var place = first + i;
            if (parse(block.bytes, block.starts[place], block.ends[place], row + i) != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        return formats == null
                ? parseStandard(bytes, start, end, row)
                : parse(formats, bytes, start, end, row);
    }

    private @Nullable RejectionCode parse(
            DateFormats formats, byte[] bytes, int start, int end, int row) {
        skipped = false;
        var error = formats.read(bytes, start, end);
        if (error != null) {
            return error;
        }
        var reading = formats.reading();
        var nanosPerTick = DateReading.NANOS_A_SECOND / ticks.perSecond();
        if (reading.tooFine || reading.nanos % nanosPerTick != 0) {
            return RejectionCode.TOO_PRECISE;
        }
        return put(reading.utc(clock), reading.nanos / nanosPerTick, row);
    }

    @Override
    @Nullable RejectionCode parseStandard(byte[] bytes, int start, int end, int row) {
        skipped = false;
        if (end - start < LENGTH) {
            return RejectionCode.NOT_A_TIMESTAMP;
        }
        var day = days.at(bytes, start);
        var second = secondOfDay(bytes, start + Days.LENGTH);
        if (day == Days.NONE || second < 0) {
            return RejectionCode.NOT_A_TIMESTAMP;
        }
        var local = (long) day * DAY_SECONDS + second;
        return end - start == LENGTH
                ? put(clock.toUtc(local), 0, row)
                : parseEnd(bytes, start + LENGTH, end, local, row);
    }

    /// Reads ` hh:mm:ss` or `Thh:mm:ss`; negative when it is not a time of day. The eight bytes of
    /// the time are looked at together, the first in the lowest place.
    private static int secondOfDay(byte[] bytes, int at) {
        var time = LittleEndian.getLong(bytes, at + 1);
        var digits = time & TIME_DIGITS;
        var shaped =
                (time & ~TIME_DIGITS) == TIME_SHAPE
                        && ((digits + TIME_SIXES) & ~TIME_DIGITS) == 0
                        && (bytes[at] == ' ' || bytes[at] == 'T');
        var twos = digits * 10 + (digits >>> Byte.SIZE);
        var hour = (int) twos & 0xFF;
        var minute = (int) (twos >>> 24) & 0xFF;
        var second = (int) (twos >>> 48) & 0xFF;
        if (!shaped || hour > 23 || minute > 59 || second > 59) {
            return -1;
        }
        return hour * 3_600 + minute * 60 + second;
    }

    /// Reads what may follow the seconds: a fraction, then a zone.
    private @Nullable RejectionCode parseEnd(
            byte[] bytes, int start, int end, long local, int row) {
        var zone = start;
        var tick = 0;
        var precise = false;
        if (bytes[start] == '.') {
            zone = Digits.skip(bytes, start + 1, end);
            if (zone == start + 1) {
                return RejectionCode.NOT_A_TIMESTAMP;
            }
            var kept = Math.min(zone, start + 1 + precision);
            for (var i = start + 1; i < kept; i++) {
                tick = tick * 10 + bytes[i] - '0';
            }
            tick *= ticks.scale(kept - start - 1);
            precise = Digits.skipZeros(bytes, kept, zone) < zone;
        }
        if (zone == end) {
            return precise ? RejectionCode.TOO_PRECISE : put(clock.toUtc(local), tick, row);
        }
        var offset = offset(bytes, zone, end);
        if (offset == OffsetText.NONE) {
            return RejectionCode.NOT_A_TIMESTAMP;
        }
        return precise ? RejectionCode.TOO_PRECISE : put(local - offset, tick, row);
    }

    /// The offset that a text ends with, [OffsetText#NONE] for anything else.
    private static int offset(byte[] bytes, int start, int end) {
        var from = bytes[start] == ' ' ? start + 1 : start;
        var isUtc =
                end - from == 3
                        && bytes[from] == 'U'
                        && bytes[from + 1] == 'T'
                        && bytes[from + 2] == 'C';
        return isUtc ? 0 : OffsetText.seconds(bytes, from, end);
    }

    private @Nullable RejectionCode put(long second, int tick, int row) {
        if (second < minSecond
                || second > maxSecond
                || (second == maxSecond && tick > ticks.maxTick())) {
            return unfit(second);
        }
        if (widthBytes == Integer.BYTES) {
            LittleEndian.putInt(values, row * Integer.BYTES, (int) second);
        } else {
            var value = second * ticks.perSecond() + tick;
            LittleEndian.putLong(values, row * Long.BYTES, value);
        }
        return null;
    }

    private RejectionCode unfit(long second) {
        skipped = second == WallClock.SKIPPED;
        if (skipped) {
            return RejectionCode.NOT_A_TIMESTAMP;
        }
        return second == WallClock.REPEATED
                ? RejectionCode.AMBIGUOUS_TIMESTAMP
                : RejectionCode.OUT_OF_RANGE;
    }
}
