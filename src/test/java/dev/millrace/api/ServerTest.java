package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCategory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {
    private RunningApi api;

    @BeforeEach
    void start() {
        api = new RunningApi().start();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code)
            throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        var problem = RunningApi.json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("code").asText()).isEqualTo(code);
        assertThat(problem.get("type").asText()).isEqualTo("urn:millrace:" + code);
        assertThat(problem.get("title").asText()).isNotBlank();
        assertThat(problem.get("detail").asText()).isNotBlank();
        assertThat(problem.has("remedy")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasItsStatusAndIsAProblem(ErrorCode code) throws Exception {
        api.catalog.failure.set(new MillraceException(code, "What failed", "What to do", null));
        var response = api.get("/api/v1/models/x");
        var status = Problems.status(code);
        assertProblem(response, status, code.name());
        assertThat(RunningApi.json(response).get("detail").asText()).isEqualTo("What failed");
        assertThat(RunningApi.json(response).get("remedy").asText()).isEqualTo("What to do");
        var lowest = code == ErrorCode.TOO_BUSY ? 400 : lowest(code.category());
        assertThat(status).isBetween(lowest, lowest + 99);
        assertThat(response.headers().firstValue("Retry-After").isPresent())
                .isEqualTo(
                        code.category() == ErrorCategory.EXTERNAL
                                || code == ErrorCode.TOO_BUSY
                                || code == ErrorCode.IDEMPOTENCY_IN_PROGRESS);
        assertThat(RunningApi.json(response).has("instance"))
                .isEqualTo(code.category() == ErrorCategory.INTERNAL);
    }

    private static int lowest(ErrorCategory category) {
        return switch (category) {
            case USER -> 400;
            case INTERNAL, EXTERNAL, INSUFFICIENT_RESOURCES -> 500;
        };
    }

    @Test
    void aFaultOfOursTellsNothingButAReferenceToTheLog() throws Exception {
        api.catalog.failure.set(new IllegalStateException("private"));
        var response = api.get("/api/v1/models/x");
        assertProblem(response, 500, "INTERNAL_ERROR");
        assertThat(response.body()).doesNotContain("private").contains("urn:uuid:");
    }

    @Test
    void unknownRoutesAndMethodsAreProblems() throws Exception {
        assertProblem(api.get("/api/v1/nothing"), 404, "NOT_FOUND");
        assertProblem(api.get("/docs/../secret.txt"), 404, "NOT_FOUND");
        assertProblem(api.get("/docs/index.css"), 404, "NOT_FOUND");
        var wrong = api.send("PATCH", "/api/v1/models", "");
        assertProblem(wrong, 405, "INVALID_REQUEST");
        assertThat(wrong.headers().firstValue("Allow").orElseThrow()).contains("GET", "POST");
    }

    @Test
    void headIsRefusedWhateverThePath() throws Exception {
        for (var path : new String[] {"/api/v1/jobs", "/api/v1/models/x", "/health", "/docs"}) {
            var head = api.send(api.anonymous(path).method("HEAD", BodyPublishers.noBody()));
            assertThat(head.statusCode()).as(path).isEqualTo(405);
            assertThat(head.headers().firstValue("Allow")).hasValue("GET");
        }
    }

    @Test
    void aBodyThatIsNotOneJsonObjectIsAProblem() throws Exception {
        for (var body : new String[] {"", "{", "[]", "null", "{} {}", "{\"a\":1,\"a\":2}", "nul"}) {
            assertProblem(api.sendJson("POST", "/api/v1/models", body), 400, "INVALID_REQUEST");
        }
        var refused = api.sendJson("POST", "/api/v1/models", "{\n \"name\": x}");
        assertThat(RunningApi.json(refused).get("detail").asText()).contains("line 2, column");
        var unknown = api.sendJson("POST", "/api/v1/models", "{\"nam\":\"x\"}");
        assertThat(RunningApi.json(unknown).get("remedy").asText())
                .isEqualTo("Known: name, schema.");
    }

    @Test
    void aBodyBeyondFourMebibytesIsAProblem() throws Exception {
        var large = " ".repeat(4 << 20) + " ";
        assertProblem(api.sendJson("POST", "/api/v1/models", large), 413, "INVALID_REQUEST");
        assertProblem(api.send("POST", "/api/v1/sql", large), 413, "INVALID_REQUEST");
    }

    @Test
    void aProblemReachesASenderWhoHasMuchMoreToSend() throws Exception {
        var refused =
                api.send(
                        api.anonymous("/api/v1/jobs?model=x")
                                .POST(BodyPublishers.ofByteArray(new byte[64 << 20])));
        assertProblem(refused, 401, "UNAUTHENTICATED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                "GET /api/v1/exports/%00 HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void aRequestThatIsNotHttpIsAProblemAndTheLastOfItsConnection(String request) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.api().port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .containsIgnoringCase("\r\nConnection: close\r\n")
                    .contains("application/problem+json", "\"code\":\"INVALID_REQUEST\"");
        }
    }

    @Test
    void aQueryIsStreamedInTheFormatAskedFor() throws Exception {
        api.engine = (sql, format, out) -> RunningApi.write(out, sql + " as " + format);
        var csv = api.send("POST", "/api/v1/sql", "SELECT 'é'");
        assertThat(csv.body()).isEqualTo("SELECT 'é' as CSVWithNames");
        assertThat(csv.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
        var json = api.send("POST", "/api/v1/sql?format=JSONEachRow", "SELECT 1");
        assertThat(json.body()).isEqualTo("SELECT 1 as JSONEachRow");
        assertThat(json.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    }

    @Test
    void aQueryThatIsRefusedAfterItsFirstBytesIsStillAProblem() throws Exception {
        api.engine =
                (_, _, out) -> {
                    RunningApi.write(out, "some");
                    throw new MillraceException(ErrorCode.QUERY_REFUSED, "Syntax error");
                };
        assertProblem(api.send("POST", "/api/v1/sql", "SELEC"), 422, "QUERY_REFUSED");
    }

    @Test
    void aQueryThatFailsHalfwayIsBrokenOff() {
        api.engine =
                (_, _, out) -> {
                    RunningApi.write(out, "x".repeat(1 << 20));
                    throw new MillraceException(ErrorCode.QUERY_REFUSED, "Out of memory");
                };
        assertThatThrownBy(() -> api.send("POST", "/api/v1/sql", "SELECT"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void readinessSaysWhichEngineIsNotThereAndWhy() throws Exception {
        api.close();
        api = new RunningApi();
        var hangs = new CountDownLatch(1);
        api.checks.put("postgres", () -> {});
        api.checks.put(
                "kafka",
                () -> {
                    throw new MillraceException(ErrorCode.KAFKA_UNAVAILABLE, "No broker answers");
                });
        api.checks.put(
                "clickhouse",
                () -> {
                    try {
                        hangs.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        api.start();
        var response = api.send(api.anonymous("/ready"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body())
                .isEqualTo(
                        "{\"ready\":false,\"checks\":["
                                + "{\"name\":\"postgres\",\"ok\":true,\"reason\":null},"
                                + "{\"name\":\"kafka\",\"ok\":false,\"reason\":\"No broker answers\"},"
                                + "{\"name\":\"clickhouse\",\"ok\":false,\"reason\":\"No answer within 1 s\"}]}");
        assertThat(api.send(api.anonymous("/health")).body()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void theContractHasAPageWhoseFilesAreAllOurs() throws Exception {
        var page = api.send(api.anonymous("/docs"));
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'self'");
        var links =
                Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                        .matcher(page.body())
                        .results()
                        .map(m -> m.group(1))
                        .toList();
        assertThat(links).hasSize(4).allMatch(link -> link.startsWith("/docs/"));
        for (var link : links) {
            assertThat(api.send(api.anonymous(link)).statusCode()).as(link).isEqualTo(200);
        }
        assertThat(api.send(api.anonymous("/openapi.yaml")).body()).startsWith("openapi: 3.1.0");
        var home = api.send(api.anonymous("/"));
        assertThat(home.statusCode()).isEqualTo(302);
        assertThat(home.headers().firstValue("Location").orElseThrow()).endsWith("/docs");
    }

    @Test
    void aTakenPortIsNamedWithItsFlag() {
        var settings =
                new ApiSettings(
                        ApiSettings.LOOPBACK,
                        api.api().port(),
                        RunningApi.SECRET,
                        Duration.ofSeconds(1));
        assertThatThrownBy(() -> new RunningApi(settings).start())
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.PORT_TAKEN);
                            assertThat(e).hasMessageContaining("Port " + settings.port());
                            assertThat(e.remedy()).contains("--port");
                        });
    }

    @Test
    void closingLetsARunningUploadEnd() throws Exception {
        api.sendJson("POST", "/api/v1/models", "{\"name\":\"m\",\"schema\":{\"a\":\"Int8\"}}");
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        api.uploads =
                (job, _, _) -> {
                    begun.countDown();
                    try {
                        assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new AssertionError("interrupted by closing", e);
                    }
                    return job;
                };
        var upload =
                api.client.sendAsync(
                        api.request("/api/v1/jobs?model=m")
                                .POST(BodyPublishers.ofString("a\n1\n"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        var closing = Thread.ofVirtual().start(() -> api.api().close());
        awaitRefusal();
        goOn.countDown();
        assertThat(upload.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
    }

    /// Waits until the server no longer serves new connections.
    private void awaitRefusal() throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end) {
            try {
                // A connection that the system has accepted and the server never will is silent.
                var look = api.anonymous("/health").timeout(Duration.ofMillis(500));
                if (api.send(look).statusCode() == 503) {
                    return;
                }
                Thread.sleep(10);
            } catch (IOException e) {
                return;
            }
        }
        throw new AssertionError("still serving");
    }
}
