package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Dialect;
import dev.millrace.core.Escape;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What is passed over many records at a time, and what is left to be looked at one by one.
class RecordScannerTest {
    private static final String ROWS = "1,alpha\n22,beta\r\n".repeat(1000);
    private static final Dialect CSV = new Dialect(',', '"');
    private static final Dialect COMMENTED = new Dialect(",", '"', '\n', Escape.NONE, '#', false);

    @Test
    void plainRecordsArePassedOverTogether() {
        assertThat(passed(CSV, ROWS, Integer.MAX_VALUE)).isBetween(1990, 2000);
        assertThat(passed(Dialect.LINES, ROWS, Integer.MAX_VALUE)).isBetween(1990, 2000);
    }

    @Test
    void noMoreThanMay() {
        assertThat(passed(CSV, ROWS, 1200)).isBetween(500, 1200);
    }

    @Test
    void aDoubtfulLineIsNot() {
        for (var doubtful : new String[] {"\"a\",b\n", "\n", "\r\n", "\r3,b\n"}) {
            var before = passed(CSV, ROWS + doubtful + ROWS, Integer.MAX_VALUE);
            assertThat(before).as(doubtful).isBetween(1500, 2000);
            assertThat(passed(CSV, doubtful + ROWS, Integer.MAX_VALUE)).as(doubtful).isZero();
        }
    }

    @Test
    void whatNeedsToBeReadByteByByteIsNotPassedOver() {
        assertThat(passed(COMMENTED, ROWS, Integer.MAX_VALUE)).isZero();
    }

    private static int passed(Dialect dialect, String text, int most) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        var scanner = new RecordScanner(dialect, 2, 1 << 20);
        scanner.standAt(0);
        var records = scanner.run(bytes, bytes.length, most);
        var behind = new String(bytes, 0, scanner.next(), StandardCharsets.US_ASCII);
        assertThat(behind.lines().count()).isEqualTo(records);
        assertThat(behind.isEmpty() || behind.endsWith("\n")).isTrue();
        return records;
    }
}
