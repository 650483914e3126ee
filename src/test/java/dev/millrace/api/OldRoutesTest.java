package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.Engines;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The routes of the earlier tool, with the bodies that its users send.
class OldRoutesTest {
    private static ExploredServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ExploredServer();
        server.run("CREATE TABLE old_a (id UInt64, name String) ENGINE = Memory");
        server.run("INSERT INTO old_a VALUES (1, 'x'), (2, 'y')");
        server.run("CREATE TABLE old_b (a UInt64, city String) ENGINE = Memory");
        server.run("INSERT INTO old_b VALUES (1, 'Oulu')");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ObjectNode host() {
        var url = URI.create(Engines.clickhouse().url());
        return Json.object()
                .put("host", url.getHost())
                .put("port", url.getPort())
                .put("database", "millrace")
                .put("user", Engines.clickhouse().reader().user())
                .put("password", Engines.clickhouse().reader().password());
    }

    private static JsonNode post(String path, ObjectNode body) throws Exception {
        var answer = server.api.sendJson("POST", path, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningApi.json(answer);
    }

    private static ObjectNode joined(ObjectNode body) {
        body.putArray("tables").add("old_a").add("millrace.old_b");
        body.putArray("columns").add("old_a.name").add("millrace.old_b.city");
        body.putArray("join_conditions")
                .addObject()
                .put("type", "LEFT")
                .put("left", "old_a.id")
                .put("right", "millrace.old_b.a");
        return body;
    }

    @Test
    void eachIsAnsweredForAHostAndForAConnection() throws Exception {
        for (var where :
                new ObjectNode[] {
                    host(), Json.object(), Json.object().put("connection", "writer")
                }) {
            assertThat(post("/tables", where.deepCopy()).path("tables").toString())
                    .contains("\"old_a\",\"old_b\"");
            assertThat(post("/columns", where.deepCopy().put("table", "old_a")).toString())
                    .isEqualTo(
                            "{\"columns\":[{\"name\":\"id\",\"type\":\"UInt64\"},"
                                    + "{\"name\":\"name\",\"type\":\"String\"}]}");
            var query = post("/join-query", joined(where.deepCopy())).path("query").asText();
            assertThat(query).contains("LEFT JOIN");
            var rows = post("/preview", joined(where.deepCopy()));
            assertThat(rows.path("columns").toString()).isEqualTo("[\"name\",\"city\"]");
            assertThat(rows.path("rows").toString()).contains("[\"x\",\"Oulu\"]", "[\"y\",null]");
            assertThat(post("/preview", where.deepCopy().put("query", query)).path("rows"))
                    .hasSize(2);
            assertThat(post("/preview", where.deepCopy().put("table", "old_a")).path("rows"))
                    .hasSize(2);
        }
    }

    @Test
    void aHostIsForAdministratorsAndOnlyOneThatConnectionsMayReach() throws Exception {
        var reader = server.api.tokens.issue("eve", Set.of(Scope.READ), Duration.ofMinutes(5));
        var refused =
                server.api.send(
                        server.api
                                .anonymous("/tables")
                                .header("Authorization", "Bearer " + reader)
                                .POST(BodyPublishers.ofString(host().toString())));
        assertThat(refused.statusCode()).isEqualTo(403);
        var own =
                server.api.send(
                        server.api
                                .anonymous("/tables")
                                .header("Authorization", "Bearer " + reader)
                                .POST(BodyPublishers.ofString("{}")));
        assertThat(own.statusCode()).isEqualTo(200);
        for (var name : new String[] {"localhost.", "169.254.169.254", "127.0.0.2", "[::1]"}) {
            var answer =
                    server.api.sendJson("POST", "/tables", host().put("host", name).toString());
            assertThat(answer.body()).containsAnyOf("HOST_FORBIDDEN", "HOST_UNKNOWN");
            assertThat(answer.body()).doesNotContain(Engines.clickhouse().reader().password());
        }
        var wrong =
                server.api.sendJson("POST", "/tables", host().put("password", "hush").toString());
        assertThat(wrong.body()).contains("LOGIN_REFUSED").doesNotContain("hush");
        var token = host().put("jwt_token", "a.b.c");
        token.remove("user");
        token.remove("password");
        assertThat(server.api.sendJson("POST", "/tables", token.toString()).body())
                .contains("TOKEN_REFUSED")
                .doesNotContain("a.b.c");
        assertThat(server.api.send(server.api.anonymous("/tables").POST(BodyPublishers.noBody())))
                .extracting(answer -> answer.statusCode())
                .isEqualTo(401);
    }
}
