package dev.millrace.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Answers of servers that say what went wrong in the rows, and then end well.
class AnswerStreamTest {
    private static @Nullable String problem(String answer) throws IOException {
        var stream = new AnswerStream(new ByteArrayOutputStream());
        var in = new ByteArrayInputStream(answer.getBytes(UTF_8));
        while (stream.readFrom(in)) {
            stream.pass();
        }
        return stream.end(RemoteExtraction.OLD_PROBLEM);
    }

    @Test
    void whatAnOlderServerSaysBehindTheRowsIsNoRow() throws IOException {
        var rows = "1,\"a\"\n".repeat(50_000);
        for (var version : new String[] {"24.8.4.13 (official build)", "25.3.1.1"}) {
            var said =
                    "Code: 395. DB::Exception: Value passed to 'throwIf' function is non-zero: while executing 'FUNCTION throwIf(x)'. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version %s)\n"
                            .formatted(version);
            assertThat(problem(rows + said)).isEqualTo(said);
        }
        assertThat(problem(rows)).isNull();
        assertThat(problem(rows + "2,\"Code: 395. DB::Exception: as a text (version 24.8)\"\n"))
                .isNull();
    }
}
