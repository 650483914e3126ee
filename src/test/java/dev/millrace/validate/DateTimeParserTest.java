package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.RejectionCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTimeParserTest {
    private static final DateTimeFormatter PLAIN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final long MAX = 0xFFFF_FFFFL;

    @ParameterizedTest
    @CsvSource({
        "1970-01-01 00:00:00, 0",
        "2106-02-07 06:28:15, 4294967295",
        "2019-10-22T08:20:41, 1571732441",
        "2019-10-22 08:20:41Z, 1571732441",
        "2019-10-22T08:20:41.000000000000, 1571732441",
        "2019-10-22T08:20:41.0Z, 1571732441",
        "2019-10-22T08:20:41+02:00, 1571725241",
        "2019-10-22T08:20:41+0200, 1571725241",
        "2019-10-22 08:20:41+02, 1571725241",
        "2019-10-22 08:20:41-00:30, 1571734241",
        "2019-10-22 08:20:41.00-05:30, 1571752241",
        "2019-10-22 08:20:41-00:00, 1571732441",
        "1969-12-31 23:30:00-01:00, 1800",
        "2106-02-07 08:28:15+02:00, 4294967295",
        "1970-01-01 18:00:00+18:00, 0",
        "2024-02-29 23:59:59, 1709251199",
        "2019-10-22 08:20:41 UTC, 1571732441",
        "2019-10-22 08:20:41UTC, 1571732441",
        "2019-10-22 08:20:41.000 Z, 1571732441",
        "2019-10-22 08:20:41 +0200, 1571725241",
        "2019-10-22 08:20:41 -05:30, 1571752241"
    })
    void aTextIsItsSecondInUtc(String text, long second) {
        assertThat(second(text)).isEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1969-12-31 23:59:59",
                "2106-02-07 06:28:16",
                "1970-01-01 00:00:00+00:01",
                "2106-02-07 06:28:15-00:01",
                "0000-01-01 00:00:00",
                "9999-12-31 23:59:59",
                "1900-01-01T00:00:00Z"
            })
    void realTimesBeyondTheTypeAreOutOfRange(String text) {
        assertThat(OneField.read("DateTime", text).error()).isEqualTo(RejectionCode.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-01 00:00:00.1",
                "2024-01-01T00:00:00.000000001Z",
                "2024-01-01 00:00:00.500+01:00",
                "2106-02-07 06:28:15.5"
            })
    void aFractionOfASecondIsTooPrecise(String text) {
        var field = OneField.read("DateTime", text);
        assertThat(field.error()).isEqualTo(RejectionCode.TOO_PRECISE);
        assertThat(field.message())
                .isEqualTo(
                        "'%s' has a fraction of a second, which DateTime cannot hold: write whole seconds"
                                .formatted(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2019-13-45 99:00:00",
                "2024-01-01",
                "2024-01-01 ",
                "2024-01-01 00:00",
                "2024-01-01 24:00:00",
                "2024-01-01 23:60:00",
                "2024-01-01 23:59:60",
                "2023-02-29 00:00:00",
                "2024-01-01_00:00:00",
                "2024-01-01t00:00:00",
                "2024-01-01 00:00:00  Z",
                "2024-01-01 00:00:00 .0",
                "2024-01-01 00:00:00z",
                "2024-01-01 00:00:00 utc",
                "2024-01-01 00:00:00 GMT",
                "2024-01-01 00:00:00 UTC+1",
                "2024-01-01 00:00:00 CET",
                "2024-01-01 00:00:00.",
                "2024-01-01 00:00:00.Z",
                "2024-01-01 00:00:00.0x",
                "2024-01-01 00:00:00+",
                "2024-01-01 00:00:00+1",
                "2024-01-01 00:00:00+1:00",
                "2024-01-01 00:00:00+01:60",
                "2024-01-01 00:00:00+18:01",
                "2024-01-01 00:00:00+19",
                "2024-01-01 00:00:00+01-00",
                "2024-01-01 00:00:00+01:000",
                "2024-01-01 00:00:00,5",
                "2024-01-01 00.00.00",
                "2024-01-01  0:00:00",
                "2024-01-01 -1:00:00",
                "1571732441",
                "1571732441000",
                "12/31/2024 10:00:00",
                "now",
                "2024-01-01 10:00:00 PM",
                "2024-01-01 00:00:00.1x",
                "2024-01-01 00:00:00*01:00",
                "0000-00-00 00:00:00"
            })
    void otherTextsAreNotATimestamp(String text) {
        assertThat(OneField.read("DateTime", text).error())
                .isEqualTo(RejectionCode.NOT_A_TIMESTAMP);
    }

    @Test
    void theMessageSaysWhatToWrite() {
        assertThat(OneField.read("DateTime", "2024-01-01").message())
                .isEqualTo(
                        "'2024-01-01' has no time of day: write it as YYYY-MM-DD hh:mm:ss, with an"
                                + " offset such as +02:00 when it is not UTC; or give the column the"
                                + " date format yyyy-MM-dd, for midnight");
        assertThat(OneField.read("DateTime", "1571732441").message())
                .isEqualTo(
                        "'1571732441' does not say what it counts: write it as YYYY-MM-DD hh:mm:ss,"
                                + " with an offset such as +02:00 when it is not UTC; or give the"
                                + " column the date format unixSeconds, unixMillis, unixMicros or"
                                + " unixNanos");
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2024-01-15 12:00:00, 1705316400",
        "Europe/Berlin, 2024-07-15T12:00:00.000, 1721037600",
        "Europe/Berlin, 2024-07-15 12:00:00Z, 1721044800",
        "Europe/Berlin, 2024-07-15 12:00:00 UTC, 1721044800",
        "Europe/Berlin, 2024-07-15 12:00:00-01:00, 1721048400",
        "Europe/Berlin, 2024-10-27 02:30:00+02:00, 1729989000",
        "Europe/Berlin, 2024-10-27 02:30:00+01:00, 1729992600",
        "Asia/Kolkata, 1970-01-01 05:30:00, 0",
        "America/New_York, 2106-02-07 01:28:15, 4294967295",
        "UTC, 2024-01-15 12:00:00, 1705320000"
    })
    void aTextWithoutAnOffsetIsATimeInTheColumnsZone(String zone, String text, long second) {
        var field = OneField.read("DateTime('%s')".formatted(zone), text);
        assertThat(Integer.toUnsignedLong(field.littleEndian().getInt(0))).isEqualTo(second);
        var element = OneField.read("Array(DateTime('%s'))".formatted(zone), "['" + text + "']");
        assertThat(element.value()).isEqualTo(List.of(field.littleEndian()));
    }

    @Test
    void aTimeThatTheClocksSkippedIsNone() {
        var field = OneField.read("DateTime('Europe/Berlin')", "2024-03-31 02:30:00");
        assertThat(field.error()).isEqualTo(RejectionCode.NOT_A_TIMESTAMP);
        assertThat(field.message())
                .isEqualTo(
                        "'2024-03-31 02:30:00' was skipped by the clocks in Europe/Berlin: write the"
                                + " time that it was, or set the column's clockChange to"
                                + " earlierOffset or laterOffset");
    }

    @Test
    void aTimeThatTheClocksShowedTwiceIsAmbiguous() {
        var field = OneField.read("DateTime('Europe/Berlin')", "2024-10-27 02:30:00");
        assertThat(field.error()).isEqualTo(RejectionCode.AMBIGUOUS_TIMESTAMP);
        assertThat(field.message())
                .isEqualTo(
                        "'2024-10-27 02:30:00' was shown twice by the clocks in Europe/Berlin: write"
                                + " the offset from UTC behind it (+02:00 before the change, +01:00"
                                + " after it), or set the column's clockChange to earlierOffset or"
                                + " laterOffset");
        var element = OneField.read("Array(DateTime('Europe/Berlin'))", "['2024-10-27 02:30:00']");
        assertThat(element.error()).isEqualTo(RejectionCode.AMBIGUOUS_TIMESTAMP);
        assertThat(element.message()).isEqualTo("Element 1: " + field.message());
    }

    /// 03:30 was the time on clocks that were set forward, 01:30 UTC.
    @ParameterizedTest
    @CsvSource({
        "EARLIER_OFFSET, 2024-03-31 02:30:00, 2024-03-31T01:30:00Z",
        "LATER_OFFSET, 2024-03-31 02:30:00, 2024-03-31T00:30:00Z",
        "EARLIER_OFFSET, 2024-10-27 02:30:00, 2024-10-27T00:30:00Z",
        "LATER_OFFSET, 2024-10-27 02:30:00, 2024-10-27T01:30:00Z",
        "LATER_OFFSET, 2024-10-27 02:30:00+02:00, 2024-10-27T00:30:00Z",
        "EARLIER_OFFSET, 2024-07-27 02:30:00, 2024-07-27T00:30:00Z",
    })
    void aColumnMaySayWhatTimesOfAClockChangeMean(
            ClockChange clockChange, String text, Instant instant) {
        var column =
                new Column(
                        "x",
                        ColumnTypes.parse("Nullable(DateTime('Europe/Berlin'))"),
                        new ColumnReading(
                                List.of(), List.of(), null, List.of(), false, clockChange),
                        ColumnConstraints.NONE);
        var field = OneField.read(column, ListedRecords.Field.plain(text));
        assertThat(field.littleEndian().getInt()).isEqualTo((int) instant.getEpochSecond());
    }

    @Test
    void theMessageNamesTheColumnsZone() {
        assertThat(OneField.read("DateTime('Asia/Tokyo')", "noon").message())
                .isEqualTo(
                        "'noon' is not a time on a day of the calendar: write it as YYYY-MM-DD"
                                + " hh:mm:ss, with an offset such as +02:00 when it is not in"
                                + " Asia/Tokyo");
    }

    @Test
    void everySecondComesBackInEveryZone() {
        var random = new Random(5);
        for (var i = 0; i < 5_000; i++) {
            var second = random.nextLong(-MAX / 4, MAX + MAX / 4);
            var offset = ZoneOffset.ofTotalSeconds(random.nextInt(-18 * 60, 18 * 60 + 1) * 60);
            var utc = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
            var zoned = utc.atOffset(ZoneOffset.UTC).withOffsetSameInstant(offset);
            assertSecond(PLAIN.format(utc), second);
            assertSecond(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(zoned), second);
            assertSecond(
                    PLAIN.format(zoned) + DateTimeFormatter.ofPattern("xx").format(zoned), second);
        }
    }

    @Property(tries = 5000)
    void anyTextIsWhatJavaTimeSaysOrRejected(@ForAll("nearTimes") String text) {
        Long reference = null;
        try {
            reference = LocalDateTime.parse(text.replace(' ', 'T')).toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeException _) {
            // not a time
        }
        if (reference == null) {
            assertThat(OneField.read("DateTime", text).error())
                    .isEqualTo(RejectionCode.NOT_A_TIMESTAMP);
        } else {
            assertSecond(text, reference);
        }
    }

    /// Times in which one character may be any other of those that times are made of.
    @Provide
    Arbitrary<String> nearTimes() {
        var seconds = Arbitraries.longs().between(-1_000_000_000L, 6_000_000_000L);
        var places = Arbitraries.integers().between(0, 18);
        var characters =
                Arbitraries.of(
                        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "-", ":", " ", "T", "/",
                        ";");
        return Combinators.combine(seconds, places, characters)
                .as((second, place, character) -> {
                    var text = PLAIN.format(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC));
                    return text.substring(0, place) + character + text.substring(place + 1);
                })
                .filter(text -> !text.startsWith(" ") && !text.endsWith(" "));
    }

    private static void assertSecond(String text, long second) {
        if (second < 0 || second > MAX) {
            assertThat(OneField.read("DateTime", text).error())
                    .as(text)
                    .isEqualTo(RejectionCode.OUT_OF_RANGE);
        } else {
            assertThat(second(text)).as(text).isEqualTo(second);
        }
    }

    private static long second(String text) {
        return Integer.toUnsignedLong(OneField.read("DateTime", text).littleEndian().getInt());
    }
}
