package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.time.ZoneOffset;

/// What a rejection tells a person of a text that is no point in time. The text is read once more,
/// at leisure, to see why.
final class TimeWording {
    private TimeWording() {}

    /// @param shown the text as a message shows it
    static String of(Column column, ColumnType.Timestamp type, String observed, String shown) {
        var bytes = observed.strip().getBytes(UTF_8);
        var parser = new DateTimeParser(type, type, column.reading());
        parser.begin(1, bytes.length);
        var error = bytes.length == 0 ? null : parser.read(bytes, 0, bytes.length, 0);
        if (error == RejectionCode.AMBIGUOUS_TIMESTAMP) {
            return ("%s was shown twice by the clocks in %s: write the offset from UTC behind it (%s"
                            + " before the change, %s after it), or set the column's clockChange to"
                            + " EARLIER_OFFSET or LATER_OFFSET")
                    .formatted(
                            shown,
                            type.zoneId(),
                            offset(parser.clock().before()),
                            offset(parser.clock().after()));
        }
        if (parser.skipped()) {
            return ("%s was skipped by the clocks in %s: write the time that it was, or set the"
                            + " column's clockChange to EARLIER_OFFSET or LATER_OFFSET")
                    .formatted(shown, type.zoneId());
        }
        return ("%s is not a time on a day of the calendar: write it as YYYY-MM-DD hh:mm:ss, with an"
                        + " offset such as +02:00 when it is not %s")
                .formatted(shown, type.zone() == null ? "UTC" : "in " + type.zone());
    }

    /// A text with more digits than the type holds.
    static String tooPrecise(ColumnType type, String shown) {
        if (type instanceof ColumnType.DateTime64(int precision, _) && precision > 0) {
            return "%s has more digits of a second than %s, which holds %d: write no more"
                    .formatted(shown, type.name(), precision);
        }
        return "%s has a fraction of a second, which %s cannot hold: write whole seconds"
                .formatted(shown, type.name());
    }

    private static String offset(int seconds) {
        return seconds == 0 ? "+00:00" : ZoneOffset.ofTotalSeconds(seconds).getId();
    }
}
