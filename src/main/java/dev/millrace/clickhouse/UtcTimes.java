package dev.millrace.clickhouse;

import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnType.Timestamp;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Times of a model, which have been checked, as ClickHouse's CAST reads them: it knows neither `T`
/// nor offsets, takes a time without one for the server's, and chooses by itself what a local time
/// means that a clock change repeats.
///
/// @param precision the digits of a second that the column holds
/// @param zone that of a text without an offset
record UtcTimes(int precision, ZoneId zone, ClockChange clockChange) {
    private static final Pattern TIME =
            Pattern.compile(
                    "(\\d{4}-\\d\\d-\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)0*"
                            + "(?: ?(Z|UTC|[+-]\\d\\d(?::?\\d\\d)?))?");

    private static final int FIRST_YEAR = 1;
    private static final int LAST_YEAR = 9999;

    static UtcTimes of(Timestamp type, ClockChange clockChange) {
        var precision =
                switch (type) {
                    case ColumnType.DateTime _ -> 0;
                    case ColumnType.DateTime64(var digits, _) -> digits;
                };
        return new UtcTimes(precision, type.zoneId(), clockChange);
    }

    /// A text with every time in it written in UTC, with all of the column's digits.
    ///
    /// @throws MillraceException INVALID_MODEL for a time that CAST would read as another one
    String rewrite(String text) {
        return TIME.matcher(text).replaceAll(this::inUtc);
    }

    private String inUtc(MatchResult time) {
        var local = LocalDateTime.parse(time.group(1) + "T" + time.group(2));
        var utc =
                OffsetDateTime.of(local, offset(local, time.group(3)))
                        .withOffsetSameInstant(ZoneOffset.UTC);
        if (utc.getYear() < FIRST_YEAR || utc.getYear() > LAST_YEAR) {
            // CAST takes the year 0000 for the present one
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The default '%s' is not in the years 0001 to 9999 of UTC, and ClickHouse has no other"
                            .formatted(time.group()));
        }
        return format().format(utc);
    }

    private DateTimeFormatter format() {
        var format = new DateTimeFormatterBuilder().appendPattern("uuuu-MM-dd HH:mm:ss");
        return (precision == 0 ? format : format.appendPattern("." + "S".repeat(precision)))
                .toFormatter();
    }

    private ZoneOffset offset(LocalDateTime local, @Nullable String said) {
        if (said != null) {
            return said.equals("UTC") ? ZoneOffset.UTC : ZoneOffset.of(said);
        }
        var change = zone.getRules().getTransition(local);
        if (change == null) {
            return zone.getRules().getOffset(local);
        }
        return switch (clockChange) {
            case EARLIER_OFFSET -> change.getOffsetBefore();
            case LATER_OFFSET -> change.getOffsetAfter();
            case REJECT -> throw new IllegalStateException(local + " was not checked");
        };
    }
}
