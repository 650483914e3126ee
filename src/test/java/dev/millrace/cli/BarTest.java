package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "0,       0,    0,    [                 ]   0%",
                "0.5,     10,   0,    [########         ]  50%",
                "1,       2,    0,    [#################] 100%",
                "0.99999, 9,    0,    [################ ]  99%",
                "1,       10,   5,    [########XXXXXXXXX] 100%",
                "1,       10,   10,   [XXXXXXXXXXXXXXXXX] 100%",
                "1,       1000000, 1, [################X] 100%",
                "1,       1000000, 999999, [#XXXXXXXXXXXXXXXX] 100%",
                "0.5,     10,   1,    [#######X         ]  50%",
                "0.01,    10,   1,    [X                ]   1%",
                "1.5,     10,   0,    [#################] 100%",
                "-1,      0,    0,    [                 ]   0%"
            })
    void errorsShowInProportionAndNeverNotAtAll(
            double progress, long rows, long errors, String bar) {
        assertThat(Bar.of(progress, rows, errors)).isEqualTo(bar);
    }

    @Test
    void timesAreMinutesAndSeconds() {
        assertThat(Bar.time(0.9)).isEqualTo("00:00");
        assertThat(Bar.time(62)).isEqualTo("01:02");
        assertThat(Bar.time(3599.9)).isEqualTo("59:59");
        assertThat(Bar.time(3602)).isEqualTo("1:00:02");
    }
}
