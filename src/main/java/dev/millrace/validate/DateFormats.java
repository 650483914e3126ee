package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RejectionCode;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The date formats of a column, tried one and all: a text that two of them read as different
/// points in time is ambiguous. Not thread-safe.
final class DateFormats {
    private static final int MOST = 16;

    private final DateFormat[] formats;
    private final WallClock clock;
    private final boolean isDay;
    private DateReading reading = new DateReading();
    private DateReading other = new DateReading();

    private DateFormats(DateFormat[] formats, WallClock clock, boolean isDay) {
        this.formats = formats;
        this.clock = clock;
        this.isDay = isDay;
    }

    /// @param clock what tells the point in time of a text without an offset
    /// @param isDay whether the column holds days
    /// @return null when the column has none
    /// @throws MillraceException INVALID_MODEL, naming the column, for a format that is none
    static @Nullable DateFormats of(Column column, WallClock clock, boolean isDay) {
        var texts = column.reading().dateFormats();
        if (texts.isEmpty()) {
            return null;
        }
        if (texts.size() > MOST) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "Column '%s' has %d date formats, more than %d"
                            .formatted(column.name(), texts.size(), MOST));
        }
        var formats =
                texts.stream()
                        .map(text -> DatePattern.compile(column.name(), text, isDay))
                        .toArray(DateFormat[]::new);
        return new DateFormats(formats, clock, isDay);
    }

    /// @throws MillraceException INVALID_MODEL for a column that has some and holds no dates or
    ///   times
    static void requireSuited(Column column) {
        var type = column.type();
        while (type instanceof ColumnType.Array(ColumnType element)) {
            type = element;
        }
        if (!type.isDated() && !column.reading().dateFormats().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "Column '%s' %s: date formats are for dates and times"
                            .formatted(column.name(), column.type().name()));
        }
    }

    /// Reads a whole text into [#reading].
    ///
    /// @return why it is none, or null when it was read
    @Nullable RejectionCode read(byte[] bytes, int start, int end) {
        var fits = false;
        for (var format : formats) {
            if (!format.read(bytes, start, end, other)) {
                continue;
            }
            if (fits && !reading.isLike(other, clock)) {
                return isDay ? RejectionCode.AMBIGUOUS_DATE : RejectionCode.AMBIGUOUS_TIMESTAMP;
            }
            fits = true;
            var read = other;
            other = reading;
            reading = read;
        }
        if (fits) {
            return null;
        }
        return isDay ? RejectionCode.NOT_A_DATE : RejectionCode.NOT_A_TIMESTAMP;
    }

    DateReading reading() {
        return reading;
    }

    /// The two readings that make a text ambiguous, for people; empty when it is not.
    String conflict(byte[] text) {
        var said = new ArrayList<String>();
        var first = new DateReading();
        for (var format : formats) {
            var into = said.isEmpty() ? first : other;
            if (format.read(text, 0, text.length, into)
                    && (said.isEmpty() || !first.isLike(other, clock))) {
                said.add("%s by %s".formatted(shown(into), format.text()));
            }
            if (said.size() == 2) {
                return String.join(" and ", said);
            }
        }
        return "";
    }

    private String shown(DateReading read) {
        var time = LocalDateTime.ofEpochSecond(read.second, read.nanos, ZoneOffset.UTC);
        if (isDay && read.isMidnight()) {
            return time.toLocalDate().toString();
        }
        var offset =
                read.offset == OffsetText.NONE
                        ? ""
                        : ZoneOffset.ofTotalSeconds(read.offset).toString();
        return time.toString().replace('T', ' ') + offset;
    }

    /// The column's formats, for people.
    static String listed(List<String> formats) {
        return formats.stream().map(DateFormats::named).collect(Collectors.joining(" or "));
    }

    private static String named(String format) {
        return switch (format) {
            case "unixSeconds" -> "seconds since 1970";
            case "unixMillis" -> "milliseconds since 1970";
            case "unixMicros" -> "microseconds since 1970";
            case "unixNanos" -> "nanoseconds since 1970";
            default -> format;
        };
    }
}
