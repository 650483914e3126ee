package dev.millrace.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.embedded.Engine;
import dev.millrace.export.Exports;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Exports over HTTP, out of the real server: what is whole ends, and what is not breaks off.
class ExportRoutesTest extends ExportsOverHttp {
    /// Some 40 MB, and then a failure.
    private static final String FAILS =
            "SELECT number, repeat('x', 100) AS x, throwIf(number = 400000, 'it was meant to') AS f"
                    + " FROM numbers(500000)";

    private static byte[] file(String id) throws IOException, InterruptedException {
        return api.client
                .send(
                        api.request(PATH + "/" + id + "/file").build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    @Test
    void aFileIsWhatItsExportSaysAndIsSentOnce() throws Exception {
        var id =
                made(
                        "SELECT number AS n, 'a' AS t FROM numbers(1000);",
                        "\"format\": \"csv\", \"compression\": \"gzip\"");
        assertThat(get(id).path("state").asText()).isEqualTo("PENDING");

        var file = file(id);
        var export = get(id);
        assertThat(export.path("state").asText()).isEqualTo("SUCCESS");
        assertThat(export.path("rows").asLong()).isEqualTo(1000);
        assertThat(export.path("readRows").asLong()).isEqualTo(1000);
        assertThat(export.path("bytes").asLong()).isEqualTo(file.length);
        assertThat(export.path("sha256").asText())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(file)));
        var crc = new CRC32C();
        crc.update(file);
        assertThat(export.path("crc32c").asText())
                .isEqualTo("%08x".formatted((int) crc.getValue()));
        assertThat(export.path("verified").asText()).isEqualTo("QUERY_LOG");
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(file))) {
            assertThat(new String(unpacked.readAllBytes(), UTF_8))
                    .startsWith("\"n\",\"t\"\n0,\"a\"\n1,\"a\"\n")
                    .hasLineCount(1001);
        }
        var again = api.get(PATH + "/" + id + "/file");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(RunningApi.json(again).path("code").asText()).isEqualTo("EXPORT_NOT_WAITING");
    }

    @Test
    void aHashIsMadeUnlessItIsNotWished() throws Exception {
        var id = made("SELECT 1 AS n", "\"format\": \"csv\", \"checksum\": \"crc32c\"");
        var crc = new CRC32C();
        crc.update(file(id));
        var export = get(id);
        assertThat(export.path("state").asText()).isEqualTo("SUCCESS");
        assertThat(export.path("checksum").asText()).isEqualTo("crc32c");
        assertThat(export.path("sha256").isNull()).isTrue();
        assertThat(export.path("crc32c").asText())
                .isEqualTo("%08x".formatted((int) crc.getValue()));

        var odd =
                create("\"query\": \"SELECT 1 AS n\", \"format\": \"csv\", \"checksum\": \"md5\"");
        assertThat(odd.statusCode()).isEqualTo(400);
        assertThat(odd.body()).contains("'md5'");
    }

    @Test
    void exportsAreListedNewestFirstPageByPage() throws Exception {
        var older = made("SELECT 1 AS n", "\"format\": \"csv\"");
        var newer = made("SELECT 2 AS n", "\"format\": \"csv\"");
        var all = RunningApi.json(api.get(PATH + "?limit=1000")).path("items");
        assertThat(all.get(0).path("id").asText()).isEqualTo(newer);
        assertThat(all.get(1).path("id").asText()).isEqualTo(older);
        var first = RunningApi.json(api.get(PATH + "?limit=1"));
        assertThat(first.path("items").findValuesAsText("id")).containsExactly(newer);
        var second =
                RunningApi.json(api.get(PATH + "?limit=1&cursor=" + first.path("next").asText()));
        assertThat(second.path("items").findValuesAsText("id")).containsExactly(older);
    }

    @Test
    void aQueryThatFailsBehindItsFirstRowsBreaksTheFileOff() throws Exception {
        for (var format : new String[] {"csv", "jsonl", "parquet"}) {
            var id = made(FAILS, "\"format\": \"%s\"".formatted(format));
            receive(id);
            var export = awaitState(id, "FAILED");
            assertThat(export.path("cause").path("code").asText()).isEqualTo("QUERY_REFUSED");
            assertThat(export.path("cause").path("message").asText()).contains("it was meant to");
            assertThat(export.path("sha256").isNull()).isTrue();
        }
    }

    @Test
    void aQueryOutOfMemoryInTheMiddleSaysSo() throws Exception {
        var id =
                made(
                        "SELECT number, if(number > 3000000, length(toString(groupArray(number)"
                                + " OVER (ORDER BY number))), 0) AS m FROM numbers(20000000)"
                                + " SETTINGS max_memory_usage = 300000000",
                        "\"format\": \"csv\"");
        receive(id);
        assertThat(awaitState(id, "FAILED").path("cause").path("message").asText())
                .contains("emory");
    }

    @Test
    void aCancelEndsTheQueryAtTheServerAndBreaksTheFileOff() throws Exception {
        var mark = "cancel_" + UUID.randomUUID().toString().replace("-", "");
        var id =
                made(
                        "SELECT number, sleepEachRow(0.00001) AS %s FROM numbers(100000000)"
                                .formatted(mark),
                        "\"format\": \"csv\"");
        var running = CompletableFuture.runAsync(() -> receive(id));
        awaitState(id, "RUNNING");
        cancel(id, mark, running);
        assertThat(api.sendJson("POST", PATH + "/" + id + "/cancel", "").statusCode())
                .isEqualTo(409);
    }

    /// Sees to it that the file of an export that fails is none: its answer is a problem when
    /// nothing had left, and broken off otherwise.
    private static void receive(String id) {
        try {
            assertThat(api.get(PATH + "/" + id + "/file").statusCode()).isNotEqualTo(200);
        } catch (IOException brokenOff) {
            assertThat(brokenOff).isNotNull();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTableThatIsDroppedBeforeItsFileIsAskedForFailsTheExport() throws Exception {
        var table = "exported_" + UUID.randomUUID().toString().replace("-", "");
        sql("CREATE TABLE millrace.%s (a Int32) ENGINE = MergeTree ORDER BY a".formatted(table));
        var response =
                create("\"table\": {\"table\": \"%s\"}, \"format\": \"tsv\"".formatted(table));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        var id = RunningApi.json(response).path("id").asText();
        sql("DROP TABLE millrace.%s SYNC".formatted(table));
        var answer = api.get(PATH + "/" + id + "/file");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(RunningApi.json(answer).path("detail").asText()).contains(table);
        assertThat(get(id).path("state").asText()).isEqualTo("FAILED");
    }

    /// The rows that were there when it began are what it holds: ClickHouse keeps them until then.
    @Test
    void aTableThatIsDroppedWhileItsFileIsSentIsWholeOrTheExportFails() throws Exception {
        for (var how : new String[] {"DROP TABLE millrace.%s", "TRUNCATE TABLE millrace.%s"}) {
            var table = "exported_" + UUID.randomUUID().toString().replace("-", "");
            sql(
                    "CREATE TABLE millrace.%s (a Int32, t String) ENGINE = MergeTree ORDER BY a"
                            .formatted(table));
            sql(
                    "INSERT INTO millrace.%s SELECT number, repeat('x', 1000) FROM numbers(200000)"
                            .formatted(table));
            var id =
                    made(
                            "SELECT a, t, sleepEachRow(0.00002) FROM millrace." + table,
                            "\"format\": \"csv\"");
            var answer =
                    api.client.send(
                            api.request(PATH + "/" + id + "/file").build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            var begun = answer.body().readNBytes(1000);
            sql(how.formatted(table));
            long lines = -1;
            try (var rest = answer.body()) {
                var all = new String(begun, UTF_8) + new String(rest.readAllBytes(), UTF_8);
                lines = all.lines().count();
            } catch (IOException brokenOff) {
                assertThat(awaitState(id, "FAILED").path("cause").path("code").asText())
                        .isNotEmpty();
            }
            if (lines >= 0) {
                assertThat(lines).isEqualTo(200_001);
                assertThat(awaitState(id, "SUCCESS").path("rows").asLong()).isEqualTo(200_000);
            }
            sql("DROP TABLE IF EXISTS millrace.%s SYNC".formatted(table));
        }
    }

    @Test
    void anExportIsItsOwnersAndTheAdministrators() throws Exception {
        var id = made("SELECT 1 AS a", "\"format\": \"csv\"");
        assertThat(get(id).path("owner").asText()).isEqualTo("ada");
        var eve = api.tokens.issue("eve", Set.of(Scope.READ, Scope.LOAD), Duration.ofMinutes(5));
        for (var request : new String[] {"GET /file", "POST /cancel"}) {
            var parts = request.split(" ", -1);
            var answer = as(eve, parts[0], PATH + "/" + id + parts[1], "");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
            assertThat(answer.body()).contains("FORBIDDEN", "'ada'", "'eve'");
        }
        assertThat(get(id).path("state").asText()).isEqualTo("PENDING");
        assertThat(as(eve, "GET", PATH + "/" + id, "").statusCode()).isEqualTo(200);
        var asAda =
                as(
                        eve,
                        "POST",
                        PATH,
                        "{\"query\": \"SELECT 1\", \"format\": \"csv\", \"owner\": \"ada\"}");
        assertThat(asAda.statusCode()).isEqualTo(400);
        var own = as(eve, "POST", PATH, "{\"query\": \"SELECT 1 AS a\", \"format\": \"csv\"}");
        assertThat(RunningApi.json(own).path("owner").asText()).isEqualTo("eve");
        var file = RunningApi.json(own).path("links").path("file").asText();
        assertThat(as(eve, "GET", file, "").body()).isEqualTo("\"a\"\n1\n");
        assertThat(file(id)).isNotEmpty();
    }

    private static HttpResponse<String> as(String token, String method, String path, String body)
            throws Exception {
        return api.send(
                api.anonymous(path)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void namesAndQueriesStayWhatTheyAre() throws Exception {
        var table = "it's `a` \\ \" table; " + UUID.randomUUID();
        var quoted = "`" + table.replace("\\", "\\\\").replace("`", "\\`") + "`";
        sql(
                "CREATE TABLE millrace.%s (`x) FROM y; --` Int32, `b``` String) ENGINE = MergeTree ORDER BY tuple()"
                        .formatted(quoted));
        sql("INSERT INTO millrace.%s VALUES (1, '=2')".formatted(quoted));
        var body =
                Json.object()
                        .put("format", "csv")
                        .put("guardFormulas", true)
                        .set(
                                "table",
                                Json.object()
                                        .put("database", "millrace")
                                        .put("table", table)
                                        .set(
                                                "columns",
                                                Json.texts(List.of("b`", "x) FROM y; --"))));
        var response = api.sendJson("POST", PATH, body.toString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        var id = RunningApi.json(response).path("id").asText();
        assertThat(new String(file(id), UTF_8)).isEqualTo("\"b`\",\"x) FROM y; --\"\n\"'=2\",1\n");
        for (var query :
                List.of(
                        "SELECT 1 FORMAT JSON",
                        "SELECT 1) UNION ALL (SELECT 2 INTO OUTFILE 'x'",
                        "INSERT INTO millrace.%s SELECT 2, ''".formatted(quoted),
                        "DROP TABLE millrace." + quoted)) {
            var refused =
                    api.sendJson(
                            "POST",
                            PATH,
                            Json.object().put("format", "csv").put("query", query).toString());
            assertThat(refused.statusCode()).as(query + refused.body()).isEqualTo(422);
        }
        assertThat(sql("SELECT count() FROM millrace." + quoted)).isEqualTo("1");
        sql("DROP TABLE millrace." + quoted);
    }

    @Test
    void whatAFormatCannotHoldIsRefusedByName() throws Exception {
        var map = create("\"query\": \"SELECT map('a', 1) AS m\", \"format\": \"csv\"");
        assertThat(map.statusCode()).isEqualTo(422);
        assertThat(RunningApi.json(map).path("code").asText()).isEqualTo("EXPORT_UNSUPPORTED");
        assertThat(RunningApi.json(map).path("detail").asText()).contains("'m'", "Map");
        var rows =
                create("\"query\": \"SELECT 1 AS a FROM numbers(1048576)\", \"format\": \"xlsx\"");
        assertThat(RunningApi.json(rows).path("detail").asText()).contains("1,048,575");
        var twice = create("\"query\": \"SELECT 1 AS a, 2 AS a\", \"format\": \"jsonl\"");
        assertThat(twice.statusCode()).as(twice.body()).isEqualTo(422);
        for (var format : List.of("jsonl", "parquet", "avro", "xlsx")) {
            var id = made("SELECT unhex('FF') AS bytes", "\"format\": \"%s\"".formatted(format));
            assertThat(api.get(PATH + "/" + id + "/file").body()).contains("UTF-8");
            assertThat(get(id).path("state").asText()).isEqualTo("FAILED");
        }
    }

    @Test
    void aServerThatIsKilledAndANetworkThatIsCutFailTheExport(@TempDir Path folder)
            throws Exception {
        try (var engines = Engines.start(Set.of(Engine.CLICKHOUSE), folder);
                var proxy = new CutProxy(URI.create(engines.clickhouse().url()))) {
            var server = engines.clickhouse();
            for (var cut : List.of(true, false)) {
                var name = cut ? "cut" : "killed";
                var connection =
                        api.sendJson(
                                "POST",
                                "/api/v1/connections",
                                Json.object()
                                        .put("name", name)
                                        .put("url", cut ? proxy.url() : server.url())
                                        .put("database", "millrace")
                                        .put("user", server.reader().user())
                                        .put("password", server.reader().password())
                                        .toString());
                assertThat(connection.statusCode()).as(connection.body()).isEqualTo(201);
                var id =
                        made(
                                "SELECT number, repeat('x', 1000), sleepEachRow(0.00001) FROM numbers(10000000)",
                                "\"format\": \"csv\", \"connection\": \"%s\"".formatted(name));
                var receiving = CompletableFuture.runAsync(() -> receive(id));
                awaitState(id, "RUNNING");
                while (get(id).path("bytes").asLong() == 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
                if (cut) {
                    proxy.cut();
                } else {
                    engines.process(Engine.CLICKHOUSE).orElseThrow().destroyForcibly();
                }
                var export = awaitState(id, "FAILED");
                receiving.get(30, TimeUnit.SECONDS);
                assertThat(export.path("cause").path("code").asText())
                        .as(export.toString())
                        .isEqualTo("CLICKHOUSE_UNAVAILABLE");
            }
        }
    }

    @Test
    void anExportWhoseServerDiedFailsWhenItIsBack() throws Exception {
        var id = made("SELECT 1 AS a", "\"format\": \"csv\"");
        assertThat(catalog.exports().start(exports.get(id).id(), "dead/7")).isTrue();
        try (var next =
                new Exports(
                        catalog.exports(),
                        connections,
                        connections,
                        "dead/8",
                        new Exports.Limits(Duration.ofHours(1), Duration.ofDays(1)))) {
            next.start("dead/");
        }
        assertThat(get(id).path("cause").path("code").asText()).isEqualTo("EXPORT_INTERRUPTED");
    }

    @Test
    void aReceiverThatIsGoneFailsTheExport() throws Exception {
        var id = made("SELECT number FROM numbers(100000000)", "\"format\": \"csv\"");
        var answer =
                api.client.send(
                        api.request(PATH + "/" + id + "/file").build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.body().readNBytes(10)).hasSize(10);
        answer.body().close();
        assertThat(awaitState(id, "FAILED").path("cause").path("code").asText())
                .isEqualTo("EXPORT_INTERRUPTED");
    }
}
