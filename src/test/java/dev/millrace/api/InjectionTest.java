package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.Engines;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever stands in any field of a request stays a name or a value: no SQL breaks at it, nothing
/// fails for it, and nothing is changed. Asked through a connection whose user could do harm.
class InjectionTest {
    private static final List<String> NASTY =
            List.of(
                    "`",
                    "'",
                    "\"",
                    "\\",
                    "`; DROP TABLE inj_canary; --",
                    "'; DROP TABLE inj_canary; --",
                    "\\'; DROP TABLE inj_canary; --",
                    "\\`; DROP TABLE inj_canary; --",
                    "inj_canary` FORMAT CSV; --",
                    "x' OR '1' = '1",
                    "1; DROP TABLE inj_canary",
                    "1) UNION ALL SELECT * FROM inj_canary --",
                    "*/ DROP TABLE inj_canary /*",
                    "{x:Identifier}",
                    "%s%n%d",
                    "${jndi:ldap://127.0.0.1:1/a}",
                    "../../../etc/passwd",
                    "a\nFORMAT CSV\nSETTINGS readonly = 0",
                    "\u0000",
                    "\u202e; elbat pord",
                    "");

    private static final JsonMapper MAPPER = new JsonMapper();

    private static ExploredServer server;
    private static String tables;

