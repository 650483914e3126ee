package dev.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnType.Timestamp;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UtcTimesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DateTime64(3)             | 2026-01-02 03:04:05         | 2026-01-02 03:04:05.000",
                "DateTime64(3)             | 2026-01-02T03:04:05.60000Z  | 2026-01-02 03:04:05.600",
                "DateTime                  | 2026-01-02 03:04:05 +02     | 2026-01-02 01:04:05",
                "DateTime('Europe/Berlin') | 2026-07-02 03:04:05         | 2026-07-02 01:04:05",
                "DateTime('Europe/Berlin') | 2026-07-02 03:04:05UTC      | 2026-07-02 03:04:05",
                "DateTime('Europe/Berlin') | [2026-07-02 03:04:05,2026-01-02 03:04:05-0130] | [2026-07-02 01:04:05,2026-01-02 04:34:05]",
            })
    void everyTimeIsWrittenInUtc(String type, String text, String written) {
        assertThat(times(type, ClockChange.REJECT).rewrite(text)).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-25 02:30:00, EARLIER_OFFSET, 2026-10-25 00:30:00",
        "2026-10-25 02:30:00, LATER_OFFSET, 2026-10-25 01:30:00",
        "2026-03-29 02:30:00, EARLIER_OFFSET, 2026-03-29 01:30:00",
        "2026-03-29 02:30:00, LATER_OFFSET, 2026-03-29 00:30:00"
    })
    void aTimeThatAClockChangeRepeatsOrSkipsIsWhatTheModelSays(
            String text, ClockChange clockChange, String written) {
        assertThat(times("DateTime('Europe/Berlin')", clockChange).rewrite(text))
                .isEqualTo(written);
    }

    @Test
    void aTimeThatClickHouseWouldReadAsAnotherIsRefused() {
        assertThatThrownBy(() ->
                        times("DateTime64(3)", ClockChange.REJECT).rewrite("0000-06-01 00:00:00"))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL))
                .hasMessageContaining("0000-06-01 00:00:00");
    }

    private static UtcTimes times(String type, ClockChange clockChange) {
        return UtcTimes.of((Timestamp) ColumnTypes.parse(type), clockChange);
    }
}
