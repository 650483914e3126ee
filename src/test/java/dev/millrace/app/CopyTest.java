package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.Engines;
import dev.millrace.Samples;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import dev.millrace.embedded.Addresses;
import dev.millrace.embedded.Engine;
import dev.millrace.s3.CuttingProxy;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies between real ClickHouse servers: the table holds what the other table holds, or nothing.
class CopyTest {
    private static final Map<String, String> LOCAL =
            Map.of("MILLRACE_CONNECTIONS_HOSTS", "127.0.0.1");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 300;

    /// Many megabytes, one after the other.
    private static final String LONG =
            "SELECT number AS id, concat('text ', repeat('x', 200), toString(number)) AS t FROM"
                    + " numbers(1000000)";

    @TempDir private Path folder;

    private static void connect(ApiClient api, String name, URI url) throws Exception {
        var user = Engines.clickhouse().user();
        var body =
                """
                {"name": "%s", "kind": "clickhouse", "url": "%s", "database": "millrace",
                 "user": "%s", "password": "%s"}
                """
                        .formatted(name, url, user.user(), user.password());
        api.post("/api/v1/connections", "application/json", body.getBytes(UTF_8), 201);
    }

    private static URI shared() {
        return URI.create(Engines.clickhouse().url());
    }

    private static Map<String, String> on(Addresses.ClickHouse clickhouse) {
        return Map.of(
                "MILLRACE_CONNECTIONS_HOSTS",
                "127.0.0.1",
                "MILLRACE_CLICKHOUSE_URL",
                clickhouse.url(),
                "MILLRACE_CLICKHOUSE_USER",
                clickhouse.user().user(),
                "MILLRACE_CLICKHOUSE_PASSWORD",
                clickhouse.user().password(),
                "MILLRACE_CLICKHOUSE_READER_USER",
                clickhouse.reader().user(),
                "MILLRACE_CLICKHOUSE_READER_PASSWORD",
                clickhouse.reader().password());
    }

    private static Map<String, ColumnType> columns() {
        var columns = new LinkedHashMap<String, ColumnType>();
        columns.put("id", ColumnTypes.parse("UInt32"));
        for (var type : Samples.types()) {
            columns.put("c" + columns.size(), ColumnTypes.parse(type));
        }
        return columns;
    }

    private static String schema(Map<String, ColumnType> columns, String table) {
        var schema = JSON.createObjectNode().put("table", table);
        var list = schema.putArray("columns");
        columns.forEach((name, type) -> {
            var column = list.addObject().put("name", name).put("type", type.name());
            if (type.name().contains("Float")) {
                column.put("allowNonFinite", true);
            }
        });
        schema.putArray("orderBy").add("id");
        return schema.toString();
    }

    private static byte[] csv(Map<String, ColumnType> columns) {
        var random = new Random(11);
        var csv = new ByteArrayOutputStream();
        csv.writeBytes((String.join(",", columns.keySet()) + "\n").getBytes(UTF_8));
        for (var row = 0; row < ROWS; row++) {
            csv.writeBytes(Integer.toString(row).getBytes(UTF_8));
            for (var type : columns.values().stream().skip(1).toList()) {
                csv.write(',');
                csv.writeBytes(Samples.field(Samples.good(type, random).text()));
            }
            csv.write('\n');
        }
        return csv.toByteArray();
    }

    /// What the copy is to be like: loaded from a file, and some rows that no file has.
    private static String original(ApiClient api) throws Exception {
        var columns = columns();
        api.createModel("types", schema(columns, "types"));
        var options = ", \"format\": \"csv\", \"delimiter\": \",\", \"quote\": \"\\\"\"";
        var job = api.createJob("types", options);
        api.upload(job, csv(columns));
        var ended = api.awaitFinal(job);
        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("SUCCESS");
        return "types";
    }

    @Test
    void everyTypeIsTheSameAfterwardsAtAnotherServer() throws Exception {
        try (var engines = Engines.start(Set.of(Engine.CLICKHOUSE), folder.resolve("other"));
                var first = new Site(Files.createDirectory(folder.resolve("first")));
                var second = new Site(Files.createDirectory(folder.resolve("second")))) {
            var source = first.serve(LOCAL).api();
            first.work("steady", Map.of());
            var table = original(source);
            var environment = on(engines.clickhouse());
            var api = second.serve(environment).api();
            second.work("steady", environment);
            connect(api, "warehouse", shared());

            var copy =
                    second.command(
                            api, "copy", table, "--from", "warehouse", "--into", "copied", "--yes");
            assertThat(copy.awaitExit()).as(copy.output()).isZero();
            assertThat(copy.output()).contains("sorted by: id");
            for (var column : columns().entrySet()) {
                var probe = Samples.probe(column.getValue(), column.getKey());
                assertThat(api.sql("SELECT %s FROM copied ORDER BY id".formatted(probe)))
                        .as(column.toString())
                        .hasSize(ROWS)
                        .isEqualTo(
                                source.sql(
                                        "SELECT %s FROM %s ORDER BY id".formatted(probe, table)));
            }
            var types =
                    "SELECT name, type FROM system.columns WHERE table = '%s' ORDER BY position";
            assertThat(api.sql(types.formatted("copied")))
                    .isEqualTo(source.sql(types.formatted(table)));

            var again =
                    second.command(
                            api,
                            "copy",
                            table,
                            "--from",
                            "warehouse",
                            "--into",
                            "copied",
                            "--mode",
                            "replace",
                            "--if-loaded",
                            "load",
                            "--json");
            assertThat(again.awaitExit()).as(again.output()).isZero();
            assertThat(again.output()).contains("types at warehouse");
            assertThat(api.sql("SELECT count() FROM copied")).containsExactly("" + ROWS);
        }
    }

