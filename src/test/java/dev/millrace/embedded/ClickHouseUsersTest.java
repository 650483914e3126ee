package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What ClickHouse's three users may do, and what they may not.
class ClickHouseUsersTest {
    private static ClickHouseHttp loader;
    private static ClickHouseHttp reader;
    private static ClickHouseHttp anonymous;

    @BeforeAll
    static void aTableWithOneRow() {
        var address = Engines.clickhouse();
        loader = new ClickHouseHttp(address.url(), address.user());
        reader = new ClickHouseHttp(address.url(), address.reader());
        anonymous = ClickHouseHttp.anonymous(address.url());
        loader.run("CREATE OR REPLACE TABLE users_seen (a UInt8) ENGINE = MergeTree ORDER BY a");
        loader.run("INSERT INTO users_seen VALUES (7)");
        loader.run(
                "CREATE OR REPLACE TABLE millrace_staging.users_hidden (a UInt8) ENGINE = MergeTree ORDER BY a");
        loader.run("INSERT INTO millrace_staging.users_hidden VALUES (8)");
    }

    @Test
    void anyoneReadsTheTablesWithoutAPassword() {
        assertThat(anonymous.get("SELECT * FROM users_seen")).isEqualTo("7");
        assertThat(anonymous.run("SELECT a FROM millrace.users_seen FORMAT JSONEachRow"))
                .isEqualTo("{\"a\":7}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO users_seen VALUES (1)",
                "CREATE TABLE t (a UInt8) ENGINE = Memory",
                "CREATE TABLE t (a UInt8) ENGINE = File(CSV)",
                "CREATE TEMPORARY TABLE t (a UInt8)",
                "CREATE DATABASE d",
                "CREATE FUNCTION f AS x -> x",
                "CREATE USER u",
                "ALTER TABLE users_seen DELETE WHERE 1",
                "DROP TABLE users_seen",
                "TRUNCATE TABLE users_seen",
                "OPTIMIZE TABLE users_seen FINAL",
                "GRANT SELECT ON *.* TO default",
                "KILL QUERY WHERE 1",
                "SYSTEM SHUTDOWN",
                "SYSTEM STOP MERGES users_seen",
                "SELECT * FROM file('/etc/passwd', LineAsString)",
                "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
                "SELECT * FROM remote('127.0.0.1', system.one)",
                "SELECT * FROM executable('id', LineAsString, 'a String')",
                "SELECT * FROM sqlite('/tmp/x.db', 't')",
                "INSERT INTO FUNCTION file('/tmp/millrace-never', CSV, 'a UInt8') VALUES (1)",
                "SELECT * FROM users_seen INTO OUTFILE '/tmp/millrace-never'",
                "SELECT * FROM millrace_staging.users_hidden",
                "SELECT * FROM system.query_log",
                "SELECT * FROM system.processes",
                "SELECT * FROM system.users",
                "SELECT * FROM system.server_settings",
                "SELECT * FROM merge('millrace_staging', '.*')",
                "SELECT * FROM information_schema.tables WHERE table_schema = 'millrace_staging' OR 1 = throwIf(count() > 99)",
                "SET max_memory_usage = 0",
                "SELECT 1 SETTINGS max_execution_time = 0",
                "SELECT 1 SETTINGS max_memory_usage = 100000000000",
            })
    void anyoneIsRefused(String sql) {
        assertThat(anonymous.refusal(sql)).contains("DB::Exception");
    }

    @Test
    void theReaderChoosesFormatsAndChangesNothing() {
        assertThat(
                        reader.run(
                                "SELECT a FROM users_seen FORMAT CSVWithNames SETTINGS format_csv_delimiter = ';'"))
                .isEqualTo("\"a\"\n7");
        assertThat(reader.refusal("INSERT INTO users_seen VALUES (1)")).contains("ACCESS_DENIED");
        assertThat(reader.refusal("SELECT * FROM millrace_staging.users_hidden"))
                .contains("ACCESS_DENIED");
        assertThat(reader.refusal("SELECT * FROM file('/etc/passwd', LineAsString)"))
                .contains("DB::Exception");
        assertThat(reader.refusal("SELECT 1 SETTINGS max_memory_usage = 100000000000"))
                .contains("DB::Exception");
    }

