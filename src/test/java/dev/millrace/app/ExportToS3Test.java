package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.api.Scope;
import dev.millrace.api.Tokens;
import dev.millrace.s3.LosingProxy;
import dev.millrace.s3.S3Server;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Exports that a server writes into a real S3: the object is the whole file, or there is none.
class ExportToS3Test {
    private static final Map<String, String> LOCAL =
            Map.of("MILLRACE_CONNECTIONS_HOSTS", "127.0.0.1");
    private static final ObjectMapper JSON = new ObjectMapper();

    /// More than two parts.
    private static final String LARGE =
            "SELECT number AS id, hex(SHA256(toString(number))) AS t FROM numbers(300000)";

    /// More than a part in seconds, and no end for hours.
    private static final String ENDLESS =
            "SELECT number AS id, repeat('x', 1000) AS t, sleepEachRow(0.00001) AS s"
                    + " FROM numbers(1000000000)";

    @TempDir private Path folder;

    private static String export(ApiClient api, String query, String uri) throws Exception {
        return described(api, "store", query, uri).get("id").asText();
    }

    private static JsonNode described(ApiClient api, String connection, String query, String uri)
            throws Exception {
        var body = JSON.createObjectNode().put("query", query).put("format", "csv");
        body.putObject("target").put("connection", connection).put("uri", uri);
        return JSON.readTree(
                api.call(
                                "POST",
                                "/api/v1/exports",
                                "application/json",
                                BodyPublishers.ofString(body.toString()))
                        .body());
    }

    private static JsonNode get(ApiClient api, String id) throws Exception {
        return api.get("/api/v1/exports/" + id);
    }

    private static JsonNode awaitFinal(ApiClient api, String id) throws Exception {
        var patience = new Patience(Duration.ofMinutes(2), "the export does not end");
        var export = get(api, id);
        while (List.of("PENDING", "RUNNING").contains(export.get("state").asText())) {
            patience.look();
            export = get(api, id);
        }
        return export;
    }

    private static void assertNothing(S3Server s3, String bucket) throws Exception {
        assertThat(s3.keys(bucket)).isEmpty();
        var patience = new Patience(Duration.ofMinutes(1), "parts are left");
        while (s3.unfinishedUploads(bucket) > 0) {
            patience.look();
        }
    }

