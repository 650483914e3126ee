package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.embedded.EmbeddedEngines;
import dev.millrace.embedded.Engine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What breaks under somebody who reads: each time one clear answer or none that looks whole, and
/// nothing that goes on at the server.
class ReadFaultsTest {
    private static final String SQL = "/api/v1/sql?format=CSV&connection=";

    @TempDir static Path folder;

    private static EmbeddedEngines engines;
    private static CutProxy proxy;
    private static ExploredServer server;

    @BeforeAll
    static void start() throws Exception {
        engines = Engines.start(Set.of(Engine.CLICKHOUSE), folder);
        proxy = new CutProxy(URI.create(engines.clickhouse().url()));
        server = new ExploredServer();
        var reader = engines.clickhouse().reader();
        server.connect("killed", engines.clickhouse().url(), reader.user(), reader.password());
        server.connect("cut", proxy.url(), reader.user(), reader.password());
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        proxy.close();
        engines.close();
    }

    /// A query that runs for minutes and says nothing.
    private static String silent(String mark) {
        return "SELECT count(sleepEachRow(0.5)) AS %s FROM numbers(600) SETTINGS max_block_size = 1"
                .formatted(mark);
    }

    /// As the user who may see what runs there.
    private static String atServer(String statement) throws Exception {
        var login = engines.clickhouse().user();
        var answer =
                server.api.client.send(
                        HttpRequest.newBuilder(URI.create(engines.clickhouse().url()))
                                .header("X-ClickHouse-User", login.user())
                                .header("X-ClickHouse-Key", login.password())
                                .timeout(Duration.ofSeconds(10))
                                .POST(HttpRequest.BodyPublishers.ofString(statement))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().strip();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static boolean runs(String mark) throws Exception {
        return !atServer(
                        "SELECT count() FROM system.processes WHERE query LIKE '%%%s%%' AND user = 'reader'"
                                .formatted(mark))
                .equals("0");
    }

    private static void awaitBack() throws Exception {
        await(
                "the server is back",
                () -> {
                    try {
                        return atServer("SELECT 1").equals("1");
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    private static HttpResponse<String> preview(String connection, String query) throws Exception {
        return server.api.sendJson(
                "POST",
                "/api/v1/connections/%s/preview".formatted(connection),
                Json.object().put("query", query).toString());
    }

    private static CompletableFuture<HttpResponse<String>> begin(
            String connection, String way, String query) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return way.equals("preview")
                        ? preview(connection, query)
                        : server.api.send("POST", SQL + connection, query);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void breakOff(String connection) throws Exception {
        if (connection.equals("cut")) {
            proxy.cut();
        } else {
            kill();
        }
    }

    private static void kill() throws Exception {
        var process = engines.process(Engine.CLICKHOUSE).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut preview", "cut sql", "killed preview", "killed sql"})
    void whatBreaksOffBeforeItsFirstRowIsSaidSo(String fault) throws Exception {
        var connection = fault.split(" ", -1)[0];
        var mark = "fault_" + fault.replace(' ', '_');
        assertThat(preview(connection, "SELECT 1").statusCode()).isEqualTo(200);
        var asked = begin(connection, fault.split(" ", -1)[1], silent(mark));
        await(mark + " runs", () -> runs(mark));

        breakOff(connection);
        var answer = asked.get(30, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        var problem = RunningApi.json(answer);
        assertThat(problem.path("code").asText()).isEqualTo("CLICKHOUSE_UNAVAILABLE");
        assertThat(problem.path("detail").asText()).contains("broke off");

        awaitBack();
        await(mark + " has ended", () -> !runs(mark));
        assertThat(preview(connection, "SELECT 1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "killed"})
    void anAnswerThatBreaksOffInTheMiddleDoesNotEndAsAWholeOne(String connection) throws Exception {
        var mark = "middle_" + connection;
        var rows =
                "SELECT number, repeat('x', 1000), sleepEachRow(0.00001) AS %s FROM numbers(100000000)"
                        .formatted(mark);
        var answer =
                server.api.client.send(
                        server.api
                                .request(SQL + connection)
                                .POST(HttpRequest.BodyPublishers.ofString(rows))
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().readNBytes(1 << 20)).hasSize(1 << 20);
        breakOff(connection);
        var whole =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return answer.body().readAllBytes().length;
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
        assertThat(whole)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableOfType(ExecutionException.class)
                .havingRootCause()
                .isInstanceOf(IOException.class);
        awaitBack();
        await(mark + " has ended", () -> !runs(mark));
    }

    @Test
    void aServerThatIsAwayIsSaidToBe() throws Exception {
        kill();
        var answer = preview("killed", "SELECT 1");
        assertThat(RunningApi.json(answer).path("code").asText())
                .isIn("PORT_CLOSED", "CLICKHOUSE_UNAVAILABLE");
        awaitBack();
    }

    @ParameterizedTest
    @ValueSource(strings = {"preview", "sql"})
    void aQueryOutOfMemorySaysSoAndIsOver(String way) throws Exception {
        var mark = "memory_" + way;
        var query =
                "SELECT length(groupArray(repeat('x', 1000))) AS %s FROM numbers(1000000) SETTINGS max_memory_usage = 50000000"
                        .formatted(mark);
        var answer = begin("killed", way, query).get(60, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        var problem = RunningApi.json(answer);
        assertThat(problem.path("code").asText()).isEqualTo("QUERY_REFUSED");
        assertThat(problem.path("detail").asText()).containsIgnoringCase("memory limit");
        assertThat(runs(mark)).isFalse();
    }
}