    @Test
    void theLoaderStagesPublishesAndCleansUp() {
        loader.run(
                """
                CREATE TABLE loaded (a UInt8, `_millrace_row` UInt64 MATERIALIZED 0,
                  INDEX i `_millrace_row` TYPE minmax) ENGINE = ReplacingMergeTree
                ORDER BY a PARTITION BY a % 2 TTL toDate(a) + INTERVAL 90 YEAR\
                """);
        loader.run(
                """
                CREATE TABLE millrace_staging.loaded_1 (a UInt8, `_millrace_row` UInt64 MATERIALIZED 0,
                  INDEX i `_millrace_row` TYPE minmax) ENGINE = MergeTree ORDER BY a PARTITION BY a % 2
                SETTINGS non_replicated_deduplication_window = 1000\
                """);
        loader.run(
                "INSERT INTO millrace_staging.loaded_1 (a, `_millrace_row`) SETTINGS insert_allow_materialized_columns = 1, insert_deduplication_token = 't' VALUES (1, 1), (2, 2)");
        loader.run("RENAME TABLE millrace_staging.loaded_1 TO millrace_staging.loaded_2");
        loader.run("ALTER TABLE loaded ATTACH PARTITION ALL FROM millrace_staging.loaded_2");
        assertThat(loader.run("SELECT count(), sum(`_millrace_row`) FROM loaded"))
                .isEqualTo("2\t3");
        loader.run("ALTER TABLE loaded ADD COLUMN b Nullable(String)");
        loader.run(
                "ALTER TABLE loaded DELETE WHERE a = 1 AND (SELECT count() FROM millrace_staging.loaded_2) >= 0 SETTINGS mutations_sync = 2");
        loader.run("DELETE FROM loaded WHERE a = 2");
        loader.run("SYSTEM STOP MERGES millrace_staging.loaded_2");
        loader.run("CREATE TABLE loaded_new AS loaded");
        loader.run("EXCHANGE TABLES loaded AND loaded_new");
        loader.run("TRUNCATE TABLE loaded");
        loader.run("OPTIMIZE TABLE loaded_new FINAL");
        loader.run("CREATE VIEW loaded_view AS SELECT count() FROM loaded");
        loader.run(
                "CREATE MATERIALIZED VIEW millrace_staging.loaded_sum ENGINE = SummingMergeTree ORDER BY a AS SELECT a FROM millrace_staging.loaded_2");
        loader.run("KILL QUERY WHERE query_id LIKE 'millrace-none-%' SYNC");
        loader.run("KILL MUTATION WHERE 0");
        loader.run(
                "SELECT serverUUID(), count() FROM system.parts, system.mutations, system.processes");
        loader.run(
                "SELECT count() FROM system.tables, system.columns, system.databases, system.merges");
        loader.run("DROP VIEW millrace_staging.loaded_sum");
        loader.run("DROP VIEW loaded_view");
        loader.run("DROP TABLE millrace_staging.loaded_2 SYNC");
        loader.run("DROP TABLE loaded, loaded_new");
    }

    @Test
    void theLoaderReachesNothingOutsideItsDatabases() {
        assertThat(loader.refusal("SELECT * FROM file('/etc/passwd', LineAsString)"))
                .contains("ACCESS_DENIED");
        assertThat(loader.refusal("CREATE TABLE default.t (a UInt8) ENGINE = Memory"))
                .contains("ACCESS_DENIED");
        assertThat(loader.refusal("CREATE DATABASE d")).contains("ACCESS_DENIED");
    }

    @Test
    void whatWasAskedIsLogged() {
        loader.run("SELECT 'a question to remember'");
        loader.run("SYSTEM FLUSH LOGS");
        assertThat(
                        loader.run(
                                "SELECT count() FROM system.query_log WHERE query LIKE 'SELECT ''a question%' AND type = 'QueryFinish'"))
                .isEqualTo("1");
        assertThat(
                        loader.run(
                                "SELECT create_table_query FROM system.tables WHERE name = 'query_log'"))
                .contains("TTL");
    }
}
