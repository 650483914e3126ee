package dev.millrace.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Exports that the server writes into a file of the caller's: the same bytes as it sends, and an
/// answer that says so, or none.
class ExportIntoFileTest extends ExportsOverHttp {
    private static final String SECRET = "a secret of thirty-two characters or more";

    private static final String ROWS =
            "SELECT number AS n, toString(number) AS t, number / 7 AS f FROM numbers(200000)";

    private static final String SLOW =
            "SELECT number, sleepEachRow(0.00001) AS %s FROM numbers(100000000)";

    @TempDir Path folder;

    private Path sealed(String name) throws Exception {
        var hash = MessageDigest.getInstance("SHA-256").digest(SECRET.getBytes(UTF_8));
        return Files.writeString(folder.resolve(name), HexFormat.of().formatHex(hash));
    }

    private static String body(Path file) {
        return Json.object().put("path", file.toString()).put("secret", SECRET).toString();
    }

    private static HttpResponse<String> write(String id, Path file) throws Exception {
        return api.sendJson("POST", PATH + "/" + id + "/file", body(file));
    }

    private static String mark() {
        return "into_" + UUID.randomUUID().toString().replace("-", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "tsv", "jsonl", "parquet", "avro", "xlsx"})
    void theFileHasTheBytesThatAreSentOtherwise(String format) throws Exception {
        var wishes = "\"format\": \"%s\"".formatted(format);
        var query = ROWS + " ORDER BY n SETTINGS max_threads = 1";
        var file = sealed("rows.part");
        var answer = write(made(query, wishes), file);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var export = RunningApi.json(answer);
        assertThat(export.path("state").asText()).isEqualTo("SUCCESS");
        assertThat(export.path("rows").asLong()).isEqualTo(200_000);
        var written = Files.readAllBytes(file);
        assertThat(export.path("bytes").asLong()).isEqualTo(written.length);
        var crc = new CRC32C();
        crc.update(written);
        assertThat(export.path("crc32c").asText())
                .isEqualTo("%08x".formatted((int) crc.getValue()));
        assertThat(export.path("sha256").asText())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(written)));
        if (!format.equals("avro") && !format.equals("xlsx")) { // they hold a mark and a moment
            var sent =
                    api.client.send(
                            api.request(PATH + "/" + made(query, wishes) + "/file").build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            assertThat(written).isEqualTo(sent.body());
        }
    }

    @Test
    void anExportIsWrittenOrSentOnce() throws Exception {
        var id = made(ROWS, "\"format\": \"csv\"");
        assertThat(write(id, sealed("one.part")).statusCode()).isEqualTo(200);
        var again = write(id, sealed("two.part"));
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("EXPORT_NOT_WAITING");
        assertThat(api.get(PATH + "/" + id + "/file").statusCode()).isEqualTo(409);
    }

    @Test
    void aFileThatIsNotShownToBeTheCallersLeavesTheExportWaiting() throws Exception {
        var id = made(ROWS, "\"format\": \"csv\"");
        var other = Files.writeString(folder.resolve("other.part"), "something of somebody's");
        var refused = write(id, other);
        assertThat(refused.statusCode()).isEqualTo(421);
        assertThat(refused.body()).contains("FILE_ELSEWHERE");
        assertThat(other).hasContent("something of somebody's");
        assertThat(get(id).path("state").asText()).isEqualTo("PENDING");
        assertThat(api.get(PATH + "/" + id + "/file").body()).startsWith("\"n\",\"t\",\"f\"\n0,");
    }

    @Test
    void anothersExportIsNotWritten() throws Exception {
        var id = made(ROWS, "\"format\": \"csv\"");
        var file = sealed("rows.part");
        var eve = api.tokens.issue("eve", Set.of(Scope.READ, Scope.LOAD), Duration.ofMinutes(5));
        var answer =
                api.send(
                        api.anonymous(PATH + "/" + id + "/file")
                                .header("Authorization", "Bearer " + eve)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body(file))));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(Files.size(file)).isEqualTo(64);
        assertThat(get(id).path("state").asText()).isEqualTo("PENDING");
    }

    @Test
    void whatFailsInTheMiddleIsAProblem() throws Exception {
        var id =
                made(
                        "SELECT number, repeat('x', 100) AS x, throwIf(number = 400000, 'it was meant to') AS f FROM numbers(500000)",
                        "\"format\": \"csv\"");
        var answer = write(id, sealed("rows.part"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("it was meant to");
        assertThat(get(id).path("state").asText()).isEqualTo("FAILED");
    }

    @Test
    void aCallerWhoIsGoneEndsTheQuery() throws Exception {
        var mark = mark();
        var id = made(SLOW.formatted(mark), "\"format\": \"csv\"");
        var body = body(sealed("rows.part"));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.api().port())) {
            var token = api.tokens.issue("ada", Set.of(Scope.READ), Duration.ofMinutes(5));
            socket.getOutputStream()
                    .write(
                            "POST %s/%s/file HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(PATH, id, token, body.length(), body)
                                    .getBytes(UTF_8));
            awaitRunning(mark, 1);
        }
        assertThat(awaitState(id, "FAILED").path("cause").path("message").asText())
                .contains("gone");
        awaitRunning(mark, 0);
    }

    @Test
    void aCancelEndsTheQueryAndTheAnswer() throws Exception {
        var mark = mark();
        var id = made(SLOW.formatted(mark), "\"format\": \"csv\"");
        var file = sealed("rows.part");
        var running =
                CompletableFuture.runAsync(() -> {
                    try {
                        assertThat(write(id, file).body()).contains("was cancelled");
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
        cancel(id, mark, running);
    }
}
