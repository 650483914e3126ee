package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.core.Cause;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Digest;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LedgerTotals;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.RejectionFile;
import dev.millrace.core.Source;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobRoutesTest {
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

    /// A job in some state, with half of its source loaded.
    private Job put(JobState state, Phase phase, @Nullable Cause cause) throws Exception {
        create("{\"model\":\"purchases\"}");
        var job = api.catalog.jobs.getFirst();
        var reading =
                new SourceReading(
                        Compression.GZIP,
                        Encoding.UTF_16BE,
                        new Dialect(';', Dialect.NO_QUOTE),
                        List.of("event_id", "a", "more"));
        var source =
                new Source(0, "p.csv", job.source().options(), reading, 200, 150, 10, 99, null);
        var totals = new LedgerTotals(1, 5, 50, new Digest(4, 1, 1), 1, 100, 1);
        var changed =
                new Job(
                        job.id(),
                        job.model(),
                        state,
                        phase,
                        1,
                        0,
                        source,
                        2,
                        totals,
                        job.maxRejected(),
                        cause,
                        null,
                        Instant.ofEpochSecond(100),
                        Instant.ofEpochSecond(103),
                        state.isFinal() ? Instant.ofEpochSecond(113) : null,
                        job.owner(),
                        job.workspace());
        api.catalog.put(changed);
        return changed;
    }

    @Test
    void aDescribedJobWaitsForItsSource() throws Exception {
        var created =
                api.sendJson(
                        "POST",
                        "/api/v1/jobs",
                        """
                        {"model": "purchases", "sourceName": "p.csv", "encoding": "UTF-16LE",
                         "delimiter": "tab", "quote": "none", "maxRejected": 5}\
                        """);
        assertThat(created.statusCode()).isEqualTo(201);
        var job = RunningApi.json(created);
        ContractTest.assertDocumented("Job", job);
        assertThat(created.headers().firstValue("Location"))
                .hasValue("/api/v1/jobs/" + job.get("id").asText());
        assertThat(job.at("/source/name").asText()).isEqualTo("p.csv");
        assertThat(job.at("/source/encoding").asText()).isEqualTo("utf-16le");
        assertThat(job.at("/source/delimiter").asText()).isEqualTo("\t");
        assertThat(job.at("/source/quote").asText()).isEqualTo("none");
        assertThat(job.get("maxRejected").asText()).isEqualTo("5");
        assertThat(job.get("owner").asText()).isEqualTo("ada");
        assertThat(job.at("/rows/total").isNull()).isTrue();
    }

    @Test
    void anUploadBringsTheSourceOfAJobThatWaits() throws Exception {
        create("{\"model\":\"purchases\"}");
        var length = new AtomicLong();
        api.uploads =
                (job, body, declared) -> {
                    length.set(read(body) * 1000 + declared);
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
                "model=purchases&delimiter=ab          | delimiter 'ab' is not one character",
                "model=purchases&delimiter=%C3%A9      | one ASCII character",
                "model=purchases&quote=                | quote '' is not one character",
                "model=purchases&delimiter=x&quote=x   | other than the delimiter",
            })
    void whatIsSaidWrongOfASourceIsRefusedBeforeAnyJobIsMade(String query, String detail)
            throws Exception {
        var refused = api.send("POST", "/api/v1/jobs?" + query, "a,b\n");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(RunningApi.json(refused).get("detail").asText()).contains(detail);
        assertThat(api.catalog.jobs).isEmpty();
    }

    @Test
    void aMultipartFormIsNoSource() throws Exception {
        var refused =
                api.send(
                        api.request("/api/v1/jobs?model=purchases")
                                .header("Content-Type", "multipart/form-data; boundary=x")
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
                (job, body, declared) -> {
                    assertThat(declared).isEqualTo(-1);
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

    @Test
    void aJobIsShownWithItsCountsAndTimes() throws Exception {
        var job = put(JobState.RUNNING, Phase.LOADING, null);
        var view = RunningApi.json(api.get("/api/v1/jobs/" + job.id()));
        ContractTest.assertDocumented("Job", view);
        assertThat(view.get("rows").toString())
                .isEqualTo("{\"read\":5,\"written\":4,\"rejected\":1,\"total\":10}");
        assertThat(view.get("progress").asDouble()).isEqualTo(0.5);
        assertThat(view.at("/source/ignoredColumns").toString()).isEqualTo("[\"more\"]");
        assertThat(view.at("/source/compression").asText()).isEqualTo("gzip");
        assertThat(view.get("waitingSeconds").asDouble()).isEqualTo(3);
        assertThat(view.get("finishedAt").isNull()).isTrue();
        assertThat(view.get("cause").isNull()).isTrue();
    }

    @Test
    void aJobThatFailedSaysWhyAndIsNotShownAsDone() throws Exception {
        put(
                JobState.FAILED,
                Phase.LOADING,
                new Cause(ErrorCode.TOO_MANY_REJECTED, "Too many", "Correct them."));
        var view = RunningApi.json(api.get("/api/v1/jobs/last"));
        assertThat(view.get("cause").toString())
                .isEqualTo(
                        "{\"code\":\"TOO_MANY_REJECTED\",\"message\":\"Too many\","
                                + "\"remedy\":\"Correct them.\"}");
        assertThat(view.get("progress").asDouble()).isEqualTo(0.5);
        assertThat(view.get("processingSeconds").asDouble()).isEqualTo(10);
        assertThat(view.get("rowsPerSecond").asDouble()).isEqualTo(0.5);
    }

    @Test
    void aJobThatSucceededIsShownAsDone() throws Exception {
        put(JobState.PARTIAL_SUCCESS, Phase.PUBLISHED, null);
        assertThat(RunningApi.json(api.get("/api/v1/jobs/last")).get("progress").asDouble())
                .isEqualTo(1);
    }

    @Test
    void aJobIsFollowedByWaitingForItsNextVersion() throws Exception {
        var job = put(JobState.RUNNING, Phase.LOADING, null);
        var path = "/api/v1/jobs/" + job.id();
        var seen = RunningApi.json(api.get(path)).get("version").asText();
        assertThat(RunningApi.json(api.get(path)).get("version").asText()).isEqualTo(seen);

        var waiting =
                api.client.sendAsync(
                        api.request(path + "?waitMillis=20000&seen=" + seen).build(),
                        BodyHandlers.ofString());
        assertThat(waiting).isNotDone();
        api.catalog.put(
                new Job(
                        job.id(),
                        job.model(),
                        job.state(),
                        Phase.SEALED,
                        job.attempt(),
                        job.epoch(),
                        job.source(),
                        job.splits(),
                        job.ledger(),
                        job.maxRejected(),
                        null,
                        null,
                        job.createdAt(),
                        job.startedAt(),
                        null,
                        job.owner(),
                        job.workspace()));
        var news = RunningApi.json(waiting.get(10, TimeUnit.SECONDS));
        assertThat(news.get("phase").asText()).isEqualTo("SEALED");
        assertThat(news.get("version").asText()).isNotEqualTo(seen);
    }

    @Test
    void aWaitEndsAtItsLimitWithTheViewAsItIs() throws Exception {
        put(JobState.RUNNING, Phase.LOADING, null);
        var view = RunningApi.json(api.get("/api/v1/jobs/last?waitMillis=50"));
        assertThat(view.get("state").asText()).isEqualTo("RUNNING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "30001", "1.5", "x", ""})
    void aWaitIsAWholeNumberUpToThirtySeconds(String millis) throws Exception {
        assertThat(api.get("/api/v1/jobs/last?waitMillis=" + millis).statusCode()).isEqualTo(400);
    }

    @Test
    void jobsComeNewestFirstInPages() throws Exception {
        for (var name : new String[] {"1", "2", "3"}) {
            create("{\"model\":\"purchases\",\"sourceName\":\"" + name + "\"}");
        }
        var first = RunningApi.json(api.get("/api/v1/jobs?limit=2"));
        assertThat(first.at("/items/0/source/name").asText()).isEqualTo("3");
        var cursor = first.get("next").asText();
        var second = RunningApi.json(api.get("/api/v1/jobs?limit=2&cursor=" + cursor));
        assertThat(second.at("/items/0/source/name").asText()).isEqualTo("1");
        assertThat(second.get("items")).hasSize(1);
        assertThat(second.get("next").isNull()).isTrue();
    }

    @Test
    void aJobThatIsFinalCannotBeCancelled() throws Exception {
        put(JobState.SUCCESS, Phase.PUBLISHED, null);
        var refused = api.send("POST", "/api/v1/jobs/last/cancel", "");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(RunningApi.json(refused).get("code").asText()).isEqualTo("JOB_NOT_CANCELLABLE");
    }

    private void reject() throws Exception {
        var job = put(JobState.PARTIAL_SUCCESS, Phase.PUBLISHED, null);
        var split = new SplitId(job.id(), 0, 0);
        var count = new RejectionCount(RejectionCode.OUT_OF_RANGE, "a", 2);
        api.catalog.ledger.add(
                new LedgerEntry(split, 1, "w1", 5, 50, new Digest(4, 1, 1), 1, List.of(count), 2));
        api.catalog.counts.add(count);
        api.objects.put(
                split.rejectionsName(),
                RejectionFile.write(
                        List.of(
                                new Rejection(
                                        0,
                                        7,
                                        "x,1",
                                        "a",
                                        "Int8",
                                        RejectionCode.OUT_OF_RANGE,
                                        "1\"000",
                                        "Line\nbreak",
                                        "x,1000\r"),
                                new Rejection(
                                        0,
                                        7,
                                        "é",
                                        "",
                                        "",
                                        RejectionCode.MISSING_COLUMN,
                                        "",
                                        "Plain",
                                        ""))));
    }

    @Test
    void rejectionsAreCsvWithQuotesWhereTheyAreNeeded() throws Exception {
        reject();
        var plain = api.get("/api/v1/jobs/last/rejections");
        assertThat(plain.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
        assertThat(plain.body())
                .isEqualTo(
                        """
                        ROW,EVENT_ID,COLUMN,TYPE,ERROR,OBSERVED,MESSAGE\r
                        7,"x,1",a,Int8,OUT_OF_RANGE,"1""000","Line
                        break"\r
                        7,é,,,MISSING_COLUMN,,Plain\r
                        """);
        assertThat(api.get("/api/v1/jobs/last/rejections?raw=true").body())
                .startsWith("ROW,EVENT_ID,COLUMN,TYPE,ERROR,OBSERVED,MESSAGE,RAW\r\n")
                .contains("break\",\"x,1000\r\"\r\n")
                .endsWith(",Plain,\r\n");
    }

    @Test
    void rejectionsAreJsonLinesForWhoAcceptsThem() throws Exception {
        reject();
        var lines =
                api.send(
                                api.request("/api/v1/jobs/last/rejections")
                                        .header("Accept", "application/x-ndjson"))
                        .body()
                        .split("\n", -1);
        assertThat(lines).hasSize(3).endsWith("");
        assertThat(lines[0])
                .isEqualTo(
                        "{\"row\":7,\"eventId\":\"x,1\",\"column\":\"a\",\"type\":\"Int8\","
                                + "\"error\":\"OUT_OF_RANGE\",\"observed\":\"1\\\"000\","
                                + "\"message\":\"Line\\nbreak\"}");
    }

    @Test
    void rejectionsAreCountedAndTheLedgerIsShown() throws Exception {
        reject();
        assertThat(api.get("/api/v1/jobs/last/rejections/summary").body())
                .isEqualTo(
                        "{\"items\":[{\"error\":\"OUT_OF_RANGE\",\"column\":\"a\",\"count\":2}]}");
        assertThat(api.get("/api/v1/jobs/last/splits").body())
                .isEqualTo(
                        "{\"items\":[{\"source\":0,\"number\":0,\"attempt\":1,\"worker\":\"w1\","
                                + "\"read\":5,\"bytesRead\":50,\"written\":4,\"rejected\":1}]}");
    }

    @Test
    void aRejectionsAnswerThatFailsHalfwayIsBrokenOff() throws Exception {
        reject();
        var whole = api.catalog.ledger.getFirst();
        var many = RejectionFile.read(api.object(whole.split().rejectionsName()));
        var lots = Collections.nCopies(20_000, many.getFirst());
        api.objects.put(whole.split().rejectionsName(), RejectionFile.write(lots));
        api.catalog.ledger.add(
                new LedgerEntry(
                        new SplitId(whole.split().job(), 0, 1),
                        1,
                        "w1",
                        0,
                        0,
                        Digest.EMPTY,
                        0,
                        List.of(),
                        1));
        assertThatThrownBy(() -> api.get("/api/v1/jobs/last/rejections"))
                .isInstanceOf(IOException.class);
    }

    private static long read(InputStream body) {
        return count(body, new AtomicLong());
    }

    private static long count(InputStream body, AtomicLong mostMemory) {
        var buffer = new byte[1 << 20];
        try {
            var total = 0L;
            for (int n; (n = body.read(buffer)) >= 0; ) {
                if (total >> 24 != (total + n) >> 24) {
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

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /// So many zero bytes.
    private static final class Zeros extends InputStream {
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
