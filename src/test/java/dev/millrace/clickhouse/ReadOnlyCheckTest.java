package dev.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Engines;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import dev.millrace.core.QueryEngine;
import dev.millrace.core.Secret;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever may query ends nobody's query, by either way that statements take: here as the user who
/// could end all of them.
class ReadOnlyCheckTest {
    private static final String VICTIM = "victim-" + ProcessHandle.current().pid();

    private static final RemoteDatabase REMOTE =
            new RemoteDatabase(
                    new ClickHouseReach(
                            URI.create(Engines.clickhouse().url()),
                            "millrace",
                            Engines.clickhouse().user().user(),
                            true,
                            null,
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(60)),
                    new Secret(Engines.clickhouse().user().password()),
                    HostRules.ALL);

    private static final ClickHouseConnection CONNECTION =
            new ClickHouseConnection(
                    ClickHouseSettings.of(
                            URI.create(Engines.clickhouse().url()), login(), login()));

    private static final ClickHouseQueries OWN = new ClickHouseQueries(CONNECTION);

    private static ClickHouseSettings.Login login() {
        var user = Engines.clickhouse().user();
        return new ClickHouseSettings.Login(user.user(), user.password());
    }

    @AfterAll
    static void close() {
        REMOTE.close();
        OWN.close();
        CONNECTION.close();
    }

    private static List<QueryEngine> ways() {
        return List.of(REMOTE, OWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void nobodyEndsTheQueryOfAnother(int number) throws Exception {
        var way = ways().get(number);
        var victim =
                CompletableFuture.runAsync(() ->
                        way.query(
                                "SELECT count(sleepEachRow(0.1)) FROM numbers(30) WHERE '%s' != ''"
                                        .formatted(VICTIM),
                                "CSV",
                                OutputStream.nullOutputStream()));
        awaitVictim();
        for (var sql :
                new String[] {
                    "KILL QUERY WHERE query LIKE '%{v}%' AND query LIKE 'SELECT count(sleep%' SYNC",
                    "kill query where user = currentUser() and query like 'SELECT count(sleep%'",
                    "/* SELECT */ KILL -- \n QUERY WHERE 1 ASYNC FORMAT JSON",
                    "KILL QUERY WHERE 0 TEST",
                    "KILL MUTATION WHERE 1",
                    "EXECUTE AS default KILL QUERY WHERE 1",
                    "EXECUTE AS default SELECT 1",
                    "SELECT 1; KILL QUERY WHERE 1",
                    "KILL QUERY WHERE 1;",
                    "\u0000KILL QUERY WHERE 1",
                    "KILL QUERY WHERE query_id = {a:String} SETTINGS param_a = 'x'"
                }) {
            assertThatThrownBy(() ->
                            way.query(
                                    sql.replace("{v}", VICTIM),
                                    "CSV",
                                    OutputStream.nullOutputStream()))
                    .as(sql)
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED));
        }
        victim.get(30, TimeUnit.SECONDS);
    }

    private static void awaitVictim() {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (CONNECTION
                .rows(
                        Statement.of(
                                "SELECT 1 AS one FROM system.processes WHERE query LIKE 'SELECT count(sleep%%%s%%'"
                                        .formatted(VICTIM)),
                        row -> row)
                .isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'KILL QUERY' AS a",
                "WITH KILL AS (SELECT 1 AS a) SELECT * FROM KILL",
                "(SELECT 1) UNION ALL (SELECT 2) FORMAT CSV",
                "FROM system.one SELECT dummy",
                "SHOW TABLES FROM millrace",
                "DESCRIBE TABLE system.one",
                "EXPLAIN SELECT 1",
                "EXISTS TABLE system.one",
                "-- why\nSELECT 1;"
            })
    void whatReadsIsAnswered(String sql) {
        for (var way : ways()) {
            way.query(sql, "CSV", OutputStream.nullOutputStream());
        }
    }

    @Test
    void aStatementAsLongAsTheServerTakesIsAnswered() {
        var text = "'\\".repeat(60_000);
        for (var way : ways()) {
            var out = new ByteArrayOutputStream();
            way.query("SELECT length(%s)".formatted(Sql.literal(text)), "CSV", out);
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("120000\n");
        }
    }

    @Test
    void whatCannotBeReadIsSaidInTheServersWordsAlone() {
        for (var way : ways()) {
            assertThatThrownBy(() ->
                            way.query("SELECT 1 FROM", "CSV", OutputStream.nullOutputStream()))
                    .hasMessageContaining("Syntax error")
                    .hasMessageNotContaining("formatQuery");
        }
    }
}
