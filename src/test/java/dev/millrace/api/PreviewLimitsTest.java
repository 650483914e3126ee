package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What ends a query before its end: a caller who goes away, and what a profile allows.
class PreviewLimitsTest {
    private static ExploredServer server;

    @BeforeAll
    static void start() {
        server = new ExploredServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/connections/writer/preview",
                "/api/v1/connections/embedded/preview",
                "/api/v1/sql?format=CSV",
                "/api/v1/sql?format=CSV&connection=writer",
                "/api/v1/sql?format=CSV&connection=embedded"
            })
    void aQueryEndsWhenItsCallerGoesAway(String path) throws Exception {
        var mark = "gone_" + Integer.toHexString(path.hashCode());
        var query =
                "SELECT count() AS %s FROM numbers(10000000) a, numbers(10000000) b WHERE cityHash64(a.number, b.number) = 0"
                        .formatted(mark);
        var preview = path.endsWith("/preview");
        var body =
                (preview ? Json.object().put("query", query).toString() : query)
                        .getBytes(StandardCharsets.UTF_8);
        var token = server.api.tokens.issue("ada", Duration.ofMinutes(5));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.api.api().port())) {
            socket.getOutputStream()
                    .write(
                            String.join(
                                            "\r\n",
                                            "POST " + path + " HTTP/1.1",
                                            "Host: 127.0.0.1",
                                            "Authorization: Bearer " + token,
                                            "Content-Type: "
                                                    + (preview ? "application/json" : "text/plain"),
                                            "Content-Length: " + body.length,
                                            "",
                                            "")
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            awaitRunning(mark, true, Duration.ofSeconds(20));
        }
        // shorter than what a preview may take by itself
        awaitRunning(mark, false, Duration.ofSeconds(3));
        assertThat(server.get("/embedded/databases").path("items").size()).isPositive();
    }

    private static void awaitRunning(String mark, boolean running, Duration limit)
            throws Exception {
        var deadline = System.nanoTime() + limit.toNanos();
        while (isRunning(mark) != running) {
            assertThat(System.nanoTime()).as(mark + " running: " + !running).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static boolean isRunning(String mark) throws Exception {
        return !server.run(
                        "SELECT count() FROM system.processes WHERE query LIKE '%AS "
                                + mark
                                + " FROM%' AND query LIKE 'SELECT count() AS gone%'")
                .equals("0\n");
    }

    @Test
    void whereNothingMayBeSetTheQueryIsWrappedAndThatIsSaid() throws Exception {
        try (var locked = new LockedServer()) {
            var user = Engines.clickhouse().user();
            server.connect("locked", locked.url(), user.user(), user.password());
            var preview =
                    server.post(
                            "/locked/preview",
                            """
                            {"limit": 2, "query": "SELECT number + 9007199254740993 AS n,\
                             toDecimal64(1.5, 2) d, [number] l, 0.1 f, NULL o FROM\
                             numbers(10000000000) -- end\\n;"}\
                            """);
            assertThat(preview.path("rows").toString())
                    .isEqualTo(
                            "[[\"9007199254740993\",\"1.5\",[0],0.1,null],"
                                    + "[\"9007199254740994\",\"1.5\",[1],0.1,null]]");
            assertThat(preview.path("more").asBoolean()).isTrue();
            assertThat(preview.path("bounded").asBoolean()).isFalse();
            assertThat(locked.queries)
                    .isNotEmpty()
                    .noneMatch(query -> query.contains("max_rows") || query.contains("readonly"));
            var join =
                    server.post(
                            "/locked/join",
                            """
                            {"tables": [{"database": "system", "table": "one", "alias": "a"},
                               {"database": "system", "table": "one", "alias": "b"}],
                             "joins": [{"kind": "FULL", "conditions": [
                               {"left": {"table": "a", "column": "dummy"},
                                "right": {"table": "b", "column": "dummy"}}]}]}\
                            """);
            assertThat(join.path("columns").toString()).contains("Nullable(UInt8)");
            assertThat(server.refusal("/locked/preview", "{\"query\": \"DROP TABLE t\"}"))
                    .startsWith("QUERY_REFUSED");
        }
    }
}
