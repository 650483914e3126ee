package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What nobody should send gets a clear end, in bounded time and memory, and harms nothing else.
/// `./millrace bench hostile` sends the same at full size.
class HostileInputTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> EVIL =
            List.of(
                    "'; DROP TABLE canary; --",
                    "`; DROP TABLE canary; --",
                    "\\'; DROP TABLE canary; --",
                    "../../../../etc/passwd",
                    "..",
                    "a/b",
                    "{canary}",
                    "%s%n%d",
                    "$(touch /tmp/canary)",
                    "<script>alert(1)</script>",
                    "a\nb",
                    "\u202Ereversed");

    @TempDir private static Path folder;
    private static Hostile hostile;

    @BeforeAll
    static void start() throws Exception {
        hostile = new Hostile(folder);
    }

    @AfterAll
    static void stop() {
        hostile.close();
    }

    static Stream<HostileCase> sources() {
        return HostileCase.all(1).stream();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aSourceThatNobodyShouldSendHasAClearEnd(HostileCase source) throws Exception {
        var outcome = hostile.load(source);
        assertThat(outcome.isAsExpected()).as(outcome.toString()).isTrue();
    }

    static Stream<String> evil() {
        return EVIL.stream();
    }

    @ParameterizedTest
    @MethodSource("evil")
    void aModelsNameIsKeptAsItIsOrRefused(String name) throws Exception {
        var made = make("model " + name, "n");

        if (isRefused(made)) {
            return;
        }
        var model = JSON.readTree(made.body());
        assertThat(model.get("name").asText()).isEqualTo("model " + name);
        assertThatItLoads(model, "n", "source");
    }

    @ParameterizedTest
    @MethodSource("evil")
    void aColumnsNameIsKeptAsItIsOrRefused(String name) throws Exception {
        var made = make("column " + EVIL.indexOf(name), name);

        if (!isRefused(made)) {
            assertThatItLoads(JSON.readTree(made.body()), name, "source");
        }
    }

    @ParameterizedTest
    @MethodSource("evil")
    void aSourcesNameAndAnEventsIdAreKeptAsTheyAre(String name) throws Exception {
        var made = make("source " + EVIL.indexOf(name), "n");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);

        // A source's name is a line; an event's id is what the file says.
        assertThatItLoads(JSON.readTree(made.body()), "n", name.replace('\n', ' '));
    }

    /// Makes a model of a text, which names its events, and a number.
    private static HttpResponse<String> make(String name, String column) throws Exception {
        var schema = JSON.createObjectNode();
        schema.putObject("columns").put(column, "String").put("number", "UInt8");
        schema.put("eventId", column).putArray("orderBy").add(column);
        var body = JSON.createObjectNode().put("name", name).set("schema", schema);
        return hostile.api()
                .call(
                        "POST",
                        "/api/v1/models",
                        "application/json",
                        BodyPublishers.ofString(body.toString()));
    }

    private static boolean isRefused(HttpResponse<String> made) throws Exception {
        if (made.statusCode() == 201) {
            return false;
        }
        assertThat(made.statusCode()).as(made.body()).isIn(400, 422);
        assertThat(JSON.readTree(made.body()).get("code").asText())
                .isIn("INVALID_MODEL", "INVALID_REQUEST");
        return true;
    }

    /// Loads every evil value, each also in a row that is rejected and named by it.
    private static void assertThatItLoads(JsonNode model, String column, String source)
            throws Exception {
        var api = hostile.api();
        var before = Warehouse.sql("SHOW TABLES");
        var csv = new StringBuilder(quoted(column) + ",number\n");
        EVIL.forEach(value -> csv.append(quoted(value)).append(",1\n"));
        EVIL.forEach(value -> csv.append(quoted(value)).append(",300\n"));
        var request =
                JSON.createObjectNode()
                        .put("model", model.get("id").asText())
                        .put("sourceName", source)
                        .toString();
        var job = api.post("/api/v1/jobs", "application/json", request.getBytes(UTF_8), 201);
        var id = job.get("id").asText();
        assertThat(job.at("/source/name").asText()).isEqualTo(source);
        assertThat(api.upload(id, csv.toString().getBytes(UTF_8))).isEqualTo(202);

        var ended = api.awaitFinal(id);

        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(api.rejections(id))
                .extracting(r -> r.get("eventId").asText())
                .containsExactlyElementsOf(EVIL);
        var rows =
                Warehouse.sql(
                        "SELECT * FROM %s FORMAT JSONCompactEachRow"
                                .formatted(model.get("table").asText()));
        var values = new ArrayList<String>();
        for (var row : rows) {
            values.add(JSON.readTree(row).get(0).asText());
        }
        assertThat(values).containsExactlyInAnyOrderElementsOf(EVIL);
        assertThat(Warehouse.sql("SHOW TABLES")).containsAll(before);
    }

    private static String quoted(String value) {
        return '"' + value.replace("\"", "\"\"") + '"';
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "a`; DROP TABLE canary", "system.one", "a'b", ""})
    void aTableIsNamedByAnIdentifierOrNotAtAll(String table) throws Exception {
        var before = Warehouse.sql("SHOW TABLES");
        var schema =
                JSON.createObjectNode()
                        .put("table", table)
                        .set("columns", JSON.createObjectNode().put("n", "UInt8"));
        var body = JSON.createObjectNode().put("name", "table " + table).set("schema", schema);

        var made =
                hostile.api()
                        .call(
                                "POST",
                                "/api/v1/models",
                                "application/json",
                                BodyPublishers.ofString(body.toString()));

        assertThat(made.statusCode()).as(made.body()).isBetween(400, 422);
        assertThat(Warehouse.sql("SHOW TABLES")).isEqualTo(before);
    }

    @Test
    void aPathThatClimbsIsNotFound() throws Exception {
        for (var path : List.of("/api/v1/jobs/..%2f..%2fetc", "/docs/..%2f..%2fMain.class")) {
            var answer = hostile.api().call("GET", path, null, BodyPublishers.noBody());
            assertThat(answer.statusCode()).as(path).isBetween(400, 404);
        }
    }
}