    @Test
    void emptyTextsAndNullsAndWhatLooksLikeThemAreToldApart() throws Exception {
        try (var site = new Site(folder)) {
            var api = site.serve(LOCAL).api();
            site.work("steady", Map.of());
            connect(api, "warehouse", shared());
            var query =
                    "SELECT toUInt32(number) AS id, arrayElement(CAST(['', NULL, '\\\\N', 'NULL',"
                            + " '\"', ' ', 'a,b', '\\n', '\\\\', '=1'], 'Array(Nullable(String))'),"
                            + " number % 10 + 1) AS t, arraySlice([t, t], 1, number % 3) AS a,"
                            + " toDateTime(1729987200 + number * 600, 'Europe/Berlin') AS d FROM"
                            + " numbers(60)";
            var copy =
                    site.command(
                            api,
                            "copy",
                            "--query",
                            query,
                            "--from",
                            "warehouse",
                            "--into",
                            "told_apart",
                            "--yes");
            assertThat(copy.awaitExit()).as(copy.output()).isZero();
            var shown = "SELECT id, hex(t), t IS NULL, toString(a), toUnixTimestamp(d) FROM ";
            assertThat(api.sql(shown + "told_apart ORDER BY id"))
                    .isEqualTo(api.sql(shown + "(" + query + ") ORDER BY id"));

            var columns =
                    site.command(
                            api,
                            "copy",
                            "told_apart",
                            "--columns",
                            "id,d",
                            "--into",
                            "two_columns",
                            "--yes");
            assertThat(columns.awaitExit()).as(columns.output()).isZero();
            assertThat(api.sql("SELECT * FROM two_columns ORDER BY id"))
                    .isEqualTo(api.sql("SELECT id, d FROM told_apart ORDER BY id"));
            var twice =
                    site.command(
                            api,
                            "copy",
                            "told_apart",
                            "--columns",
                            "id,d",
                            "--into",
                            "two_columns");
            assertThat(twice.awaitExit()).as(twice.output()).isEqualTo(1);
            assertThat(twice.output()).contains("ALREADY_LOADED");
            var own = "own_" + Long.toString(System.nanoTime(), 36);
            Warehouse.sql(
                    "CREATE TABLE millrace.%s (t Nullable(String), id UInt64) ENGINE = MergeTree ORDER BY id"
                            .formatted(own));
            api.createModel(
                    own,
                    """
                    {"table": "%s", "existingTable": true,
                     "columns": {"t": "Nullable(String)", "id": "UInt64"}}
                    """
                            .formatted(own));
            var intoOwn =
                    site.command(api, "copy", "told_apart", "--columns", "id,t", "--into", own);
            assertThat(intoOwn.awaitExit()).as(intoOwn.output()).isZero();
            assertThat(api.sql("SELECT id, hex(t), t IS NULL FROM %s ORDER BY id".formatted(own)))
                    .isEqualTo(api.sql("SELECT id, hex(t), t IS NULL FROM told_apart ORDER BY id"));
            var more = site.command(api, "copy", "told_apart", "--into", "two_columns");
            assertThat(more.awaitExit()).isEqualTo(1);
            assertThat(more.output()).contains("lacks: t, a");
        }
    }

    private static ObjectNode described(String connection, String query) {
        var body = JSON.createObjectNode().put("model", "long");
        body.putObject("source").put("connection", connection).put("query", query);
        return body;
    }

    private static String job(ApiClient api, String connection, String query) throws Exception {
        var body = described(connection, query).toString().getBytes(UTF_8);
        return api.post("/api/v1/jobs", "application/json", body, 202).get("id").asText();
    }

    private static void makeModel(ApiClient api) throws Exception {
        api.createModel(
                "long",
                "{\"columns\": {\"id\": \"UInt64\", \"t\": \"String\"}, \"table\": \"long\"}");
    }

    private static JsonNode assertNothing(ApiClient api, String job) throws Exception {
        var ended = api.awaitFinal(job);
        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("FAILED");
        assertThat(api.sql("SELECT count() FROM long")).containsExactly("0");
        return ended.get("cause");
    }

