package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.convert.ParquetFiles;
import dev.millrace.s3.CuttingProxy;
import dev.millrace.s3.S3Server;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Objects of a real S3, loaded by a server of its own: the table holds what the object holds.
class S3LoadTest {
    private static final GameRounds FILE = GameRounds.of(150_000, UTF_8, 1000, 4);
    private static final Map<String, String> LOCAL =
            Map.of("MILLRACE_CONNECTIONS_HOSTS", "127.0.0.1");

    @TempDir private Path folder;

    static void connect(ApiClient api, String name, URI endpoint, String secret) throws Exception {
        var body =
                """
                {"name": "%s", "kind": "s3", "endpoint": "%s", "region": "us-east-1",
                 "accessKeyId": "%s", "secretAccessKey": "%s"}
                """
                        .formatted(name, endpoint, S3Server.ACCESS_KEY_ID, secret);
        api.post("/api/v1/connections", "application/json", body.getBytes(UTF_8), 201);
    }

    private static byte[] gzip(byte[] content) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private Path numbers() {
        var file = new ParquetFiles(folder, "required int64 n; required binary t (STRING);");
        for (var n = 0; n < 5_000; n++) {
            var value = n;
            file.row(row -> row.append("n", (long) value).append("t", "text " + value));
        }
        return file.write();
    }

    private static String described(String model, String uri, String more) {
        return """
        {"model": "%s", "source": {"connection": "store", "uri": "%s"}%s}\
        """
                .formatted(model, uri, more);
    }

    private static String job(ApiClient api, String model, String uri) throws Exception {
        var body = described(model, uri, ", \"ifLoaded\": \"load\"").getBytes(UTF_8);
        return api.post("/api/v1/jobs", "application/json", body, 202).get("id").asText();
    }

    private static void assertThatTheTableHoldsTheFile(ApiClient api, JsonNode ended, String table)
            throws Exception {
        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(ended.at("/rows/rejected").asLong()).isEqualTo(FILE.bad().size());
        assertThat(api.sql("SELECT * FROM " + table).stream().sorted().toList())
                .isEqualTo(FILE.sorted());
    }

    @Test
    void anObjectLoadsAsItsFileDoesPlainPackedAndInColumns() throws Exception {
        var s3 = S3Server.shared();
        var bucket = s3.newBucket("load");
        var numbers = numbers();
        s3.put(bucket, "rounds.csv", FILE.content());
        s3.put(bucket, "rounds.csv.gz", gzip(FILE.content()));
        s3.put(bucket, "numbers.parquet", Files.readAllBytes(numbers));
        try (var site = new Site(folder)) {
            var server = site.serve(LOCAL);
            var api = server.api();
            site.work("steady", Map.of());
            connect(api, "store", s3.endpoint(), S3Server.SECRET);
            for (var name : new String[] {"rounds.csv", "rounds.csv.gz"}) {
                var model = name.replace('.', '_');
                var table = api.createModel(model, GameRounds.SCHEMA);
                var uri = "s3://%s/%s".formatted(bucket, name);
                var ended = api.awaitFinal(job(api, model, uri));
                assertThatTheTableHoldsTheFile(api, ended, table);
                assertThat(ended.at("/source/name").asText()).isEqualTo(uri);
                assertThat(ended.at("/upload/state").asText()).isEqualTo("COMPLETE");
            }
            var load =
                    site.command(
                            api,
                            "load",
                            "s3://%s/*.parquet".formatted(bucket),
                            "--connection",
                            "store",
                            "--into",
                            "numbers",
                            "--yes");
            assertThat(load.awaitExit()).as(load.output()).isZero();
            var file =
                    site.command(
                            api, "load", numbers.toString(), "--into", "numbers_of_file", "--yes");
            assertThat(file.awaitExit()).as(file.output()).isZero();
            assertThat(api.sql("SELECT * FROM numbers ORDER BY ALL"))
                    .hasSize(5_000)
                    .isEqualTo(api.sql("SELECT * FROM numbers_of_file ORDER BY ALL"));
            for (var part = 0; part < 3; part++) {
                var rows = "id,part\n%d,a\n%d,b\n".formatted(2 * part, 2 * part + 1);
                s3.put(bucket, "parts/%d.csv".formatted(part), rows.getBytes(UTF_8));
            }
            var parts =
                    site.command(
                            api,
                            "load",
                            "s3://%s/parts/*.csv".formatted(bucket),
                            "--connection",
                            "store",
                            "--into",
                            "parts",
                            "--yes");
            assertThat(parts.awaitExit()).as(parts.output()).isZero();
            assertThat(
                            api.sql(
                                    "SELECT id, part, bitShiftRight(_millrace_row, 40) FROM parts"
                                            + " ORDER BY id"))
                    .containsExactly(
                            "0\ta\t0", "1\tb\t0", "2\ta\t1", "3\tb\t1", "4\ta\t2", "5\tb\t2");
            var preview =
                    site.command(
                            api,
                            "preview",
                            "s3://%s/rounds.csv.gz".formatted(bucket),
                            "--connection",
                            "store");
            assertThat(preview.awaitExit()).as(preview.output()).isZero();
            assertThat(preview.output()).contains("gzip");
            var inferred =
                    site.command(
                            api,
                            "model",
                            "infer",
                            "s3://%s/rounds.csv".formatted(bucket),
                            "--connection",
                            "store");
            assertThat(inferred.awaitExit()).as(inferred.output()).isZero();
            s3.put(bucket, "mixed/a.csv", "id,x\n1,2\n".getBytes(UTF_8));
            s3.put(bucket, "mixed/b.csv", "x,id\n2.5,300\n".getBytes(UTF_8));
            var all =
                    site.command(
                            api,
                            "model",
                            "infer",
                            "s3://%s/mixed/*.csv".formatted(bucket),
                            "--connection",
                            "store");
            assertThat(all.awaitExit()).as(all.output()).isZero();
            assertThat(all.output()).contains("Decimal(9, 2)", "row 1 of b.csv: '300' does not");
            for (var said : new Program[] {server.program(), load, preview, inferred}) {
                assertThat(said.output()).doesNotContain(S3Server.SECRET);
            }
            assertThat(site.has("select from connection where secret::text like '%secret-acc%'"))
                    .isFalse();
        }
    }

