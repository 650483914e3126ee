package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sources on their way into jobs.
class UploadTest {
    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi().start();
        api.sendJson(
                "POST",
                "/api/v1/models",
                "{\"name\":\"purchases\",\"schema\":{\"event_id\":\"String\",\"a\":\"Int8\"}}");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private JsonNode create(String json) throws Exception {
        return RunningApi.json(api.sendJson("POST", "/api/v1/jobs", json));
    }

    @Test
    void anUploadBringsTheSourceOfAJobThatWaits() throws Exception {
        create("{\"model\":\"purchases\"}");
        var length = new AtomicLong();
        api.uploads =
                (job, body, asked) -> {
                    length.set(read(body) * 1000 + asked.declaredBytes());
                    return job;
                };
        var done = api.send("PUT", "/api/v1/jobs/last/source", "event_id,a\nx,1\n");
        assertThat(done.statusCode()).isEqualTo(202);
        assertThat(length).hasValue(15_015);
    }

    @Test
    void oneRequestMakesAJobAndBringsItsSource() throws Exception {
        api.uploads =
                (job, body, _) -> {
                    assertThat(read(body)).isEqualTo(3);
                    return job;
                };
        var done =
                api.send(
                        "POST",
                        "/api/v1/jobs?model=purchases&name=p.csv&delimiter=%3B&quote='&encoding=utf-8"
                                + "&maxRejected=1.5%25",
                        "a,b");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(202);
        var job = RunningApi.json(done);
        assertThat(job.at("/source/name").asText()).isEqualTo("p.csv");
        assertThat(job.at("/source/delimiter").asText()).isEqualTo(";");
        assertThat(job.at("/source/quote").asText()).isEqualTo("'");
        assertThat(job.get("maxRejected").asText()).isEqualTo("1.5%");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=p.csv                            | 'model' is missing",
                "model=purchases&maxRejecte=0          | The query parameter 'maxRejecte' is not known",
                "model=purchases&model=purchases       | is there 2 times",
                "model=purchases&maxRejected=some      | 'some' is not a limit",
                "model=purchases&encoding=utf-7        | 'utf-7' is not an encoding",
                "model=purchases&delimiter=            | 1 to 16 characters",
                "model=purchases&delimiter=a%0A        | 1 to 16 characters",
                "model=purchases&escape=some           | 'some' is no way to escape",
                "model=purchases&comment=ab            | comment 'ab' is not one character",
                "model=purchases&skip=-1               | 'skip' is no number of lines",
                "model=purchases&trailingDelimiter=1   | neither true nor false",
                "model=purchases&format=xml            | 'xml' is no format",
                "model=purchases&format=json&quote=x   | The format json has no delimiters",
                "model=purchases&quote=                | quote '' is not one character",
                "model=purchases&delimiter=x&quote=x   | not in the delimiter",
                "model=purchases&name=a%0Ab            | the control character U+000A",
                "model=purchases&name=a%1B%5B2Jb       | the control character U+001B",
                "model=purchases&name=a%C2%9B2Jb       | the control character U+009B",
            })
    void whatIsSaidWrongOfASourceIsRefusedBeforeAnyJobIsMade(String query, String detail)
            throws Exception {
        var refused = api.send("POST", "/api/v1/jobs?" + query, "a,b\n");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(RunningApi.json(refused).get("detail").asText()).contains(detail);
        assertThat(api.catalog.jobs).isEmpty();
    }

    @Test
    void aSourcesNameInJsonIsRefusedForAControlCharacterToo() throws Exception {
        var refused =
                api.sendJson(
                        "POST",
                        "/api/v1/jobs",
                        "{\"model\": \"purchases\", \"sourceName\": \"a\\u001bb\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(RunningApi.json(refused).get("detail").asText())
                .isEqualTo("The source's name has the control character U+001B");
        assertThat(api.catalog.jobs).isEmpty();
    }

    @Test
    void anotherMultipartBodyThanAFormIsNoSource() throws Exception {
        var refused =
                api.send(
                        api.request("/api/v1/jobs?model=purchases")
                                .header("Content-Type", "multipart/mixed; boundary=x")
                                .POST(BodyPublishers.ofString("--x--")));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(RunningApi.json(refused).get("remedy").asText()).contains("--data-binary");
    }

    @Test
    void aSourceThatFailsNamesItsJob() throws Exception {
        api.uploads =
                (_, _, _) -> {
                    throw new MillraceException(ErrorCode.EMPTY_SOURCE, "The source is empty");
                };
        var refused = api.send("POST", "/api/v1/jobs?model=purchases", "");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.headers().firstValue("Location"))
                .hasValue("/api/v1/jobs/" + api.catalog.jobs.getFirst().id());
    }

    @Test
    void twoHundredMegabytesAreStreamedAndNeverHeld() throws Exception {
        var bytes = 200L << 20;
        var most = new AtomicLong();
        var counted = new AtomicLong();
        api.uploads =
                (job, body, asked) -> {
                    assertThat(asked.declaredBytes()).isEqualTo(-1);
                    counted.set(count(body, most));
                    return job;
                };
        System.gc();
        var before = used();
        var done =
                api.send(
                        api.request("/api/v1/jobs?model=purchases")
                                .POST(BodyPublishers.ofInputStream(() -> new Zeros(bytes))));
        assertThat(done.statusCode()).isEqualTo(202);
        assertThat(counted).hasValue(bytes);
        assertThat(most.get() - before).isLessThan(64L << 20);
    }

    @Test
    void aSenderThatGoesAwayIsABrokenStreamToIntake() throws Exception {
        var broken = new CompletableFuture<Exception>();
        var begun = new CountDownLatch(1);
        api.uploads =
                (job, body, _) -> {
                    begun.countDown();
                    try {
                        body.transferTo(OutputStream.nullOutputStream());
                        broken.completeExceptionally(new AssertionError("taken for whole"));
                    } catch (IOException e) {
                        broken.complete(e);
                        throw new MillraceException(ErrorCode.UPLOAD_INTERRUPTED, "Gone", e);
                    }
                    return job;
                };
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.api().port())) {
            var head =
                    """
                    POST /api/v1/jobs?model=purchases HTTP/1.1
                    Host: localhost
                    Content-Length: 1000
                    Authorization: Bearer %s

                    event_id,a
                    """
                            .formatted(api.tokens.issue("ada", Duration.ofMinutes(1)))
                            .replace("\n", "\r\n");
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(broken.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    private static long read(InputStream body) {
        return count(body, new AtomicLong());
    }

    static long count(InputStream body, AtomicLong mostMemory) {
        var buffer = new byte[1 << 20];
        try {
            var total = 0L;
            for (int n; (n = body.read(buffer)) >= 0; ) {
                if (total >> 26 != (total + n) >> 26) {
                    System.gc();
                    mostMemory.accumulateAndGet(used(), Math::max);
                }
                total += n;
            }
            return total;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /// So many zero bytes.
    static final class Zeros extends InputStream {
        private long left;

        Zeros(long bytes) {
            this.left = bytes;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (left <= 0) {
                return -1;
            }
            var n = (int) Math.min(left, length);
            left -= n;
            return n;
        }
    }
}
