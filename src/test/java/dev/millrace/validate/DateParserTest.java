package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.RejectionCode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DateParserTest {
    @Test
    void everyDayOfTheCalendarIsItselfAndNoOtherIs() {
        var wrong = new ArrayList<String>();
        var oneByOne = new DayTexts();
        for (var year = 0; year <= 9999; year++) {
            for (var month = 0; month <= 13; month++) {
                for (var day = 0; day <= 32; day += day == 1 ? 26 : 1) {
                    var text = pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2);
                    var bytes = text.getBytes(US_ASCII);
                    var right = reference(year, month, day);
                    if (Days.at(bytes, 0) != right
                            || oneByOne.at(bytes, 0) != right
                            || oneByOne.at(bytes, 0) != right) {
                        wrong.add(text);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String pad(int number, int width) {
        var digits = Integer.toString(number);
        return "0".repeat(width - digits.length()) + digits;
    }

    private static int reference(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1 || day > YearMonth.of(year, month).lengthOfMonth()) {
            return Days.NONE;
        }
        return (int) LocalDate.of(year, month, day).toEpochDay();
    }

    @Test
    void theFirstAndTheLastDayFit() {
        assertThat(OneField.read("Date", "1970-01-01").littleEndian().getShort()).isZero();
        assertThat(OneField.read("Date", "2149-06-06").littleEndian().getShort() & 0xFFFF)
                .isEqualTo(65535);
        assertThat(OneField.read("Date", " 2024-02-29 ").littleEndian().getShort() & 0xFFFF)
                .isEqualTo((int) LocalDate.of(2024, 2, 29).toEpochDay());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1969-12-31", "2149-06-07", "0000-01-01", "9999-12-31"})
    void realDaysBeyondTheTypeAreOutOfRange(String text) {
        var field = OneField.read("Date", text);
        assertThat(field.error()).isEqualTo(RejectionCode.OUT_OF_RANGE);
        assertThat(field.message())
                .isEqualTo(
                        "'" + text + "' does not fit Date, which holds 1970-01-01 to 2149-06-06");
    }

    @Test
    void everyDayOfADate32IsItselfAndItsNeighboursDoNotFit() {
        var first = LocalDate.of(1900, 1, 1);
        var last = LocalDate.of(2299, 12, 31);
        for (var day = first; !day.isAfter(last); day = day.plusDays(71)) {
            assertThat(day32(day)).isEqualTo(day.toEpochDay());
        }
        assertThat(day32(first)).isEqualTo(-25567);
        assertThat(day32(last)).isEqualTo(120529);
        for (var text : List.of("1899-12-31", "2300-01-01", "0000-01-01", "9999-12-31")) {
            var field = OneField.read("Date32", text);
            assertThat(field.error()).isEqualTo(RejectionCode.OUT_OF_RANGE);
            assertThat(field.message())
                    .endsWith("does not fit Date32, which holds 1900-01-01 to 2299-12-31");
        }
        assertThat(OneField.read("Date32", "1900-02-29").error())
                .isEqualTo(RejectionCode.NOT_A_DATE);
    }

    private static int day32(LocalDate day) {
        return OneField.read("Date32", day.toString()).littleEndian().getInt();
    }

    @Test
    void aBoundOfADate32MayLieBefore1970() {
        var column =
                new Column(
                        "x",
                        ColumnTypes.parse("Date32"),
                        ColumnReading.PLAIN,
                        new ColumnConstraints(
                                "1969-12-31", "1970-01-02", null, List.of(), null, null));
        for (var day : List.of("1969-12-31", "1970-01-01", "1970-01-02")) {
            assertThat(OneField.read(column, ListedRecords.Field.plain(day)).error()).isNull();
        }
        for (var day : List.of("1900-01-01", "1969-12-30", "1970-01-03", "2299-12-31")) {
            assertThat(OneField.read(column, ListedRecords.Field.plain(day)).error())
                    .isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-02-29",
                "2100-02-29",
                "2024-13-01",
                "2024-00-01",
                "2024-01-00",
                "2024-04-31",
                "0000-00-00",
                "2024/01/01",
                "2024-1-1",
                "20240101",
                "01-01-2024",
                "2024-01-01T",
                "2024-01-01 00:00:00",
                "24-01-01",
                "+024-01-01",
                "2024-0１-01",
                "today",
                "-",
                "2024-01--1",
                "2024:01-01",
                "2024-01.01",
                "19000"
            })
    void otherTextsAreNotADate(String text) {
        assertThat(OneField.read("Date", text).error()).isEqualTo(RejectionCode.NOT_A_DATE);
    }
}
