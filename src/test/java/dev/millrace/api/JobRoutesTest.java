package dev.millrace.api;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.JobSample;
import dev.millrace.core.Cause;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Digest;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.JobTimes;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LedgerTotals;
import dev.millrace.core.Phase;
import dev.millrace.core.RejectedRecords;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.RejectionFile;
import dev.millrace.core.Source;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitId;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
                        new Dialect(';', '"'),
                        List.of("event_id", "a", "more"));
        var source =
                new Source(
                        0, "p.csv", job.source().options(), reading, 200, 150, 10, 99, null, null);
        var totals = new LedgerTotals(1, 5, 50, new Digest(4, 1, 1), 1, 100, 1);
        var changed =
                JobSample.like(job)
                        .at(state, phase)
                        .source(source)
                        .splits(2)
                        .ledger(totals)
                        .cause(cause)
                        .times(
                                new JobTimes(
                                        Instant.ofEpochSecond(100),
                                        Instant.ofEpochSecond(103),
                                        null,
                                        state.isFinal() ? Instant.ofEpochSecond(113) : null))
                        .job();
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
    void theFieldsOfASourceWithoutAHeaderAreTheModelsOrSaid() throws Exception {
        for (var said : List.of("*", " event_id ,amount")) {
            var body = "{\"model\": \"purchases\", \"columns\": \"%s\"}".formatted(said);
            var job = RunningApi.json(api.sendJson("POST", "/api/v1/jobs", body));
            ContractTest.assertDocumented("Job", job);
            assertThat(job.at("/source/columns")).isNotEmpty();
        }
        for (var wrong : List.of("", "a,", "a,b,a")) {
            var body = "{\"model\": \"purchases\", \"columns\": \"%s\"}".formatted(wrong);
            var refused = api.sendJson("POST", "/api/v1/jobs", body);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("INVALID_REQUEST", "'columns'");
        }
    }

    @Test
    void aJobIsShownWithItsCountsAndTimes() throws Exception {
        var job = put(JobState.RUNNING, Phase.LOADING, null);
        var view = RunningApi.json(api.get("/api/v1/jobs/" + job.id()));
        ContractTest.assertDocumented("Job", view);
        assertThat(view.get("rows").toString())
                .isEqualTo(
                        "{\"read\":5,\"written\":4,\"published\":0,"
                                + "\"rejected\":1,\"total\":10}");
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
    void rowsThatWereOnlyWrittenAsideAreNotShownAsPublished() throws Exception {
        put(JobState.FAILED, Phase.AUDITED, new Cause(ErrorCode.AUDIT_FAILED, "Why", null));
        assertThat(published()).isEqualTo("0");
        put(JobState.RUNNING, Phase.PUBLISHING, null);
        assertThat(published()).isEqualTo("null");
        put(JobState.FAILED, Phase.PUBLISHING, new Cause(ErrorCode.DISK_FULL, "Why", null));
        assertThat(published()).isEqualTo("0");
        var uncertain = new Cause(ErrorCode.PUBLISH_UNCERTAIN, "Why", null);
        put(JobState.FAILED, Phase.PUBLISHING, uncertain);
        assertThat(published()).isEqualTo("null");
        put(JobState.PARTIAL_SUCCESS, Phase.PUBLISHED, null);
        assertThat(published()).isEqualTo("4");
    }

    private String published() throws Exception {
        return RunningApi.json(api.get("/api/v1/jobs/last")).at("/rows/published").asText();
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
        api.catalog.put(JobSample.like(job).at(job.state(), Phase.SEALED).job());
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
                split.rejectionsName(1, 2),
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
                        "{\"items\":[{\"error\":\"OUT_OF_RANGE\",\"column\":\"a\",\"count\":2,"
                                + "\"examples\":[{\"row\":7,\"eventId\":\"x,1\","
                                + "\"observed\":\"1\\\"000\",\"message\":\"Line\\nbreak\"}]}]}");
        assertThat(api.get("/api/v1/jobs/last/splits").body())
                .isEqualTo(
                        "{\"items\":[{\"source\":0,\"number\":0,\"attempt\":1,\"worker\":\"w1\","
                                + "\"read\":5,\"bytesRead\":50,\"written\":4,\"rejected\":1}]}");
    }

    @Test
    void rejectedRowsComeAsAFileLikeTheirSource() throws Exception {
        reject();
        keepRecords(1, "x,1;000\r\n");
        var answer =
                api.client.send(
                        api.request("/api/v1/jobs/last/rejections/source").build(),
                        BodyHandlers.ofByteArray());
        assertThat(answer.body())
                .isEqualTo("\uFEFFevent_id;a;more\r\nx,1;000\r\n".getBytes(UTF_16BE));
        assertThat(answer.headers().firstValue("Millrace-Rows")).hasValue("1");
        assertThat(answer.headers().firstValue("Millrace-Rows-Omitted")).hasValue("0");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("text/csv; charset=utf-16be");
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .hasValue(
                        "attachment; filename=\"p.rejected.csv\";"
                                + " filename*=UTF-8''p.rejected.csv");
    }

    @Test
    void rejectedRowsThatWereTooManyToBeKeptAreCounted() throws Exception {
        reject();
        var all = api.catalog.ledger.getFirst();
        var count = new RejectionCount(RejectionCode.OUT_OF_RANGE, "a", 40);
        api.catalog.ledger.set(
                0,
                new LedgerEntry(
                        all.split(), 1, "w1", 44, 50, all.written(), 40, List.of(count), 2));
        keepRecords(2, "x;1000\n");
        var headers = api.get("/api/v1/jobs/last/rejections/source").headers();
        assertThat(headers.firstValue("Millrace-Rows")).hasValue("2");
        assertThat(headers.firstValue("Millrace-Rows-Omitted")).hasValue("38");
    }

    @Test
    void rejectedRowsThatWouldReadAsOthersAreNotGivenBack() throws Exception {
        reject();
        var all = api.catalog.ledger.getFirst();
        api.catalog.ledger.set(
                0, new LedgerEntry(all.split(), 1, "w1", 6, 50, all.written(), 2, all.counts(), 2));
        keepRecords(2, "\"x;1\n");
        var refused = api.get("/api/v1/jobs/last/rejections/source");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("REJECTIONS_INSEPARABLE", "2 rejected rows", "as 1");
    }

    @Test
    void rejectedRowsThatAreGoneAreSaidToBeGone() throws Exception {
        reject();
        var gone = api.get("/api/v1/jobs/last/rejections/source");
        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(RunningApi.json(gone).get("code").asText()).isEqualTo("REJECTIONS_GONE");
        api.objects.clear();
        assertThat(api.get("/api/v1/jobs/last/rejections/summary").body())
                .endsWith("\"count\":2,\"examples\":[]}]}");
    }

    @Test
    void aJobWhoseSourceHasNotBegunHasNoRejectedRows() throws Exception {
        create("{\"model\":\"purchases\"}");
        assertThat(api.get("/api/v1/jobs/last/rejections/source").statusCode()).isEqualTo(404);
    }

    private void keepRecords(int times, String text) {
        var records = new RejectedRecords.Builder();
        for (var i = 0; i < times; i++) {
            records.add(text.getBytes(UTF_8), 0, text.length());
        }
        var entry = api.catalog.ledger.getFirst();
        api.objects.put(entry.rejectedRecordsName(), records.build().object());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rounds.csv.gz|rounds.rejected.csv",
                "a/b\\c.TSV|c.rejected.TSV",
                "stdin|stdin.rejected.csv",
                ".csv|.csv.rejected.csv",
                "a.csv/|source.rejected.csv",
            })
    void aFileOfRejectedRowsIsNamedAfterItsSource(String source, String name) {
        assertThat(RejectedFileName.of(source).text()).isEqualTo(name);
    }

    @Test
    void anyNameIsSentSafely() {
        assertThat(RejectedFileName.of("Köln \"1\"*.csv").attachment())
                .isEqualTo(
                        "attachment; filename=\"K_ln _1__.rejected.csv\";"
                                + " filename*=UTF-8''K%C3%B6ln%20%221%22%2A.rejected.csv");
    }

    @Test
    void aRejectionsAnswerThatFailsHalfwayIsBrokenOff() throws Exception {
        reject();
        var whole = api.catalog.ledger.getFirst();
        var many = RejectionFile.read(api.object(whole.rejectionsName()));
        var lots = Collections.nCopies(20_000, many.getFirst());
        var large =
                new LedgerEntry(
                        whole.split(),
                        1,
                        "w1",
                        5,
                        50,
                        whole.written(),
                        1,
                        whole.counts(),
                        lots.size());
        api.catalog.ledger.set(0, large);
        api.objects.put(large.rejectionsName(), RejectionFile.write(lots));
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
}
