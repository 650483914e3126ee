package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/// What a rejection tells a person of a text that is no day or no point in time, or more than one.
/// The text is read once more, at leisure, to see why.
final class TimeWording {
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern COUNT = Pattern.compile("-?\\d+(\\.\\d+)?");

    private TimeWording() {}

    /// @param type the column's, or that of its arrays' elements
    /// @param shown the text as a message shows it
    static String of(Column column, ColumnType type, String observed, String shown) {
        var text = observed.strip().getBytes(UTF_8);
        var timestamp = type instanceof ColumnType.Timestamp t ? t : null;
        var zone = timestamp == null ? ZoneOffset.UTC : timestamp.zoneId();
        var clock = new WallClock(zone, ClockChange.REJECT);
        var formats = DateFormats.of(column, clock, timestamp == null);
        if (formats != null) {
            var conflict = formats.conflict(text);
            if (!conflict.isEmpty()) {
                return "%s could be %s: leave one of the column's date formats out"
                        .formatted(shown, conflict);
            }
        }
        return timestamp == null
                ? "%s is not a day of the calendar: write it as %s"
                        .formatted(shown, wanted(column, "YYYY-MM-DD"))
                : ofTimestamp(column, timestamp, text, shown);
    }

    private static String ofTimestamp(
            Column column, ColumnType.Timestamp type, byte[] text, String shown) {
        var parser = new DateTimeParser(column, type, type);
        parser.begin(1, text.length);
        var error = text.length == 0 ? null : parser.read(text, 0, text.length, 0);
        if (error == RejectionCode.AMBIGUOUS_TIMESTAMP) {
            return ("%s was shown twice by the clocks in %s: write the offset from UTC behind it (%s"
                            + " before the change, %s after it), or set the column's clockChange to"
                            + " earlierOffset or laterOffset")
                    .formatted(
                            shown,
                            type.zoneId(),
                            offset(parser.clock().before()),
                            offset(parser.clock().after()));
        }
        if (parser.skipped()) {
            return ("%s was skipped by the clocks in %s: write the time that it was, or set the"
                            + " column's clockChange to earlierOffset or laterOffset")
                    .formatted(shown, type.zoneId());
        }
        return notOne(column, type, new String(text, UTF_8), shown);
    }

    private static String notOne(
            Column column, ColumnType.Timestamp type, String text, String shown) {
        if (!column.reading().dateFormats().isEmpty()) {
            return "%s is not a time on a day of the calendar: write it as %s"
                    .formatted(shown, wanted(column, ""));
        }
        var standard =
                "write it as YYYY-MM-DD hh:mm:ss, with an offset such as +02:00 when it is not %s"
                        .formatted(type.zone() == null ? "UTC" : "in " + type.zone());
        if (DAY.matcher(text).matches()) {
            return "%s has no time of day: %s; or give the column the date format yyyy-MM-dd, for"
                            .formatted(shown, standard)
                    + " midnight";
        }
        if (COUNT.matcher(text).matches()) {
            return "%s does not say what it counts: %s; or give the column the date format"
                            .formatted(shown, standard)
                    + " unixSeconds, unixMillis, unixMicros or unixNanos";
        }
        return "%s is not a time on a day of the calendar: %s".formatted(shown, standard);
    }

    private static String wanted(Column column, String standard) {
        var formats = column.reading().dateFormats();
        return formats.isEmpty() ? standard : DateFormats.listed(formats);
    }

    /// A text with more digits than the type holds.
    static String tooPrecise(ColumnType type, String shown) {
        if (type instanceof ColumnType.DateTime64(int precision, _) && precision > 0) {
            return "%s has more digits of a second than %s, which holds %d: write no more"
                    .formatted(shown, type.name(), precision);
        }
        if (type instanceof ColumnType.Date || type instanceof ColumnType.Date32) {
            return "%s has a time of day, which %s cannot hold: write midnight, or make it a DateTime"
                    .formatted(shown, type.name());
        }
        return "%s has a fraction of a second, which %s cannot hold: write whole seconds"
                .formatted(shown, type.name());
    }

    private static String offset(int seconds) {
        return seconds == 0 ? "+00:00" : ZoneOffset.ofTotalSeconds(seconds).getId();
    }
}
