package dev.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnTypesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Date32|Date32",
                "DateTime|DateTime",
                " DateTime ( 'Europe/Berlin' ) |DateTime('Europe/Berlin')",
                "DateTime64|DateTime64(3)",
                "DateTime64(0)|DateTime64(0)",
                "DateTime64( 9,'Asia/Tokyo' )|DateTime64(9, 'Asia/Tokyo')",
                "Array(Nullable(DateTime64(6)))|Array(Nullable(DateTime64(6)))",
                "Nullable(DateTime('UTC'))|Nullable(DateTime('UTC'))",
                "LowCardinality(Nullable(DateTime('UTC')))|LowCardinality(Nullable(DateTime('UTC')))",
            })
    void aTypeOfTimeIsNamedAsClickHouseNamesIt(String text, String name) {
        assertThat(ColumnTypes.parse(text).name()).isEqualTo(name);
        assertThat(ColumnTypes.parse(name)).isEqualTo(ColumnTypes.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DateTime('')",
                "DateTime('Berlin')",
                "DateTime('+02:00')",
                "DateTime('UTC+2')",
                "DateTime('Z')",
                "DateTime('CEST')",
                "DateTime('SystemV/PST8')",
                "DateTime('Europe/Berlin', 'UTC')",
                "DateTime(3)",
                "DateTime(UTC)",
                "Date32(1)",
                "DateTime64(10)",
                "DateTime64(-1)",
                "DateTime64(4294967296)",
                "DateTime64('UTC')",
                "DateTime64(3, UTC)",
                "DateTime64(3, 'Mars/Olympus')",
                "LowCardinality(DateTime64(3))",
                "LowCardinality(Nullable(DateTime64(3)))",
            })
    void whatIsNoTypeOfTimeIsRefused(String text) {
        assertThatThrownBy(() -> ColumnTypes.parse(text))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL));
    }

    @Test
    void aZoneInTheWrongCaseIsCorrected() {
        assertThatThrownBy(() -> ColumnTypes.parse("DateTime('europe/berlin')"))
                .hasMessage("'europe/berlin' is not a time zone")
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.remedy()).isEqualTo("Did you mean 'Europe/Berlin'?"));
    }
}