    private static void awaitParts(S3Server s3, String bucket) throws Exception {
        var patience = new Patience(Duration.ofMinutes(1), "no parts arrive");
        while (s3.unfinishedUploads(bucket) == 0) {
            patience.look();
        }
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    @Test
    void anObjectIsTheWholeFileAndLoadsAsWhatWasExported() throws Exception {
        var s3 = S3Server.shared();
        var bucket = s3.newBucket("export");
        try (var site = new Site(folder)) {
            var server = site.serve(LOCAL);
            var api = server.api();
            site.work("steady", Map.of());
            S3LoadTest.connect(api, "store", s3.endpoint(), S3Server.SECRET);
            for (var key : List.of("a/large.csv", "large.parquet", "large.jsonl.gz", "none.csv")) {
                var query = key.startsWith("none") ? LARGE + " LIMIT 0" : LARGE;
                var uri = "s3://%s/%s".formatted(bucket, key);
                var export =
                        site.command(
                                api,
                                "export",
                                "--query",
                                query,
                                "--to",
                                uri,
                                "--to-connection",
                                "store");
                assertThat(export.awaitExit()).as(export.output()).isZero();
                var content = s3.get(bucket, key);
                assertThat(export.output())
                        .contains(
                                "%s rows, %,d bytes in %s, as many rows as"
                                        .formatted(
                                                key.startsWith("none") ? "0" : "300,000",
                                                content.length,
                                                uri),
                                "sha256 " + sha256(content));
            }
            assertThat(new String(s3.get(bucket, "none.csv"), UTF_8)).isEqualTo("\"id\",\"t\"\n");
            for (var key : List.of("a/large.csv", "large.parquet", "large.jsonl.gz")) {
                var table = key.replaceAll("[^a-z]", "_");
                var load =
                        site.command(
                                api,
                                "load",
                                "s3://%s/%s".formatted(bucket, key),
                                "--connection",
                                "store",
                                "--into",
                                table,
                                "--yes");
                assertThat(load.awaitExit()).as(load.output()).isZero();
                var sum = "SELECT count(), sum(cityHash64(toUInt64(id), toString(t))) FROM ";
                assertThat(api.sql(sum + table)).isEqualTo(api.sql(sum + "(" + LARGE + ")"));
            }

            var there =
                    site.command(
                            api,
                            "export",
                            "--query",
                            "SELECT 1 AS a",
                            "--to",
                            "s3://%s/none.csv".formatted(bucket),
                            "--to-connection",
                            "store");
            assertThat(there.awaitExit()).isEqualTo(1);
            assertThat(there.output()).contains("There is an object s3://", "--force");
            var forced =
                    site.command(
                            api,
                            "export",
                            "--query",
                            "SELECT 1 AS a",
                            "--to",
                            "s3://%s/none.csv".formatted(bucket),
                            "--to-connection",
                            "store",
                            "--force",
                            "--json");
            assertThat(forced.awaitExit()).as(forced.output()).isZero();
            assertThat(new String(s3.get(bucket, "none.csv"), UTF_8)).isEqualTo("\"a\"\n1\n");
            var shown = api.get("/api/v1/exports?limit=1").at("/items/0");
            assertThat(shown.at("/target/uri").asText()).endsWith("/none.csv");
            assertThat(shown.at("/target/connection").asText()).isEqualTo("store");
            assertThat(shown.get("fileName").asText()).isEqualTo("none.csv");
            var sent =
                    api.call(
                            "GET",
                            "/api/v1/exports/%s/file".formatted(shown.get("id").asText()),
                            null,
                            BodyPublishers.noBody());
            assertThat(sent.statusCode()).isEqualTo(409);
            assertThat(s3.unfinishedUploads(bucket)).isZero();
            assertThat(server.program().output()).doesNotContain(S3Server.SECRET);
        }
    }

    @Test
    void whatFailsOrIsCancelledLeavesNothing() throws Exception {
        var s3 = S3Server.shared();
        var bucket = s3.newBucket("failed");
        var uri = "s3://%s/a.csv".formatted(bucket);
        try (var site = new Site(folder)) {
            var api = site.serve(LOCAL).api();
            S3LoadTest.connect(api, "store", s3.endpoint(), S3Server.SECRET);
            S3LoadTest.connect(api, "away", URI.create("http://10.1.2.3:9000"), "x");
            S3LoadTest.connect(api, "wrong", s3.endpoint(), "not-the-secret");

            var thrown =
                    export(
                            api,
                            LARGE.replace(
                                    "SELECT ",
                                    "SELECT throwIf(number = 290000, 'it was meant to'), "),
                            uri);
            var failed = awaitFinal(api, thrown);
            assertThat(failed.get("state").asText()).isEqualTo("FAILED");
            assertThat(failed.at("/cause/message").asText()).contains("it was meant to");
            assertThat(failed.get("sha256").isNull()).isTrue();
            assertNothing(s3, bucket);

            var endless = export(api, ENDLESS, uri);
            awaitParts(s3, bucket);
            var cancel = site.command(api, "export", "cancel", endless);
            assertThat(cancel.awaitExit()).as(cancel.output()).isZero();
            assertThat(awaitFinal(api, endless).get("state").asText()).isEqualTo("CANCELLED");
            var status = site.command(api, "export", "status", endless);
            assertThat(status.awaitExit()).isEqualTo(1);
            assertThat(status.output()).contains("CANCELLED", "to " + uri + " by store");
            assertNothing(s3, bucket);

            assertThat(code(api, "away", uri)).isEqualTo("HOST_FORBIDDEN");
            assertThat(code(api, "wrong", uri)).isEqualTo("LOGIN_REFUSED");
            assertThat(code(api, "embedded", uri)).isEqualTo("CONNECTION_KIND");
            assertThat(code(api, "nobody", uri)).isEqualTo("NOT_FOUND");
            assertThat(code(api, "store", "s3://no-such-bucket/a")).isEqualTo("BUCKET_MISSING");
            assertThat(code(api, "store", "s3://%s/".formatted(bucket)))
                    .isEqualTo("INVALID_REQUEST");
            assertThat(code(api, "store", "/etc/passwd")).isEqualTo("INVALID_REQUEST");
            var unnamed = site.command(api, "export", "t", "--to", uri);
            assertThat(unnamed.awaitExit()).isEqualTo(1);
            assertThat(unnamed.output()).contains("--to-connection");
            assertNothing(s3, bucket);
        }
    }

    private static String code(ApiClient api, String connection, String uri) throws Exception {
        var answer = described(api, connection, "SELECT 1 AS a", uri);
        assertThat(answer.toString()).doesNotContain("not-the-secret");
        return answer.path("code").asText();
    }

    @Test
    void aServerThatDiesInTheMiddleLeavesNothingOnceItIsBack() throws Exception {
        var s3 = S3Server.shared();
        var bucket = s3.newBucket("died");
        try (var site = new Site(folder)) {
            var doomed = site.serve(LOCAL);
            S3LoadTest.connect(doomed.api(), "store", s3.endpoint(), S3Server.SECRET);
            var id = export(doomed.api(), ENDLESS, "s3://%s/a.csv".formatted(bucket));
            awaitParts(s3, bucket);
            var patience = new Patience(Duration.ofMinutes(1), "the upload is not noted");
            while (!site.has("select from export where upload is not null")) {
                patience.look();
            }
            doomed.program().kill();

            var server = site.serve(LOCAL);
            var export = awaitFinal(server.api(), id);
            assertThat(export.get("state").asText()).isEqualTo("FAILED");
            assertThat(export.at("/cause/code").asText()).isEqualTo("EXPORT_INTERRUPTED");
            server.program().awaitLine("parts=abandoned");
            assertNothing(s3, bucket);
        }
    }

    /// It dies when the S3 has the whole object, and does not know that itself.
    @Test
    void anObjectThatIsCompleteIsFoundByWhoComesNext() throws Exception {
        var s3 = S3Server.shared();
        var bucket = s3.newBucket("unheard");
        try (var site = new Site(folder);
                var proxy = new LosingProxy(s3.port(), "^POST \\S*uploadId=", 1_000_000)) {
            var doomed = site.serve(LOCAL);
            S3LoadTest.connect(doomed.api(), "store", proxy.endpoint(), S3Server.SECRET);
            var id = export(doomed.api(), LARGE, "s3://%s/a.csv".formatted(bucket));
            var patience = new Patience(Duration.ofMinutes(1), "no object appears");
            while (s3.keys(bucket).isEmpty()) {
                patience.look();
            }
            var cancelled =
                    doomed.api()
                            .call(
                                    "POST",
                                    "/api/v1/exports/%s/cancel".formatted(id),
                                    null,
                                    BodyPublishers.noBody());
            assertThat(cancelled.statusCode()).isEqualTo(409);
            assertThat(get(doomed.api(), id).get("state").asText()).isEqualTo("RUNNING");
            doomed.program().kill();
            proxy.heal();

            var api = site.serve(LOCAL).api();
            var export = awaitFinal(api, id);
            assertThat(export.get("state").asText()).as(export.toString()).isEqualTo("SUCCESS");
            var content = s3.get(bucket, "a.csv");
            assertThat(export.get("sha256").asText()).isEqualTo(sha256(content));
            assertThat(export.get("rows").asLong()).isEqualTo(300_000);
            assertThat(export.get("bytes").asLong()).isEqualTo(content.length);
        }
    }

    @Test
    void whoMayOnlyReadHasNothingWritten() throws Exception {
        try (var site = new Site(folder)) {
            var api = site.serve(LOCAL).api();
            var s3 = S3Server.shared();
            S3LoadTest.connect(api, "store", s3.endpoint(), S3Server.SECRET);
            var token =
                    new Tokens(ApiClient.SECRET)
                            .issue("eve", Set.of(Scope.READ), Duration.ofMinutes(5));
            var bucket = s3.newBucket("reader");
            var uri = "s3://%s/a.csv".formatted(bucket);
            var url = api.options().get(1);
            var export =
                    site.start(
                            Map.of(),
                            List.of(
                                    "export",
                                    "--query",
                                    "SELECT 1 AS a",
                                    "--to",
                                    uri,
                                    "--to-connection",
                                    "store",
                                    "--url",
                                    url,
                                    "--token",
                                    token));
            assertThat(export.awaitExit()).isEqualTo(1);
            assertThat(export.output()).contains("scope 'load'");
            assertNothing(s3, bucket);
        }
    }
}