    @Test
    void aSourceThatBreaksInTheMiddleLeavesNoRow() throws Exception {
        try (var site = new Site(folder);
                var proxy = new CuttingProxy(shared().getPort(), 50_000_000, 1_000, () -> {})) {
            var server = site.serve(LOCAL);
            var api = server.api();
            site.work("steady", Map.of());
            connect(api, "warehouse", shared());
            connect(api, "cut", proxy.endpoint());
            connect(api, "away", URI.create("http://10.1.2.3:8123"));
            makeModel(api);

            var cut = assertNothing(api, job(api, "cut", LONG));
            assertThat(cut.get("code").asText()).isEqualTo("CLICKHOUSE_UNAVAILABLE");
            var thrown =
                    assertNothing(
                            api,
                            job(
                                    api,
                                    "warehouse",
                                    LONG.replace(
                                            "SELECT ",
                                            "SELECT throwIf(number = 900000, 'it was meant to'), ")));
            assertThat(thrown.get("code").asText()).isEqualTo("QUERY_REFUSED");
            assertThat(thrown.get("message").asText()).contains("it was meant to");
            var empty = assertNothing(api, job(api, "warehouse", LONG + " LIMIT 0"));
            assertThat(empty.get("code").asText()).isEqualTo("EMPTY_SOURCE");

            var slow =
                    job(
                            api,
                            "warehouse",
                            "SELECT number AS id, toString(sleepEachRow(0.00002)) AS t FROM"
                                    + " numbers(100000000)");
            awaitRunning(1);
            assertThat(api.cancel(slow).get("state").asText()).isEqualTo("CANCELLED");
            awaitRunning(0);

            assertThat(refusal(api, described("away", LONG))).isEqualTo("HOST_FORBIDDEN");
            assertThat(refusal(api, described("nobody", LONG))).isEqualTo("NOT_FOUND");
            assertThat(refusal(api, described("warehouse", "SELECT 1 FROM no_such_table")))
                    .isEqualTo("QUERY_REFUSED");
            assertThat(refusal(api, described("warehouse", "DROP TABLE long")))
                    .isEqualTo("QUERY_REFUSED");
            assertThat(refusal(api, described("warehouse", "SELECT 1 AS id, map(1, 2) AS t")))
                    .isEqualTo("EXPORT_UNSUPPORTED");
            assertThat(refusal(api, described("warehouse", LONG).put("delimiter", ";")))
                    .isEqualTo("INVALID_REQUEST");
            api.createModel(
                    "marked",
                    "{\"columns\": {\"id\": {\"type\": \"Nullable(Int64)\", \"nullMarkers\": [\"-1\"]}}}");
            assertThat(refusal(api, described("warehouse", LONG).put("model", "marked")))
                    .isEqualTo("INVALID_REQUEST");
            var sent =
                    api.call(
                            "PUT",
                            "/api/v1/jobs/%s/source".formatted(slow),
                            "text/csv",
                            BodyPublishers.ofString("a"));
            assertThat(sent.statusCode()).isEqualTo(409);
            assertThat(server.program().output())
                    .doesNotContain(Engines.clickhouse().user().password());
        }
    }

    private static void awaitRunning(int queries) throws Exception {
        var patience = new Patience(Duration.ofMinutes(1), "not %d queries run".formatted(queries));
        var running =
                "SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow(0.00002)%'"
                        + " AND query LIKE '%_millrace_export%' AND query NOT LIKE '%system.proc%'";
        while (!Warehouse.sql(running).equals(List.of("" + queries))) {
            patience.look();
        }
    }

    private static String refusal(ApiClient api, ObjectNode body) throws Exception {
        var answer =
                api.call(
                        "POST",
                        "/api/v1/jobs",
                        "application/json",
                        BodyPublishers.ofString(body.toString()));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        return JSON.readTree(answer.body()).get("code").asText();
    }

    @Test
    void aServerThatDiesInTheMiddleFailsTheJobAndLeavesNoRow() throws Exception {
        try (var site = new Site(folder)) {
            var doomed =
                    site.serve(
                            Map.of(
                                    "MILLRACE_CONNECTIONS_HOSTS",
                                    "127.0.0.1",
                                    "MILLRACE_CRASH_AT",
                                    "AFTER_STORE:3"));
            site.work("steady", Map.of());
            connect(doomed.api(), "warehouse", shared());
            makeModel(doomed.api());
            var job = job(doomed.api(), "warehouse", LONG);
            assertThat(doomed.program().awaitExit()).isEqualTo(Site.CRASHED);

            var api = site.serve(LOCAL).api();
            var cause = assertNothing(api, job);
            assertThat(cause.get("code").asText()).isEqualTo("UPLOAD_INTERRUPTED");
            var again = api.awaitFinal(job(api, "warehouse", LONG));
            assertThat(again.get("state").asText()).as(again.toString()).isEqualTo("SUCCESS");
            assertThat(api.sql("SELECT count(), sum(id) FROM long"))
                    .containsExactly("1000000\t499999500000");
        }
    }
}
