package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.RejectionCode;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTime64Test {
    private static final long SEED = new Random().nextLong();
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    @ParameterizedTest
    @CsvSource({
        "DateTime64(3), 1970-01-01 00:00:00.001, 1",
        "DateTime64(3), 1969-12-31 23:59:59.999, -1",
        "DateTime64(3), 1969-12-31 23:59:59, -1000",
        "DateTime64(3), 2024-01-31 12:34:56.7, 1706704496700",
        "DateTime64(3), 2024-01-31 12:34:56.789000000000, 1706704496789",
        "DateTime64(3), 2024-01-31T12:34:56.789Z, 1706704496789",
        "DateTime64(3), 2024-01-31 12:34:56.789 UTC, 1706704496789",
        "DateTime64(3), 2024-01-31 12:34:56.789+01:00, 1706700896789",
        "DateTime64(0), 2024-01-31 12:34:56.000, 1706704496",
        "DateTime64(9), 2024-01-31 12:34:56.123456789, 1706704496123456789",
        "'DateTime64(3, ''Asia/Tokyo'')', 2024-01-31 21:34:56.789, 1706704496789",
        "DateTime64(3), 0000-01-01 00:00:00, -62167219200000",
        "DateTime64(7), 9999-12-31 23:59:59.9999999, 2534023007999999999",
        "DateTime64(8), 4892-10-07 21:52:48.54775807, 9223372036854775807",
        "DateTime64(9), 2262-04-11 23:47:16.854775807, 9223372036854775807",
        "DateTime64(9), 1677-09-21 00:12:44, -9223372036000000000"
    })
    void aTextIsItsTick(String type, String text, long tick) {
        assertThat(OneField.read(type, text).littleEndian().getLong()).isEqualTo(tick);
        assertThat(OneField.read("Nullable(" + type + ")", text).littleEndian().getLong())
                .isEqualTo(tick);
    }

    @ParameterizedTest
    @CsvSource({
        "DateTime64(9), 2262-04-11 23:47:16.854775808",
        "DateTime64(9), 2262-04-11 23:47:17",
        "DateTime64(9), 1677-09-21 00:12:43.999999999",
        "DateTime64(9), 9999-12-31 23:59:59",
        "DateTime64(8), 4892-10-07 21:52:48.54775808",
        "DateTime64(3), 9999-12-31 23:59:59-00:01",
        "DateTime64(3), 0000-01-01 00:00:00+00:01",
        "'DateTime64(3, ''Asia/Tokyo'')', 0000-01-01 00:00:00",
        "'DateTime64(3, ''Asia/Tokyo'')', 9999-12-31 15:00:00Z",
        "'DateTime64(3, ''America/New_York'')', 0000-01-01 00:00:00Z"
    })
    void realTimesBeyondTheTypeAreOutOfRange(String type, String text) {
        assertThat(OneField.read(type, text).error()).isEqualTo(RejectionCode.OUT_OF_RANGE);
    }

    @Test
    void theMessageSaysWhatTheTypeHolds() {
        assertThat(OneField.read("DateTime64(9)", "9999-12-31 23:59:59").message())
                .isEqualTo(
                        "'9999-12-31 23:59:59' does not fit DateTime64(9), which holds 1677-09-21"
                                + " 00:12:44 to 2262-04-11 23:47:16.854775807 UTC");
        assertThat(OneField.read("DateTime64(3)", "2024-01-01 00:00:00.1234").message())
                .isEqualTo(
                        "'2024-01-01 00:00:00.1234' has more digits of a second than DateTime64(3),"
                                + " which holds 3: write no more");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void everyTickOfEveryPrecisionIsItselfAndOneDigitMoreIsTooPrecise(int precision) {
        var random = new Random(SEED + precision);
        var type = "DateTime64(%d)".formatted(precision);
        var last = precision == 9 ? Instant.parse("2262-04-11T23:47:16Z") : LAST;
        var first = precision == 9 ? Instant.parse("1677-09-21T00:12:44Z") : FIRST;
        if (precision == 8) {
            last = Instant.parse("4892-10-07T21:52:48Z");
        }
        for (var i = 0; i < 2_000; i++) {
            var second = random.nextLong(first.getEpochSecond(), last.getEpochSecond());
            var tick = random.nextLong(power(precision).longValueExact());
            var digits = precision == 0 ? "" : "." + ("%0" + precision + "d").formatted(tick);
            var offset = ZoneOffset.ofTotalSeconds(random.nextInt(-18 * 60, 18 * 60 + 1) * 60);
            var local = LocalDateTime.ofEpochSecond(second, 0, offset);
            if (local.getYear() < 0 || local.getYear() > 9999) {
                continue;
            }
            var text = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").format(local);
            var zone = DateTimeFormatter.ofPattern("xxx").format(offset);
            var expected =
                    BigInteger.valueOf(second)
                            .multiply(power(precision))
                            .add(BigInteger.valueOf(tick))
                            .longValueExact();
            var read = OneField.read(type, text + digits + zone);
            assertThat(read.littleEndian().getLong())
                    .as("seed %d, %s%s%s", SEED, text, digits, zone)
                    .isEqualTo(expected);
            var finer = text + (digits.isEmpty() ? "." : digits) + "0".repeat(i % 3) + "5" + zone;
            if (precision > 0) {
                assertThat(OneField.read(type, finer).error())
                        .as("seed %d, %s", SEED, finer)
                        .isEqualTo(RejectionCode.TOO_PRECISE);
            }
        }
    }

    private static BigInteger power(int precision) {
        return BigInteger.TEN.pow(precision);
    }

    @Test
    void aBoundMayLieBefore1970() {
        var column =
                new Column(
                        "x",
                        ColumnTypes.parse("DateTime64(3)"),
                        ColumnReading.PLAIN,
                        new ColumnConstraints(
                                "1969-12-31 23:59:59.999", null, null, List.of(), null, null));
        for (var text : List.of("1969-12-31 23:59:59.999", "2024-01-01 00:00:00")) {
            assertThat(OneField.read(column, ListedRecords.Field.plain(text)).error()).isNull();
        }
        var below = ListedRecords.Field.plain("1969-12-31 23:59:59.998");
        assertThat(OneField.read(column, below).error())
                .isEqualTo(RejectionCode.CONSTRAINT_VIOLATED);
    }
}
