package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.embedded.PartlyGranted;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A user of ClickHouse who was granted some columns of some tables sees, previews and exports
/// these, and is told which right the rest would take.
class PartlyGrantedTest {
    @TempDir static Path folder;

    private static PartlyGranted clickhouse;
    private static ExploredServer server;

    @BeforeAll
    static void start() throws Exception {
        clickhouse =
                new PartlyGranted(
                        folder,
                        "partly",
                        List.of(
                                "SELECT(id, name) ON millrace.pg_people",
                                "SELECT ON millrace.pg_open"));
        clickhouse.run(
                "CREATE TABLE pg_people (id UInt8, name String, salary UInt32) ENGINE = MergeTree ORDER BY id");
        clickhouse.run("INSERT INTO pg_people VALUES (1, 'Ada', 4711), (2, 'Bo', 4712)");
        clickhouse.run("CREATE TABLE pg_open (id UInt8) ENGINE = MergeTree ORDER BY id");
        clickhouse.run("INSERT INTO pg_open VALUES (1)");
        clickhouse.run("CREATE TABLE pg_secret (id UInt8) ENGINE = MergeTree ORDER BY id");
        server = new ExploredServer();
        server.connect("part", clickhouse.url(), "partly", PartlyGranted.PASSWORD);
    }

    @AfterAll
    static void stop() {
        server.close();
        clickhouse.close();
    }

    private static List<String> names(JsonNode answer) {
        return answer.path("items").valueStream().map(each -> each.path("name").asText()).toList();
    }

    @Test
    void discoveryShowsWhatIsGranted() throws Exception {
        assertThat(names(server.get("/part/tables"))).containsExactly("pg_open", "pg_people");
        assertThat(names(server.get("/part/columns?table=pg_people")))
                .containsExactly("id", "name");
        assertThat(names(server.get("/part/databases")))
                .contains("millrace")
                .doesNotContain("millrace_staging");
        var hidden = server.api.get("/api/v1/connections/part/columns?table=pg_secret");
        assertThat(hidden.statusCode()).isEqualTo(404);
        var other = server.api.get("/api/v1/connections/part/tables?database=millrace_staging");
        assertThat(other.body()).contains("DATABASE_MISSING");
    }

    @Test
    void aPreviewShowsWhatIsGrantedAndNamesTheRightThatIsMissing() throws Exception {
        var all = server.post("/part/preview", "{\"table\": {\"table\": \"pg_people\"}}");
        assertThat(all.path("rows").toString()).isEqualTo("[[1,\"Ada\"],[2,\"Bo\"]]");
        BiFunction<String, String, String> refused =
                (path, body) -> {
                    try {
                        return server.refusal(path, body);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                };
        assertThat(
                        refused.apply(
                                "/part/preview",
                                "{\"table\": {\"table\": \"pg_people\", \"columns\": [\"salary\"]}}"))
                .startsWith("INVALID_JOIN")
                .doesNotContain("4711");
        assertThat(
                        refused.apply(
                                "/part/preview",
                                "{\"query\": \"SELECT * FROM merge('millrace', 'pg_s')\"}"))
                .startsWith("QUERY_REFUSED")
                .contains("no tables");
        for (var query :
                new String[] {
                    "SELECT salary FROM pg_people",
                    "SELECT id FROM pg_people WHERE salary > 4711",
                    "SELECT count() FROM pg_secret",
                    "SELECT * FROM pg_people p JOIN pg_secret s USING id",
                    "SELECT * FROM system.query_log",
                    "SELECT * FROM file('/etc/passwd', LineAsString)",
                    "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
                    "SELECT * FROM remote('127.0.0.1', millrace.pg_secret)"
                }) {
            var body = Json.object().put("query", query).toString();
            assertThat(refused.apply("/part/preview", body))
                    .as(query)
                    .startsWith("RIGHT_MISSING")
                    .contains("grant");
            var sql = server.api.send("POST", "/api/v1/sql?connection=part&format=CSV", query);
            assertThat(RunningApi.json(sql).path("code").asText())
                    .as(query)
                    .isEqualTo("RIGHT_MISSING");
        }
    }

    @Test
    void anExportHoldsWhatIsGranted() throws Exception {
        assertThat(export("{\"table\": \"pg_open\"}")).isEqualTo("\"id\"\n1\n");
        assertThat(export("{\"table\": \"pg_people\", \"columns\": [\"name\"]}"))
                .isEqualTo("\"name\"\n\"Ada\"\n\"Bo\"\n");
        var all = create("{\"table\": \"pg_people\", \"columns\": [\"salary\"]}");
        assertThat(all.path("code").asText()).as(all.toString()).isEqualTo("RIGHT_MISSING");
        var hidden = create("{\"table\": \"pg_secret\"}");
        assertThat(hidden.path("code").asText()).as(hidden.toString()).isEqualTo("RIGHT_MISSING");
    }

    private static JsonNode create(String table) throws Exception {
        return RunningApi.json(
                server.api.sendJson(
                        "POST",
                        "/api/v1/exports",
                        "{\"connection\": \"part\", \"format\": \"csv\", \"table\": %s}"
                                .formatted(table)));
    }

    private static String export(String table) throws Exception {
        var made = create(table);
        var path = made.path("links").path("file").asText();
        assertThat(path).as(made.toString()).isNotEmpty();
        var file = server.api.get(path);
        assertThat(file.statusCode()).as(file.body()).isEqualTo(200);
        var done = RunningApi.json(server.api.get(made.path("links").path("self").asText()));
        assertThat(done.path("state").asText()).isEqualTo("SUCCESS");
        assertThat(done.path("verified").asText()).isIn("ANSWER_END", "QUERY_LOG");
        return file.body();
    }
}
