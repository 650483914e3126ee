package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.CONNECTION;
import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseQueriesTest {
    private static final ClickHouseQueries QUERIES = new ClickHouseQueries(CONNECTION);

    @AfterAll
    static void close() {
        QUERIES.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CSVWithNames | "a","b"~1,"x"~
                    TSV          | 1\\tx~
                    JSONEachRow  | {"a":1,"b":"x"}~
                    """,
            quoteCharacter = '^')
    void theAnswerComesInTheFormatThatIsAskedFor(String format, String expected) {
        assertThat(run("SELECT 1 AS a, 'x' AS b", format))
                .isEqualTo(expected.replace("~", "\n").replace("\\t", "\t"));
    }

    @Test
    void aFormatInTheStatementItselfWins() {
        assertThat(run("SELECT 1 AS a FORMAT JSONEachRow", "CSV")).isEqualTo("{\"a\":1}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO {t} VALUES (1)",
                "CREATE TABLE millrace.made (a UInt8) ENGINE = MergeTree ORDER BY a",
                "CREATE TEMPORARY TABLE made (a UInt8)",
                "DROP TABLE {t}",
                "ALTER TABLE {t} DELETE WHERE 1",
                "TRUNCATE TABLE {t}",
                "SELECT * FROM file('/etc/passwd', 'LineAsString')",
                "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
                "INSERT INTO FUNCTION file('x.csv') SELECT 1",
                "SELECT 1 INTO OUTFILE '/tmp/x'",
                "SELECT 1; SELECT 2",
                "SELECT 1; DROP TABLE {t}",
                "SELECT * FROM millrace_staging.x",
                "KILL QUERY WHERE 1",
                "SYSTEM STOP MERGES {t}",
                "SET readonly = 0",
                "SELECT no_such_column FROM {t}",
                "SELEC",
                ""
            })
    void whateverIsNotAReadOfTheTablesIsRefusedInClickHousesWords(String sql) {
        var model = model("id UInt64");
        SINK.prepare(model);
        assertThatThrownBy(() -> run(sql.replace("{t}", quoted(model)), "TSV"))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED);
                            assertThat(e.what())
                                    .containsPattern(
                                            "\\(ClickHouse code \\d+\\)$|^KILL does more than read")
                                    .doesNotContain("Stack trace", "(version", "DB::Exception")
                                    .doesNotContain("\n");
                        });
        assertThat(answer("SELECT count() FROM " + quoted(model))).isEqualTo("0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CSV", "JSONEachRow", "Native", "JSON", "Parquet"})
    void anErrorInTheMiddleOfALongAnswerIsAnErrorAndNotAnEnd(String format) {
        var sql =
                "SELECT number, throwIf(number = 20000000, 'boom') FROM numbers(30000000)"
                        + " SETTINGS max_block_size = 10000";
        assertThatThrownBy(() -> QUERIES.query(sql, format, OutputStream.nullOutputStream()))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED))
                .hasMessageContaining("boom");
    }

    @Test
    void theTextOfALateErrorIsNotTakenForRows() {
        var out = new ByteArrayOutputStream();
        var sql =
                "SELECT number, throwIf(number = 3000000, 'boom') FROM numbers(5000000)"
                        + " SETTINGS max_block_size = 10000";
        assertThatThrownBy(() -> QUERIES.query(sql, "TSV", out)).hasMessageContaining("boom");
        assertThat(out.size()).isPositive();
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("boom", "__exception__");
    }

    @Test
    void aLongAnswerArrivesWhole() {
        var counted = new long[1];
        QUERIES.query(
                "SELECT number FROM numbers(5000000)",
                "RowBinary",
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        counted[0]++;
                    }

                    @Override
                    public void write(byte[] b, int from, int length) {
                        counted[0] += length;
                    }
                });
        assertThat(counted[0]).isEqualTo(40_000_000);
    }

    @Test
    void aQueryThatTakesTooLongIsEndedAndSaysSo() {
        var s = Fixture.settings();
        var impatient =
                new ClickHouseSettings(
                        s.endpoint(),
                        s.writer(),
                        s.reader(),
                        s.database(),
                        s.stagingDatabase(),
                        s.statementLimit(),
                        s.fenceLimit(),
                        Duration.ofSeconds(1));
        try (var connection = new ClickHouseConnection(impatient);
                var queries = new ClickHouseQueries(connection)) {
            for (var sql :
                    new String[] {
                        "SELECT count() FROM numbers(1000000000000)",
                        "SELECT number FROM numbers(1000000000000)"
                    }) {
                assertThatThrownBy(() -> queries.query(sql, "TSV", OutputStream.nullOutputStream()))
                        .isInstanceOfSatisfying(
                                MillraceException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED))
                        .hasMessageContaining("longer than 1 s");
            }
        }
    }

    @Test
    void aReaderThatGoesAwayEndsTheQuery() {
        var broken =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("gone");
                    }
                };
        assertThatThrownBy(() -> QUERIES.query("SELECT number FROM numbers(1e12)", "TSV", broken))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR))
                .hasMessageContaining("gone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NoSuchFormat", "TSV&readonly=0", ""})
    void anUnknownFormatIsRefused(String format) {
        assertThatThrownBy(() -> run("SELECT 1", format))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED));
    }

    private static String run(String sql, String format) {
        var out = new ByteArrayOutputStream();
        QUERIES.query(sql, format, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
