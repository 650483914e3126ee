package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RejectionCode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DateFormatsTest {
    private static final long SEED = new Random().nextLong();
    private static final String TYPE = "DateTime64(9, 'Europe/Berlin')";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dd.MM.yyyy|31.01.2024|2024-01-31T00:00:00Z",
                "d/M/yyyy H:mm|1/2/2024 9:05|2024-02-01T09:05:00Z",
                "d/M/yyyy H:mm|31/12/2024 23:05|2024-12-31T23:05:00Z",
                "MM/dd/yyyy hh:mm:ss a|01/31/2024 01:02:03 PM|2024-01-31T13:02:03Z",
                "MM/dd/yyyy hh:mm a|01/31/2024 12:00 am|2024-01-31T00:00:00Z",
                "MM/dd/yyyy h:mma|01/31/2024 12:00PM|2024-01-31T12:00:00Z",
                "d MMM yyyy|31 JAN 2024|2024-01-31T00:00:00Z",
                "MMMM d, yyyy|september 5, 2024|2024-09-05T00:00:00Z",
                "yyyyMMdd'T'HHmmssX|20240131T123456Z|2024-01-31T12:34:56Z",
                "yyyyMMdd'T'HHmmssX|20240131T123456+02|2024-01-31T10:34:56Z",
                "yyyyMMdd'T'HHmmssX|20240131T123456-0230|2024-01-31T15:04:56Z",
                "yyyy-MM-dd HH:mm:ss.SSS XXX|2024-01-31 12:34:56.789 +02:00|2024-01-31T10:34:56.789Z",
                "yyyy-MM-dd HH:mm:ss Z|2024-01-31 12:34:56 +0000|2024-01-31T12:34:56Z",
                "dd/MMM/yyyy:HH:mm:ss XX|31/Jan/2024:12:34:56 -0100|2024-01-31T13:34:56Z",
                "yyyy'年'M'月'd'日'|2024年1月5日|2024-01-05T00:00:00Z",
                "yyyy年MM月dd日|2024年01月05日|2024-01-05T00:00:00Z",
                "yyyy-MM-dd HH 'o''clock'|2024-01-31 12 o'clock|2024-01-31T12:00:00Z",
                "unixSeconds|1706704496|2024-01-31T12:34:56Z",
                "unixSeconds|1706704496.789|2024-01-31T12:34:56.789Z",
                "unixSeconds|1706704496.789000000000|2024-01-31T12:34:56.789Z",
                "unixSeconds|-23.9|1969-12-31T23:59:36.100Z",
                "unixSeconds|-0|1970-01-01T00:00:00Z",
                "unixSeconds|00000000000000000000000001|1970-01-01T00:00:01Z",
                "unixMillis|1706704496789|2024-01-31T12:34:56.789Z",
                "unixMillis|-1|1969-12-31T23:59:59.999Z",
                "unixMillis|5|1970-01-01T00:00:00.005Z",
                "unixMicros|1706704496789123|2024-01-31T12:34:56.789123Z",
                "unixNanos|1706704496789123456|2024-01-31T12:34:56.789123456Z",
                "unixNanos|-1|1969-12-31T23:59:59.999999999Z",
            })
    void aTextIsWhatItsFormatSays(String format, String text, OffsetDateTime expected) {
        var read = read("DateTime64(9)", text, format);
        assertThat(read.message()).isEmpty();
        assertThat(read.littleEndian().getLong()).isEqualTo(nanos(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dd.MM.yyyy|31.1.2024",
                "dd.MM.yyyy|31.02.2024",
                "dd.MM.yyyy|31.01.24",
                "dd.MM.yyyy|31.01.20245",
                "dd.MM.yyyy|31.01.2024 ,",
                "dd.MM.yyyy|2024-01-31",
                "d.M.yyyy|00.1.2024",
                "d.M.yyyy|001.1.2024",
                "d MMM yyyy|31 Janu 2024",
                "d MMM yyyy|31 Jax 2024",
                "d MMMM yyyy|31 Jan 2024",
                "MM/dd/yyyy hh:mm a|01/31/2024 13:00 PM",
                "MM/dd/yyyy hh:mm a|01/31/2024 00:00 AM",
                "MM/dd/yyyy hh:mm a|01/31/2024 01:00 XM",
                "MM/dd/yyyy hh:mm a|01/31/2024 01:00 P",
                "yyyy-MM-dd HH:mm|2024-01-31 24:00",
                "yyyy-MM-dd HH:mm|2024-01-31 23:60",
                "yyyy-MM-dd HH:mm:ss|2024-01-31 23:59:60",
                "yyyy-MM-dd HH:mm:ss.SSS|2024-01-31 23:59:59.12",
                "yyyy-MM-dd HH:mm:ss.SSS|2024-01-31 23:59:59.1234",
                "yyyy-MM-dd HH:mmXXX|2024-01-31 23:59+0200",
                "yyyy-MM-dd HH:mmXXX|2024-01-31 23:59+19:00",
                "yyyy-MM-dd HH:mmXXX|2024-01-31 23:59",
                "yyyy-MM-dd HH:mmZ|2024-01-31 23:59Z",
                "yyyy-MM-dd HH:mmX|2024-01-31 23:59+2",
                "unixSeconds|1706704496.",
                "unixSeconds|.5",
                "unixSeconds|+5",
                "unixSeconds|1e9",
                "unixSeconds|--",
                "unixMillis|1706704496789.5",
                "unixSeconds|2024-01-31 12:34:56",
            })
    void whatDoesNotFitItsFormatIsNoTimestamp(String format, String text) {
        var read = read("DateTime64(9)", text, format);
        assertThat(read.error()).as(text).isEqualTo(RejectionCode.NOT_A_TIMESTAMP);
    }

    @Test
    void aTimeWithoutAnOffsetIsInTheColumnsZone() {
        assertThat(second("DateTime('Europe/Berlin')", "31.01.2024", "dd.MM.yyyy"))
                .isEqualTo(OffsetDateTime.parse("2024-01-30T23:00:00Z").toEpochSecond());
        assertThat(second("DateTime('Europe/Berlin')", "1706704496", "unixSeconds"))
                .isEqualTo(1706704496);
        var skipped = read("DateTime('Europe/Berlin')", "31.03.2024 2.30", "dd.MM.yyyy H.mm");
        assertThat(skipped.error()).isEqualTo(RejectionCode.NOT_A_TIMESTAMP);
        assertThat(skipped.message()).contains("was skipped by the clocks in Europe/Berlin");
        var twice = read("DateTime('Europe/Berlin')", "27.10.2024 2.30", "dd.MM.yyyy H.mm");
        assertThat(twice.error()).isEqualTo(RejectionCode.AMBIGUOUS_TIMESTAMP);
        assertThat(twice.message()).contains("was shown twice by the clocks in Europe/Berlin");
    }

    @Test
    void aDayTakesNoTimeButMidnight() {
        var format = "yyyy-MM-dd HH:mm:ss";
        var day = (int) LocalDate.of(2024, 1, 31).toEpochDay();
        assertThat(read("Date32", "2024-01-31 00:00:00", format).littleEndian().getInt())
                .isEqualTo(day);
        assertThat(read("Date", "31/01/2024", "dd/MM/yyyy").littleEndian().getShort())
                .isEqualTo((short) day);
        var read = read("Date", "2024-01-31 00:00:01", format);
        assertThat(read.error()).isEqualTo(RejectionCode.TOO_PRECISE);
        assertThat(read.message())
                .isEqualTo(
                        "'2024-01-31 00:00:01' has a time of day, which Date cannot hold: write"
                                + " midnight, or make it a DateTime");
        assertThat(read("Date", "01/01/1969", "dd/MM/yyyy").error())
                .isEqualTo(RejectionCode.OUT_OF_RANGE);
        assertThat(read("Date", "2024-01-31", "dd/MM/yyyy").message())
                .isEqualTo("'2024-01-31' is not a day of the calendar: write it as dd/MM/yyyy");
    }

    @Test
    void digitsBeyondTheColumnsPrecisionMustBeZeros() {
        assertThat(second("DateTime", "1706704496000", "unixMillis")).isEqualTo(1706704496);
        assertThat(read("DateTime", "1706704496001", "unixMillis").error())
                .isEqualTo(RejectionCode.TOO_PRECISE);
        assertThat(read("DateTime64(9)", "1706704496.0000000001", "unixSeconds").error())
                .isEqualTo(RejectionCode.TOO_PRECISE);
        for (var text : List.of("4294967296", "-1", "9".repeat(30), "-" + "9".repeat(30))) {
            assertThat(read("DateTime", text, "unixSeconds").error())
                    .isEqualTo(RejectionCode.OUT_OF_RANGE);
        }
    }

    @Test
    void aTextThatTwoFormatsReadDifferentlyIsAmbiguous() {
        String[] formats = {"dd/MM/yyyy", "MM/dd/yyyy"};
        var read = read("Date", "01/02/2024", formats);
        assertThat(read.error()).isEqualTo(RejectionCode.AMBIGUOUS_DATE);
        assertThat(read.message())
                .isEqualTo(
                        "'01/02/2024' could be 2024-02-01 by dd/MM/yyyy and 2024-01-02 by"
                                + " MM/dd/yyyy: leave one of the column's date formats out");
        assertThat(read("Date", "13/02/2024", formats).error()).isNull();
        assertThat(read("Date", "02/13/2024", formats).error()).isNull();
        assertThat(read("Date", "05/05/2024", formats).error()).isNull();
        var count = read("DateTime64(3)", "1706704496", "unixSeconds", "unixMillis");
        assertThat(count.error()).isEqualTo(RejectionCode.AMBIGUOUS_TIMESTAMP);
        assertThat(count.message())
                .startsWith(
                        "'1706704496' could be 2024-01-31 12:34:56Z by unixSeconds and 1970-01-20"
                                + " 18:05:04.496Z by unixMillis");
    }

    @Test
    void theModelsOwnValuesAreInTheStandardForm() {
        var constraints =
                new ColumnConstraints("2024-01-01", "2024-12-31", null, List.of(), null, null);
        var column = column("Date", "2024-06-01", constraints, List.of("dd.MM.yyyy"));
        assertThat(read(column, "31.12.2024").error()).isNull();
        assertThat(read(column, "31.12.2023").error()).isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        assertThat(read(column, "-").littleEndian().getShort())
                .isEqualTo((short) LocalDate.of(2024, 6, 1).toEpochDay());
        var array =
                column(
                        "Array(Array(Date))",
                        "[['2024-06-01']]",
                        ColumnConstraints.NONE,
                        List.of("dd.MM.yyyy"));
        assertThat(read(array, "[['01.06.2024']]").value()).isEqualTo(read(array, "-").value());
        assertThat(read(array, "[['2024-06-01']]").error()).isEqualTo(RejectionCode.NOT_A_DATE);
        assertThatThrownBy(() ->
                        read(
                                column(
                                        "Date",
                                        "01.06.2024",
                                        ColumnConstraints.NONE,
                                        List.of("dd.MM.yyyy")),
                                "-"))
                .hasMessageContaining("write it as YYYY-MM-DD");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DateTime|yy-MM-dd|has yy at character 1, which leaves the century to be guessed",
                "DateTime|yyyy-MM-dd q|has the letter q at character 12, which is none of its own",
                "DateTime|yyyy-MM-ddTHH:mm|has the letter T at character 11, which is none of its own",
                "DateTime|yyyy-MM-dd'T|has a quote at character 11 that does not close",
                "DateTime|yyyy-MM-dd[ HH:mm]|has [ at character 11, which must stand in quotes",
                "DateTime|yyyy-MM|has no day (dd)",
                "DateTime|HH:mm|has no year (yyyy)",
                "DateTime|yyyy-MM-dd hh:mm|has hh without a, for AM and PM",
                "DateTime|yyyy-MM-dd HH:mm a|has a without hh",
                "DateTime|yyyy-MM-dd mm:ss|has minutes and no hour",
                "DateTime|yyyy-MM-dd HH:mm:ss.SSSSSSSSSS|has SSSSSSSSSS at character 21: the letter cannot stand 10 times",
                "DateTime|yyyyy-MM-dd|has yyyyy at character 1: the letter cannot stand 5 times",
                "DateTime|yyyy-MM-dd dd|has d again at character 12",
                "DateTime|yyyyMdd|has digits at character 6 right behind a number of one digit or two: write that with two letters",
                "DateTime|yyyy-MM-dd XXX|has an offset from UTC and no hour",
                "DateTime|unixseconds|has the letter u at character 1, which is none of its own",
                "DateTime||has no year (yyyy)",
                "Date|yyyy-MM-dd HH:mmXXX|names a point in time, and which day that is depends on a zone",
                "Date32|unixSeconds|names a point in time, and which day that is depends on a zone",
            })
    void aFormatThatCannotBeOneIsRefusedWithTheModel(
            String type, @Nullable String format, String why) {
        var text = format == null ? "" : format;
        assertThatThrownBy(() -> read(type, "x", text))
                .hasMessage("Column 'x': the date format '%s' %s".formatted(text, why))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL));
    }

    @Test
    void onlyDatesAndTimesHaveFormats() {
        assertThatThrownBy(() -> read("UInt8", "1", "yyyy-MM-dd"))
                .hasMessage("Column 'x' UInt8: date formats are for dates and times");
    }

    /// Random patterns, and texts that fit them or nearly do, against java.time, strict.
    @Test
    void anyPatternReadsWhatJavaTimeReads() {
        var random = new Random(SEED);
        var good = 0;
        for (var i = 0; i < 400; i++) {
            var pattern = pattern(random);
            var formatter = formatter(pattern);
            for (var j = 0; j < 12; j++) {
                var text = text(formatter, random);
                if (j > 0) {
                    text = mangled(text, random);
                }
                if (!text.equals(text.strip())) {
                    continue;
                }
                var expected = reference(formatter, text);
                var read = read(TYPE, text, pattern);
                var as = "seed %d, '%s' by %s".formatted(SEED, text, pattern);
                if (expected == null) {
                    assertThat(read.error()).as(as).isNotNull();
                } else {
                    assertThat(read.error()).as(as).isNull();
                    assertThat(read.littleEndian().getLong()).as(as).isEqualTo(expected);
                    good++;
                }
            }
        }
        assertThat(good).isGreaterThan(400);
    }

    private static String pattern(Random random) {
        var separators = List.of("-", "/", ".", " ", "' of '", "");
        var separator = any(random, separators);
        var open = separator.isEmpty() ? List.<String>of() : List.of("d", "M");
        var day = any(random, join(List.of("dd"), open.isEmpty() ? List.of() : List.of("d")));
        var month =
                any(
                        random,
                        join(
                                List.of("MM", "MMM", "MMMM"),
                                open.isEmpty() ? List.of() : List.of("M")));
        var parts = new ArrayList<>(List.of(day, month, "yyyy"));
        Collections.shuffle(parts, random);
        var pattern = String.join(separator, parts);
        if (random.nextInt(4) == 0) {
            return pattern;
        }
        var half = random.nextBoolean();
        pattern += any(random, List.of(" ", "'T'", ", ")) + any(random, half("Hh", half));
        var colon = any(random, List.of(":", "."));
        if (random.nextInt(4) > 0) {
            pattern += colon + "mm";
            if (random.nextInt(4) > 0) {
                pattern += colon + "ss";
                if (random.nextBoolean()) {
                    pattern += "." + "S".repeat(1 + random.nextInt(9));
                }
            }
        }
        pattern += half ? any(random, List.of(" a", "a")) : "";
        return pattern + any(random, List.of("", "", "X", "XX", "XXX", " Z", " XXX"));
    }

    private static List<String> half(String letters, boolean half) {
        var letter = letters.substring(half ? 1 : 0, half ? 2 : 1);
        return List.of(letter, letter + letter);
    }

    private static List<String> join(List<String> some, List<String> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static String any(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    /// Java's own, but with numbers of two digits at most where it would take any number of them,
    /// and years of four.
    private static DateTimeFormatter formatter(String pattern) {
        var builder = new DateTimeFormatterBuilder();
        var at = 0;
        while (at < pattern.length()) {
            var c = pattern.charAt(at);
            var end = at + 1;
            if (c == '\'') {
                end = pattern.indexOf('\'', end) + 1;
                builder.appendLiteral(pattern.substring(at + 1, end - 1));
                at = end;
                continue;
            }
            while (end < pattern.length() && pattern.charAt(end) == c) {
                end++;
            }
            var letters = pattern.substring(at, end);
            switch (letters) {
                case "yyyy" -> builder.appendValue(ChronoField.YEAR, 4);
                case "M" -> number(builder, ChronoField.MONTH_OF_YEAR);
                case "d" -> number(builder, ChronoField.DAY_OF_MONTH);
                case "H" -> number(builder, ChronoField.HOUR_OF_DAY);
                case "h" -> number(builder, ChronoField.CLOCK_HOUR_OF_AMPM);
                case "MMM" ->
                        builder.parseCaseInsensitive()
                                .appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
                case "MMMM" ->
                        builder.parseCaseInsensitive()
                                .appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
                case "a" ->
                        builder.parseCaseInsensitive()
                                .appendText(ChronoField.AMPM_OF_DAY, Map.of(0L, "AM", 1L, "PM"));
                default -> builder.appendPattern(letters);
            }
            builder.parseCaseSensitive();
            at = end;
        }
        return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }

    private static void number(DateTimeFormatterBuilder builder, ChronoField field) {
        builder.appendValue(field, 1, 2, SignStyle.NOT_NEGATIVE);
    }

    private static String text(DateTimeFormatter formatter, Random random) {
        var second = random.nextLong(-9_000_000_000L, 9_000_000_000L);
        var offset = ZoneOffset.ofTotalSeconds(random.nextInt(-18 * 4, 18 * 4 + 1) * 900);
        var nano = random.nextInt(1_000_000_000);
        return formatter.format(LocalDateTime.ofEpochSecond(second, nano, offset).atOffset(offset));
    }

    private static String mangled(String text, Random random) {
        var characters = "0123456789-+:./ TZAPMapm";
        var at = random.nextInt(text.length());
        var character = characters.charAt(random.nextInt(characters.length()));
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + character + text.substring(at);
            case 2 -> text.toUpperCase(Locale.ROOT);
            default -> text.substring(0, at) + character + text.substring(at + 1);
        };
    }

    /// The nanosecond of a text in Berlin, null when java.time reads none.
    private static @Nullable Long reference(DateTimeFormatter formatter, String text) {
        TemporalAccessor parsed;
        try {
            parsed = formatter.parse(text);
        } catch (DateTimeException _) {
            return null;
        }
        var time = parsed.query(TemporalQueries.localTime());
        var local =
                parsed.query(TemporalQueries.localDate())
                        .atTime(time == null ? LocalTime.MIDNIGHT : time);
        var offset = parsed.query(TemporalQueries.offset());
        if (offset == null) {
            var offsets = ZoneId.of("Europe/Berlin").getRules().getValidOffsets(local);
            if (offsets.size() != 1) {
                return null;
            }
            offset = offsets.getFirst();
        }
        try {
            return nanos(local.atOffset(offset));
        } catch (ArithmeticException _) {
            return null;
        }
    }

    private static long nanos(OffsetDateTime time) {
        return Math.addExact(
                Math.multiplyExact(time.toEpochSecond(), 1_000_000_000L), time.getNano());
    }

    private static long second(String type, String text, String format) {
        var read = read(type, text, format);
        return Integer.toUnsignedLong(read.littleEndian().getInt());
    }

    private static OneField read(String type, String text, String... formats) {
        return read(column(type, null, ColumnConstraints.NONE, List.of(formats)), text);
    }

    private static OneField read(Column column, String text) {
        return OneField.read(column, ListedRecords.Field.plain(text));
    }

    private static Column column(
            String type,
            @Nullable String standard,
            ColumnConstraints constraints,
            List<String> formats) {
        var reading =
                new ColumnReading(
                        List.of(),
                        List.of("-"),
                        standard,
                        formats,
                        false,
                        ColumnReading.ClockChange.REJECT);
        return new Column("x", ColumnTypes.parse(type), reading, constraints);
    }
}
