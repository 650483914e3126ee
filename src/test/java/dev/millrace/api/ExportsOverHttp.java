package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.Connectors;
import dev.millrace.Engines;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.connect.Connections;
import dev.millrace.export.Exports;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Exports of the real server over HTTP, and what tests of them ask.
abstract class ExportsOverHttp {
    static final String PATH = "/api/v1/exports";

    static PostgresCatalog catalog;
    static Connections connections;
    static Exports exports;
    static RunningApi api;

    @BeforeAll
    static void start() {
        catalog = Engines.newCatalog("export_routes");
        connections = Connectors.connections(catalog);
        exports =
                new Exports(
                        catalog.exports(),
                        connections,
                        connections,
                        "routes/1",
                        new Exports.Limits(Duration.ofHours(1), Duration.ofDays(1)));
        api = new RunningApi();
        api.connections = _ -> connections;
        api.exports = _ -> exports;
        api.start();
    }

    @AfterAll
    static void stop() {
        api.close();
        exports.close();
        connections.close();
        catalog.close();
    }

    static HttpResponse<String> create(String more) throws Exception {
        return api.sendJson("POST", PATH, "{%s}".formatted(more));
    }

    static String made(String query, String more) throws Exception {
        var response = create("\"query\": \"%s\", %s".formatted(query.replace("\"", "\\\""), more));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return RunningApi.json(response).path("id").asText();
    }

    /// Cancels an export that runs, and waits until its query is over.
    ///
    /// @param running who waits for its file
    static void cancel(String id, String mark, CompletableFuture<Void> running) throws Exception {
        awaitRunning(mark, 1);
        assertThat(api.sendJson("POST", PATH + "/" + id + "/cancel", "").statusCode())
                .isEqualTo(200);
        running.get(30, TimeUnit.SECONDS);
        awaitRunning(mark, 0);
        assertThat(get(id).path("state").asText()).isEqualTo("CANCELLED");
    }

    static JsonNode get(String id) throws Exception {
        return RunningApi.json(api.get(PATH + "/" + id));
    }

    static JsonNode awaitState(String id, String state) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        var export = get(id);
        while (!export.path("state").asText().equals(state)) {
            assertThat(System.nanoTime()).as(export.toString()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            export = get(id);
        }
        return export;
    }

    /// As the user who loads.
    static String sql(String statement) throws Exception {
        var login = Engines.clickhouse().user();
        var answer =
                api.client.send(
                        HttpRequest.newBuilder(URI.create(Engines.clickhouse().url()))
                                .header("X-ClickHouse-User", login.user())
                                .header("X-ClickHouse-Key", login.password())
                                .POST(HttpRequest.BodyPublishers.ofString(statement))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().strip();
    }

    static void awaitRunning(String mark, long count) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        var asked =
                "SELECT count() FROM system.processes WHERE query LIKE '%%%s%%' AND query LIKE '%%_millrace_export%%' AND query_id != queryID()"
                        .formatted(mark);
        while (!sql(asked).equals(Long.toString(count))) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
