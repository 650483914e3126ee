package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A POST with an `Idempotency-Key` is done once, over real HTTP, with the answers kept in a real
/// PostgreSQL.
class KeyedRequestsTest {
    private static final String MODEL =
            "{\"name\": \"%s\", \"schema\": {\"event_id\": \"String\"}}";

    private static PostgresCatalog kept;

    private final AtomicInteger received = new AtomicInteger();
    private final RunningApi api = new RunningApi();
    private final String key = "key-" + System.nanoTime();

    @BeforeAll
    static void open() {
        kept = Engines.newCatalog("keyed");
    }

    @AfterAll
    static void closeCatalog() {
        kept.close();
    }

    @BeforeEach
    void start() throws Exception {
        api.catalog.answers = kept.answers();
        api.uploads =
                (job, body, _) -> {
                    received.incrementAndGet();
                    skip(body);
                    return job;
                };
        api.start();
        assertThat(api.sendJson("POST", "/api/v1/models", MODEL.formatted("m")).statusCode())
                .isEqualTo(201);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private static void skip(InputStream body) {
        try {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest.Builder keyed(String path) {
        return api.request(path).header("Idempotency-Key", key);
    }

    private HttpResponse<String> json(String path, String body) throws Exception {
        return api.send(
                keyed(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> source(String path, String body) throws Exception {
        return api.send(
                keyed(path).header("Content-Type", "text/csv").POST(BodyPublishers.ofString(body)));
    }

    private static String code(HttpResponse<String> answer) throws IOException {
        return RunningApi.json(answer).path("code").asText();
    }

    private static void assertReplayed(HttpResponse<String> first, HttpResponse<String> second) {
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(second.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(second.statusCode()).isEqualTo(first.statusCode());
        assertThat(second.body()).isEqualTo(first.body()).isNotEmpty();
        for (var header : new String[] {"Content-Type", "Location", "ETag"}) {
            assertThat(second.headers().firstValue(header))
                    .as(header)
                    .isEqualTo(first.headers().firstValue(header));
        }
    }

    @Test
    void aRepeatedRequestGetsTheFirstAnswer() throws Exception {
        var first = json("/api/v1/models", MODEL.formatted("once"));
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Location")).isPresent();

        assertReplayed(first, json("/api/v1/models", MODEL.formatted("once")));

        assertThat(api.catalog.models).hasSize(2);
    }

    @Test
    void aRefusalIsRepeatedToo() throws Exception {
        var first = json("/api/v1/models", MODEL.formatted("m"));
        assertThat(code(first)).isEqualTo("MODEL_EXISTS");
        api.catalog.models.clear();

        assertReplayed(first, json("/api/v1/models", MODEL.formatted("m")));
    }

    @Test
    void whatFailedOutsideIsDoneAgain() throws Exception {
        api.catalog.failure.set(
                new MillraceException(ErrorCode.CLICKHOUSE_UNAVAILABLE, "It is away"));
        var first = json("/api/v1/jobs", "{\"model\": \"m\"}");
        assertThat(first.statusCode()).isEqualTo(503);
        api.catalog.failure.set(new IllegalStateException("a fault"));
        assertThat(json("/api/v1/jobs", "{\"model\": \"m\"}").statusCode()).isEqualTo(500);

        var third = json("/api/v1/jobs", "{\"model\": \"m\"}");

        assertThat(third.statusCode()).isEqualTo(201);
        assertReplayed(third, json("/api/v1/jobs", "{\"model\": \"m\"}"));
    }

    @Test
    void aKeyStandsForOneRequest() throws Exception {
        json("/api/v1/jobs", "{\"model\": \"m\"}");
        for (var other :
                new HttpResponse<?>[] {
                    json("/api/v1/jobs", "{\"model\": \"m\" }"),
                    json("/api/v1/models", "{\"model\": \"m\"}"),
                    json("/api/v1/jobs?model=m", "{\"model\": \"m\"}")
                }) {
            assertThat(other.statusCode()).isEqualTo(422);
            assertThat(other.body().toString()).contains("IDEMPOTENCY_KEY_REUSED");
        }
        assertThat(api.catalog.jobs).hasSize(1);
    }

    @Test
    void anotherSubjectsKeyIsAnother() throws Exception {
        json("/api/v1/jobs", "{\"model\": \"m\"}");
        var bob =
                api.send(
                        api.anonymous("/api/v1/jobs")
                                .header(
                                        "Authorization",
                                        "Bearer " + api.tokens.issue("bob", Duration.ofMinutes(5)))
                                .header("Idempotency-Key", key)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"model\": \"m\"}")));
        assertThat(bob.statusCode()).isEqualTo(201);
        assertThat(bob.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(api.catalog.jobs).hasSize(2);
    }

    @Test
    void whileARequestRunsItsRepeatIsToldSo() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        api.uploads =
                (job, body, _) -> {
                    begun.countDown();
                    await(end);
                    skip(body);
                    return job;
                };
        var first =
                api.client.sendAsync(
                        keyed("/api/v1/jobs?model=m")
                                .header("Content-Type", "text/csv")
                                .POST(BodyPublishers.ofString("event_id\n1\n"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        await(begun);

        var second = source("/api/v1/jobs?model=m", "event_id\n1\n");

        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(code(second)).isEqualTo("IDEMPOTENCY_IN_PROGRESS");
        assertThat(second.headers().firstValue("Retry-After")).isPresent();
        end.countDown();
        assertReplayed(
                first.get(30, TimeUnit.SECONDS), source("/api/v1/jobs?model=m", "event_id\n1\n"));
        assertThat(api.catalog.jobs).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSourceIsKnownByItsTypeAndLength() throws Exception {
        var first = source("/api/v1/jobs?model=m", "event_id\n1\n");
        assertThat(first.statusCode()).isEqualTo(202);
        assertReplayed(first, source("/api/v1/jobs?model=m", "event_id\n2\n"));
        assertThat(code(source("/api/v1/jobs?model=m", "event_id\n10\n")))
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(received).hasValue(1);
    }

    @Test
    void aFormsBoundaryMayDiffer() throws Exception {
        var first = form("xYz");
        assertThat(first.statusCode()).isEqualTo(202);
        assertReplayed(first, form("aBc"));
        assertThat(received).hasValue(1);
    }

    private HttpResponse<String> form(String boundary) throws Exception {
        var form =
                """
                --%1$s
                Content-Disposition: form-data; name="model"

                m
                --%1$s
                Content-Disposition: form-data; name="file"; filename="a.csv"

                event_id
                1
                --%1$s--
                """
                        .formatted(boundary)
                        .replace("\n", "\r\n");
        return api.send(
                keyed("/api/v1/jobs")
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(BodyPublishers.ofString(form)));
    }

    @Test
    void aSourceThatBrokeOffIsSentAgain() throws Exception {
        var good = api.uploads;
        api.uploads =
                (_, _, _) -> {
                    throw new MillraceException(ErrorCode.UPLOAD_INTERRUPTED, "It broke off");
                };
        assertThat(source("/api/v1/jobs?model=m", "event_id\n1\n").statusCode()).isEqualTo(400);
        api.uploads = good;

        assertThat(source("/api/v1/jobs?model=m", "event_id\n1\n").statusCode()).isEqualTo(202);
    }

    /// The sender waits for the answer in the middle of its body, which never ends.
    @Test
    void aRepeatedSourceIsAnsweredBeforeItIsRead() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.api().port())) {
            socket.setSoTimeout(30_000);
            var head =
                    """
                    POST /api/v1/jobs?model=m HTTP/1.1
                    Host: 127.0.0.1
                    Authorization: Bearer %s
                    Idempotency-Key: %s
                    Content-Type: text/csv
                    Content-Length: 11

                    """
                            .formatted(api.tokens.issue("ada", Duration.ofMinutes(5)), key)
                            .replace("\n", "\r\n");
            assertThat(source("/api/v1/jobs?model=m", "event_id\n1\n").statusCode()).isEqualTo(202);
            var out = socket.getOutputStream();
            out.write((head + "event").getBytes(StandardCharsets.UTF_8));
            out.flush();

            var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);

            assertThat(line).isEqualTo("HTTP/1.1 202");
        }
        assertThat(received).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "\t"})
    void aKeyThatIsNoneIsRefused(String none) throws Exception {
        var answer =
                api.send(
                        api.request("/api/v1/jobs")
                                .header("Idempotency-Key", none)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"model\": \"m\"}")));
        assertThat(code(answer)).isEqualTo("INVALID_REQUEST");
        assertThat(api.catalog.jobs).isEmpty();
    }

    @Test
    void aKeyHas255CharactersAtMost() throws Exception {
        for (var length : new int[] {255, 256}) {
            var answer =
                    api.send(
                            api.request("/api/v1/jobs")
                                    .header("Idempotency-Key", "k".repeat(length))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("{\"model\": \"m\"}")));
            assertThat(answer.statusCode()).isEqualTo(length == 255 ? 201 : 400);
        }
    }

    @Test
    void aQueryIsRunEachTime() throws Exception {
        var runs = new AtomicInteger();
        api.engine = (_, _, out) -> RunningApi.write(out, "" + runs.incrementAndGet());
        for (var i = 1; i <= 2; i++) {
            var answer = api.send(keyed("/api/v1/sql").POST(BodyPublishers.ofString("SELECT 1")));
            assertThat(answer.body()).isEqualTo("" + i);
        }
    }
}