    @BeforeAll
    static void start() throws Exception {
        server = new ExploredServer();
        server.run("CREATE TABLE inj_canary (a UInt8, t String) ENGINE = MergeTree ORDER BY a");
        server.run("INSERT INTO inj_canary VALUES (1, 'one')");
        tables = tables();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String tables() throws Exception {
        return server.run(
                "SELECT groupArray(name) FROM (SELECT name FROM system.tables WHERE database ="
                        + " 'millrace' AND name LIKE 'inj%' ORDER BY name)");
    }

    private static void assertUnharmed() throws Exception {
        assertThat(tables()).isEqualTo(tables);
        assertThat(server.run("SELECT * FROM inj_canary")).isEqualTo("1\tone\n");
    }

    /// That a name or value came through as one: what ClickHouse cannot parse has been broken.
    private static void assertHarmless(HttpResponse<String> answer, String what) {
        assertThat(answer.statusCode()).as(what + answer.body()).isLessThan(500);
        assertThat(answer.body()).as(what).doesNotContain("ClickHouse code 62", "Syntax error");
    }

    /// The bodies that one becomes when each of its texts and numbers is something else in turn.
    private static List<JsonNode> spoilt(String body, String nasty) throws Exception {
        var all = new ArrayList<JsonNode>();
        for (var i = 0; ; i++) {
            var copy = MAPPER.readTree(body);
            var left = new int[] {i};
            if (!spoil(copy, left, nasty)) {
                return all;
            }
            all.add(copy);
        }
    }

    private static boolean spoil(JsonNode in, int[] left, String nasty) {
        if (in instanceof ObjectNode object) {
            for (var field : List.copyOf(object.properties())) {
                if (spoil(field.getValue(), left, nasty, put -> object.put(field.getKey(), put))) {
                    return true;
                }
            }
        } else if (in instanceof ArrayNode array) {
            for (var i = 0; i < array.size(); i++) {
                var at = i;
                if (spoil(array.get(i), left, nasty, put -> array.set(at, put))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean spoil(
            JsonNode value, int[] left, String nasty, Consumer<String> instead) {
        if (value.isContainerNode()) {
            return spoil(value, left, nasty);
        }
        if (left[0]-- == 0) {
            instead.accept(nasty);
            return true;
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                /api/v1/connections/writer/preview
                {"limit": 5, "join": {
                  "tables": [{"database": "millrace", "table": "inj_canary", "alias": "x"},
                             {"database": "millrace", "table": "inj_canary", "alias": "y"}],
                  "columns": [{"table": "x", "column": "a", "as": "n"}, {"table": "y", "column": "t"}],
                  "joins": [{"kind": "LEFT", "conditions": [{"left": {"table": "x", "column": "a"},
                     "operator": "=", "right": {"table": "y", "column": "a"}}]}],
                  "filters": [{"table": "x", "column": "t", "operator": "=", "value": "one"},
                     {"table": "x", "column": "a", "operator": "IN", "values": ["1", "2"]},
                     {"table": "y", "column": "t", "operator": "LIKE", "value": "o%"}],
                  "orderBy": [{"table": "x", "column": "a", "descending": true}], "limit": 3}}\
                """,
                """
                /api/v1/connections/writer/join
                {"tables": [{"table": "inj_canary", "alias": "x"}],
                  "columns": [{"column": "a", "as": "n"}], "limit": 3}\
                """,
                """
                /api/v1/connections/writer/preview
                {"table": {"database": "millrace", "table": "inj_canary", "columns": ["a", "t"]},
                  "limit": 5}\
                """,
                """
                /api/v1/exports
                {"connection": "writer", "format": "csv", "compression": "none",
                  "guardFormulas": false,
                  "table": {"database": "millrace", "table": "inj_canary", "columns": ["a", "t"]}}\
                """,
                """
                /columns
                {"connection": "writer", "database": "millrace", "table": "inj_canary"}\
                """,
                """
                /join-query
                {"connection": "writer", "database": "millrace",
                  "tables": ["inj_canary", "millrace.inj_canary"], "columns": ["inj_canary.a"],
                  "join_conditions": [{"type": "LEFT", "left": "inj_canary.a", "operator": "=",
                    "right": "millrace.inj_canary.a"}]}\
                """,
                """
                /preview
                {"connection": "writer", "database": "millrace", "table": "inj_canary",
                  "columns": ["a", "t"]}\
                """,
                """
                /clickhouse/export
                {"connection": "writer", "database": "millrace", "table": "inj_canary",
                  "columns": ["a"], "format": "csv", "compression": "none"}\
                """
            })
    void noFieldOfABodyIsMoreThanANameOrAValue(String request) throws Exception {
        var path = request.substring(0, request.indexOf('\n'));
        var body = request.substring(request.indexOf('\n') + 1);
        var good = server.api.sendJson("POST", path, body);
        assertThat(good.statusCode()).as(good.body()).isBetween(200, 201);
        for (var nasty : NASTY) {
            for (var spoilt : spoilt(body, nasty)) {
                assertHarmless(
                        server.api.sendJson("POST", path, spoilt.toString()), spoilt.toString());
            }
        }
        assertUnharmed();
    }

    @Test
    void noParameterAndNoPartOfAPathIsMoreThanANameOrAValue() throws Exception {
        var at = "/api/v1/connections/";
        for (var nasty : NASTY) {
            var text = URLEncoder.encode(nasty, StandardCharsets.UTF_8).replace("+", "%20");
            for (var path :
                    List.of(
                            at + "writer/tables?database=" + text,
                            at + "writer/tables?name=" + text,
                            at + "writer/tables?cursor=" + text,
                            at + "writer/tables?limit=" + text,
                            at + "writer/columns?table=" + text,
                            at + "writer/columns?table=inj_canary&database=" + text,
                            at + text + "/tables",
                            at + "?cursor=" + text,
                            "/api/v1/exports/" + text,
                            "/api/v1/exports?cursor=" + text,
                            "/api/v1/jobs?kind=all&cursor=" + text,
                            "/api/v1/jobs?kind=" + text,
                            "/progress/" + text)) {
                assertHarmless(server.api.get(path), path);
            }
            for (var path :
                    List.of(
                            "/api/v1/sql?connection=writer&format=" + text,
                            "/api/v1/sql?format=CSV&connection=" + text)) {
                assertHarmless(server.api.send("POST", path, "SELECT 1"), path);
            }
        }
        assertUnharmed();
    }

    /// Refused, or taken for the name that it is: then nothing is there by that name.
    @Test
    void noFieldOfAConnectionIsMoreThanItSays() throws Exception {
        var reader = Engines.clickhouse().reader();
        var body =
                Json.object()
                        .put("name", "inj")
                        .put("url", Engines.clickhouse().url())
                        .put("database", "millrace")
                        .put("user", reader.user())
                        .put("password", reader.password())
                        .put("connectSeconds", 5)
                        .put("answerSeconds", 20)
                        .toString();
        for (var nasty : NASTY) {
            for (var spoilt : spoilt(body, nasty)) {
                var made = server.api.sendJson("POST", "/api/v1/connections", spoilt.toString());
                assertHarmless(made, spoilt.toString());
                if (made.statusCode() == 201) {
                    var self = RunningApi.json(made).path("links").path("self").asText();
                    for (var path : List.of("/tables", "/databases", "/columns?table=inj_canary")) {
                        assertHarmless(server.api.get(self + path), spoilt + path);
                    }
                    var test = server.api.sendJson("POST", self + "/test", "");
                    assertHarmless(test, spoilt.toString());
                    assertThat(test.statusCode()).as(spoilt.toString()).isNotEqualTo(500);
                    server.api.send("DELETE", self, "");
                }
            }
        }
        assertUnharmed();
    }
}
