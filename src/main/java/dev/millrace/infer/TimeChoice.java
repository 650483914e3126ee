package dev.millrace.infer;

import dev.millrace.core.ColumnType;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The narrowest type of days or times that holds what a column has of them, the date formats that
/// read it, and why.
final class TimeChoice {
    private static final int MOST_FORMATS = 16;
    private static final long FIRST_DATE = 0;
    private static final long LAST_DATE = 65_535L * 86_400;
    private static final long FIRST_DATE32 = -25_567L * 86_400;
    private static final long LAST_DATE32 = 120_529L * 86_400;
    private static final long LAST_DATE_TIME = (1L << 32) - 1;

    /// The years 0000 to 9999.
    private static final long FIRST_SECOND = -62_167_219_200L;

    private static final long LAST_SECOND = 253_402_300_799L;
    private static final long NANO_SECONDS = Long.MAX_VALUE / 1_000_000_000;

    private final List<TimeTally> times;
    private final long values;
    private final SourceNames sources;
    private final List<String> notes = new ArrayList<>();
    private final List<Tally> misfits = new ArrayList<>();
    private final List<String> formats = new ArrayList<>();
    private String why = "";
    private @Nullable String excluded;
    private String least = "";
    private String greatest = "";

    /// @param times at least one
    /// @param values how many values the column has, those of other kinds included
    /// @param sources wherever one of them is shown
    TimeChoice(List<TimeTally> times, long values, SourceNames sources) {
        this.times = times;
        this.values = values;
        this.sources = sources;
    }

    private long count() {
        return times.stream().mapToLong(t -> t.all.count).sum();
    }

    List<String> notes() {
        return notes;
    }

    /// None when the type reads the texts by itself.
    List<String> formats() {
        return formats;
    }

    /// Those that the formats read as no day.
    List<Tally> misfits() {
        return misfits;
    }

    String why() {
        return why;
    }

    @Nullable String excluded() {
        return excluded;
    }

    String least() {
        return least;
    }

    String greatest() {
        return greatest;
    }

    /// The type, or null when it is none of a day or a time.
    ColumnType.@Nullable Scalar choose() {
        var dayFirst = times.stream().mapToLong(t -> t.dayFirst.count).sum();
        var monthFirst = times.stream().mapToLong(t -> t.monthFirst.count).sum();
        var hasTwo = times.stream().anyMatch(t -> t.shape.order() == TimeText.Order.TWO_AND_YEAR);
        var others = values - count();
        if (hasTwo && Math.min(dayFirst, monthFirst) + others > TypeChoice.allowance(values)) {
            notes.add("Some of the dates have the day first, others the month.");
            return null;
        }
        if (hasTwo && dayFirst == monthFirst) {
            notes.add(
                    ("They look like dates, but none says whether the day or the month comes first:"
                                    + " give the column a type Date and dateFormats [\"%s\"] or"
                                    + " [\"%s\"].")
                            .formatted(
                                    times.getFirst().pattern(false),
                                    times.getFirst().pattern(true)));
            return null;
        }
        var monthLeads = monthFirst > dayFirst;
        var withTime = times.stream().anyMatch(t -> t.shape.hasTime());
        var type = withTime ? timestamp() : day();
        if (type == null) {
            notes.add("They look like days or times, some of which no type of them holds.");
            return null;
        }
        if (!chooseFormats(monthLeads)) {
            return null;
        }
        times.forEach(t -> misfits.add(monthLeads ? t.dayFirst : t.monthFirst));
        describeTimes(withTime);
        return type;
    }

    private long first() {
        return times.stream().mapToLong(t -> t.first).min().orElseThrow();
    }

    private long last() {
        return times.stream().mapToLong(t -> t.last).max().orElseThrow();
    }

    private ColumnType.@Nullable Scalar day() {
        if (first() >= FIRST_DATE && last() <= LAST_DATE) {
            return new ColumnType.Date();
        }
        excluded = "%s does not fit Date".formatted(shown(first() < FIRST_DATE ? first() : last()));
        return first() >= FIRST_DATE32 && last() <= LAST_DATE32 ? new ColumnType.Date32() : null;
    }

    private ColumnType.@Nullable Scalar timestamp() {
        // An offset may lead out of the years that can be written.
        if (first() < FIRST_SECOND || last() > LAST_SECOND) {
            return null;
        }
        var fraction = times.stream().mapToInt(t -> t.shape.fraction()).max().orElse(0);
        if (fraction == 0 && first() >= 0 && last() <= LAST_DATE_TIME) {
            return new ColumnType.DateTime(null);
        }
        var precision = (fraction + 2) / 3 * 3;
        if (precision == 9 && (first() < -NANO_SECONDS || last() >= NANO_SECONDS)) {
            return null;
        }
        excluded =
                fraction > 0
                        ? sources.shown(
                                        times.stream()
                                                .filter(t -> t.shape.fraction() > 0)
                                                .findFirst()
                                                .orElseThrow()
                                                .all
                                                .first())
                                + " has a fraction of a second"
                        : shown(first() < 0 ? first() : last()) + " does not fit DateTime";
        return new ColumnType.DateTime64(precision, null);
    }

    private boolean chooseFormats(boolean monthLeads) {
        var withTime = times.stream().anyMatch(t -> t.shape.hasTime());
        var standard =
                times.stream().allMatch(t -> t.isStandard() && t.shape.hasTime() == withTime);
        if (standard) {
            return true;
        }
        times.stream().map(t -> t.pattern(monthLeads)).distinct().forEach(formats::add);
        if (formats.size() > MOST_FORMATS) {
            formats.clear();
            return false;
        }
        return true;
    }

    private void describeTimes(boolean withTime) {
        least = shown(first());
        greatest = shown(last());
        var by = formats.isEmpty() ? "" : " as " + String.join(" or ", formats);
        why = (withTime ? "times" : "days") + by;
        if (!withTime) {
            return;
        }
        var days = times.stream().filter(t -> !t.shape.hasTime()).toList();
        if (!days.isEmpty()) {
            notes.add(
                    "%,d have no time of day and are read as midnight, such as %s."
                            .formatted(
                                    days.stream().mapToLong(t -> t.all.count).sum(),
                                    sources.shown(days.getFirst().all.first())));
        }
        var local =
                times.stream()
                        .filter(t -> t.shape.offset() == TimeText.Offset.NONE)
                        .mapToLong(t -> t.all.count)
                        .sum();
        if (local == count()) {
            notes.add(
                    "The times have no offset and are read as UTC; say the zone if they are local,"
                            + " as in DateTime('Europe/Berlin').");
        } else if (local > 0) {
            notes.add("%,d have no offset from UTC and are read as UTC.".formatted(local));
        }
    }

    private String shown(long second) {
        var time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        var withTime = times.stream().anyMatch(t -> t.shape.hasTime());
        return withTime
                ? time.toString().replace('T', ' ') + (time.getSecond() == 0 ? ":00" : "")
                : time.toLocalDate().toString();
    }
}