    @Test
    void aServerThatDiesInTheMiddleGoesOnByItselfWhenItIsBack() throws Exception {
        var s3 = S3Server.shared();
        var bucket = s3.newBucket("crash");
        s3.put(bucket, "rounds.csv", FILE.content());
        s3.put(bucket, "rounds.csv.gz", gzip(FILE.content()));
        for (var name : new String[] {"rounds.csv", "rounds.csv.gz"}) {
            try (var site = new Site(Files.createDirectory(folder.resolve(name)))) {
                var crash = new HashMap<>(LOCAL);
                crash.put("MILLRACE_CRASH_AT", "AFTER_STORE:2");
                var doomed = site.serve(crash);
                site.work("steady", Map.of());
                connect(doomed.api(), "store", s3.endpoint(), S3Server.SECRET);
                var table = doomed.api().createModel("rounds", GameRounds.SCHEMA);
                var job = job(doomed.api(), "rounds", "s3://%s/%s".formatted(bucket, name));
                assertThat(doomed.program().awaitExit()).isEqualTo(Site.CRASHED);

                var api = site.serve(LOCAL).api();

                assertThatTheTableHoldsTheFile(api, api.awaitFinal(job), table);
            }
        }
    }

    @Test
    void cutsChangesAndRefusalsLeaveEitherTheWholeObjectOrNothing() throws Exception {
        var s3 = S3Server.shared();
        var bucket = s3.newBucket("faults");
        s3.put(bucket, "rounds.csv", FILE.content());
        var uri = "s3://%s/rounds.csv".formatted(bucket);
        try (var site = new Site(folder);
                var proxy = new CuttingProxy(s3.port(), 3_000_000, 3, () -> {})) {
            var server = site.serve(LOCAL);
            var api = server.api();
            site.work("steady", Map.of());
            connect(api, "store", proxy.endpoint(), S3Server.SECRET);
            connect(api, "wrong", s3.endpoint(), "not-the-secret");
            connect(api, "away", URI.create("http://10.1.2.3:9000"), "x");
            var table = api.createModel("rounds", GameRounds.SCHEMA);

            assertThat(refusal(api, "wrong", uri)).isEqualTo("LOGIN_REFUSED");
            assertThat(refusal(api, "away", uri)).isEqualTo("HOST_FORBIDDEN");
            assertThat(refusal(api, "embedded", uri)).isEqualTo("CONNECTION_KIND");
            assertThat(refusal(api, "nobody", uri)).isEqualTo("NOT_FOUND");
            assertThat(refusal(api, "store", "s3://no-such-bucket/a")).isEqualTo("BUCKET_MISSING");
            assertThat(refusal(api, "store", uri + "x")).isEqualTo("OBJECT_MISSING");
            assertThat(refusal(api, "store", "file:///etc/passwd")).isEqualTo("INVALID_REQUEST");
            assertThat(api.get("/api/v1/jobs").get("items")).isEmpty();

            var job = job(api, "rounds", uri);
            assertThatTheTableHoldsTheFile(api, api.awaitFinal(job), table);
            assertThat(proxy.connections).hasValueGreaterThan(3);
            var sent =
                    api.call(
                            "PUT",
                            "/api/v1/jobs/%s/source".formatted(job),
                            "text/csv",
                            BodyPublishers.ofString("a"));
            assertThat(sent.statusCode()).isEqualTo(409);
            assertThat(server.program().output()).doesNotContain(S3Server.SECRET, "not-the-secret");
        }
    }

    private static String refusal(ApiClient api, String connection, String uri) throws Exception {
        var body = described("rounds", uri, "").replace("\"store\"", "\"" + connection + "\"");
        var answer =
                api.call("POST", "/api/v1/jobs", "application/json", BodyPublishers.ofString(body));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.body()).doesNotContain(S3Server.SECRET, "not-the-secret");
        return new ObjectMapper().readTree(answer.body()).get("code").asText();
    }
}
