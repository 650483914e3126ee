package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.Connectors;
import dev.millrace.Engines;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.clickhouse.ClickHouseConnection;
import dev.millrace.clickhouse.ClickHouseQueries;
import dev.millrace.connect.Connections;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Secret;
import dev.millrace.export.Exports;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/// An API with connections to the real server: `embedded`, and `writer`, whose user could write.
final class ExploredServer implements AutoCloseable {
    final PostgresCatalog catalog = Engines.newCatalog("explored");
    final Connections connections;
    final Exports exports;
    private final ClickHouseConnection loader =
            new ClickHouseConnection(Engines.clickhouseSettings());
    private final ClickHouseQueries queries = new ClickHouseQueries(loader);
    final RunningApi api = new RunningApi();
    private final HttpClient client = HttpClient.newHttpClient();

    ExploredServer() {
        connections = Connectors.connections(catalog);
        exports =
                new Exports(
                        catalog.exports(),
                        connections,
                        connections,
                        "explored/1",
                        new Exports.Limits(Duration.ofHours(1), Duration.ofDays(1)));
        api.connections = _ -> connections;
        api.exports = _ -> exports;
        api.engine = queries;
        api.start();
        var user = Engines.clickhouse().user();
        connect("writer", Engines.clickhouse().url(), user.user(), user.password());
    }

    void connect(String name, String url, String user, String password) {
        connections.create(
                name,
                new ClickHouseReach(
                        URI.create(url),
                        "millrace",
                        user,
                        true,
                        null,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60)),
                new Secret(password),
                "ada",
                null);
    }

    /// Runs a statement as the one who may write.
    String run(String sql) throws Exception {
        var server = Engines.clickhouse();
        var login = server.user().user() + ":" + server.user().password();
        var answer =
                client.send(
                        HttpRequest.newBuilder(URI.create(server.url() + "/?database=millrace"))
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + Base64.getEncoder()
                                                        .encodeToString(
                                                                login.getBytes(
                                                                        StandardCharsets.UTF_8)))
                                .POST(HttpRequest.BodyPublishers.ofString(sql))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /// A good answer.
    JsonNode get(String path) throws Exception {
        var answer = api.get("/api/v1/connections" + path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningApi.json(answer);
    }

    /// A good answer.
    JsonNode post(String path, String body) throws Exception {
        var answer = api.sendJson("POST", "/api/v1/connections" + path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningApi.json(answer);
    }

    /// The `code: detail remedy` of a refusal.
    String refusal(String path, String body) throws Exception {
        var answer = api.sendJson("POST", "/api/v1/connections" + path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        var problem = RunningApi.json(answer);
        return "%s: %s %s"
                .formatted(
                        problem.path("code").asText(),
                        problem.path("detail").asText(),
                        problem.path("remedy").asText());
    }

    @Override
    public void close() {
        client.close();
        api.close();
        exports.close();
        queries.close();
        loader.close();
        connections.close();
        catalog.close();
    }
}
