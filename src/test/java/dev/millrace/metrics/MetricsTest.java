package dev.millrace.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Exposition;
import dev.millrace.core.Backlog;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LoadMetrics.SplitEnd;
import dev.millrace.core.LoadMetrics.Stage;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.SplitId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is shown of what was counted, and of a catalog that answers or does not.
class MetricsTest {
    private static final Backlog BACKLOG =
            new Backlog(
                    3,
                    2,
                    new Backlog.Splits(70, 7_000),
                    new Backlog.Splits(60, 6_000),
                    new Backlog.Splits(4, 400),
                    Duration.ofMillis(12_345));

    private static Exposition shown(Metrics metrics) {
        return Exposition.parse(metrics.text());
    }

    private static Metrics metrics(Supplier<Backlog> catalog) {
        return new Metrics(() -> {}, catalog);
    }

    private static LedgerEntry entry(RejectionCount... counts) {
        return new LedgerEntry(
                new SplitId(new JobId(UUID.randomUUID()), 0, 0),
                1,
                "w",
                10,
                100,
                new Digest(7, 1, 1),
                3,
                List.of(counts),
                3);
    }

    @Test
    void whatIsCountedIsThereAtZeroFromTheBeginning() {
        try (var metrics = metrics(() -> BACKLOG)) {
            var shown = shown(metrics);
            for (var code : RejectionCode.values()) {
                assertThat(shown.of("millrace_rejections_total{code=\"%s\"}".formatted(code)))
                        .isZero();
            }
            for (var stage : Stage.values()) {
                assertThat(
                                shown.of(
                                        "millrace_stage_duration_seconds_count{stage=\"%s\"}"
                                                .formatted(lowerCase(stage))))
                        .isZero();
            }
            assertThat(shown.samples().keySet())
                    .contains("millrace_jobs_ended_total{state=\"CANCELLED\"}")
                    .doesNotContain("millrace_jobs_ended_total{state=\"RUNNING\"}");
            assertThat(shown.sum("millrace_rows_read_total")).isZero();
        }
    }

    private static String lowerCase(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    @Test
    void aSplitCountsItsRowsItsBytesAndEveryProblemByItsCode() {
        try (var metrics = metrics(() -> BACKLOG)) {
            metrics.loads().splitTaken();
            metrics.loads().splitTaken();
            metrics.loads()
                    .recorded(
                            entry(
                                    new RejectionCount(RejectionCode.NULL_VALUE, "a", 2),
                                    new RejectionCount(RejectionCode.NULL_VALUE, "b", 1),
                                    new RejectionCount(RejectionCode.OUT_OF_RANGE, "a", 1)));
            metrics.loads().splitEnded(SplitEnd.PAUSED);
            metrics.loads().splitEnded(SplitEnd.LOADED);
            metrics.loads().splitLeft();

            var shown = shown(metrics);

            assertThat(shown.of("millrace_rows_read_total")).isEqualTo(10);
            assertThat(shown.of("millrace_rows_written_total")).isEqualTo(7);
            assertThat(shown.of("millrace_rows_rejected_total")).isEqualTo(3);
            assertThat(shown.of("millrace_read_bytes_total")).isEqualTo(100);
            assertThat(shown.of("millrace_rejections_total{code=\"NULL_VALUE\"}")).isEqualTo(3);
            assertThat(shown.of("millrace_rejections_total{code=\"OUT_OF_RANGE\"}")).isEqualTo(1);
            assertThat(shown.sum("millrace_rejections_total")).isEqualTo(4);
            assertThat(shown.of("millrace_splits_running")).isEqualTo(1);
            assertThat(shown.of("millrace_split_starts_total{outcome=\"loaded\"}")).isEqualTo(1);
        }
    }

    @Test
    void aStageIsInTheBucketsThatItFits() {
        try (var metrics = metrics(() -> BACKLOG)) {
            metrics.loads().took(Stage.AUDIT, TimeUnit.MILLISECONDS.toNanos(7));
            metrics.loads().took(Stage.AUDIT, TimeUnit.MINUTES.toNanos(6));

            var shown = shown(metrics);

            assertThat(shown.of(bucket("0.005"))).isZero();
            assertThat(shown.of(bucket("0.01"))).isEqualTo(1);
            assertThat(shown.of(bucket("300.0"))).isEqualTo(1);
            assertThat(shown.of(bucket("+Inf"))).isEqualTo(2);
            assertThat(shown.of("millrace_stage_duration_seconds_sum{stage=\"audit\"}"))
                    .isEqualTo(360.007);
        }
    }

    private static String bucket(String most) {
        return "millrace_stage_duration_seconds_bucket{le=\"%s\",stage=\"audit\"}".formatted(most);
    }

    @Test
    void theBacklogIsTheCatalogs() {
        try (var metrics = metrics(() -> BACKLOG)) {
            var shown = shown(metrics);
            assertThat(shown.of("millrace_catalog_up")).isEqualTo(1);
            assertThat(shown.of("millrace_backlog_known")).isEqualTo(1);
            assertThat(shown.of("millrace_backlog_jobs{state=\"PENDING\"}")).isEqualTo(3);
            assertThat(shown.of("millrace_backlog_jobs{state=\"RUNNING\"}")).isEqualTo(2);
            assertThat(shown.of("millrace_backlog_splits{state=\"waiting\"}")).isEqualTo(70);
            assertThat(shown.of("millrace_backlog_splits{state=\"announced\"}")).isEqualTo(60);
            assertThat(shown.of("millrace_backlog_splits{state=\"running\"}")).isEqualTo(4);
            assertThat(shown.sum("millrace_backlog_bytes")).isEqualTo(13_400);
            assertThat(shown.of("millrace_backlog_lag_seconds")).isEqualTo(12.345);
        }
    }

    @Test
    void aCatalogThatFailsIsSaidAndHidesNothingElse() {
        Runnable away =
                () -> {
                    throw new MillraceException(ErrorCode.CATALOG_UNAVAILABLE, "gone");
                };
        try (var metrics = new Metrics(away, () -> BACKLOG)) {
            metrics.loads().jobEnded(JobState.SUCCESS);

            var shown = shown(metrics);

            assertThat(shown.of("millrace_catalog_up")).isZero();
            assertThat(backlogOf(shown)).containsExactly("millrace_backlog_known");
            assertThat(shown.of("millrace_backlog_known")).isZero();
            assertThat(shown.of("millrace_jobs_ended_total{state=\"SUCCESS\"}")).isEqualTo(1);
        }
    }

    private static List<String> backlogOf(Exposition shown) {
        return shown.names().stream().filter(n -> n.startsWith("millrace_backlog_")).toList();
    }

    @Test
    void aCatalogThatIsTooSlowToSayItsBacklogIsNotAway() {
        Supplier<Backlog> slow =
                () -> {
                    throw new MillraceException(
                            ErrorCode.CATALOG_UNAVAILABLE, "canceling statement due to timeout");
                };
        try (var metrics = metrics(slow)) {
            var shown = shown(metrics);

            assertThat(shown.of("millrace_catalog_up")).isEqualTo(1);
            assertThat(backlogOf(shown)).containsExactly("millrace_backlog_known");
            assertThat(shown.of("millrace_backlog_known")).isZero();
        }
    }

    @Test
    void aCatalogThatHangsHoldsALookUpForALimitedTimeAndIsAskedOnce() throws Exception {
        var asked = new AtomicInteger();
        var answers = new CountDownLatch(1);
        Supplier<Backlog> hanging =
                () -> {
                    asked.incrementAndGet();
                    try {
                        answers.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return BACKLOG;
                };
        try (var reading =
                new Reading<>("it", hanging, Duration.ofMillis(100), Duration.ofMinutes(1))) {
            var begin = System.nanoTime();
            assertThat(reading.look()).isEmpty();
            assertThat(reading.look()).isEmpty();
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(10));
            answers.countDown();
            var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (reading.look().isEmpty() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(reading.look()).hasValue(BACKLOG);
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void anAnswerIsGoodForAWhileAndThenAskedForAgain() {
        var asked = new AtomicInteger();
        Supplier<Integer> counting = asked::incrementAndGet;
        try (var lasting =
                        new Reading<>(
                                "it", counting, Duration.ofSeconds(10), Duration.ofMinutes(1));
                var passing =
                        new Reading<>("it", counting, Duration.ofSeconds(10), Duration.ZERO)) {
            assertThat(lasting.look()).hasValue(1);
            assertThat(lasting.look()).hasValue(1);
            assertThat(passing.look()).hasValue(2);
            assertThat(passing.look()).hasValue(3);
        }
    }

    @Test
    void whateverClientsSendTheSeriesOfRequestsStayFew() {
        try (var metrics = metrics(() -> BACKLOG)) {
            IntStream.range(0, 100)
                    .forEach(i -> metrics.answered("VERB" + i, "", 400 + i, Duration.ofMillis(i)));
            metrics.answered("GET", "/api/v1/jobs/{job}", 200, Duration.ofMillis(30));

            var shown = shown(metrics);

            var count = "millrace_http_request_duration_seconds_count";
            assertThat(shown.of(count + "{method=\"other\",route=\"other\",status=\"4xx\"}"))
                    .isEqualTo(100);
            assertThat(
                            shown.of(
                                    count
                                            + "{method=\"GET\",route=\"/api/v1/jobs/{job}\",status=\"2xx\"}"))
                    .isEqualTo(1);
            assertThat(shown.sum(count)).isEqualTo(101);
            assertThat(shown.sum("millrace_http_requests_total")).isEqualTo(101);
        }
    }

    @Test
    void requestsThatWaitAndAnswersThatBreakOffAreCountedAsSuch() {
        try (var metrics = metrics(() -> BACKLOG)) {
            metrics.answered("GET", "/api/v1/jobs/{job}", 200, null);
            metrics.answered("POST", "/api/v1/sql", 0, Duration.ofMillis(30));
            metrics.streams(1);
            metrics.streams(1);
            metrics.streams(-1);

            var shown = shown(metrics);

            assertThat(shown.sum("millrace_http_requests_total")).isEqualTo(2);
            assertThat(
                            shown.of(
                                    "millrace_http_request_duration_seconds_count{method=\"POST\",route=\"/api/v1/sql\",status=\"broken\"}"))
                    .isEqualTo(1);
            assertThat(shown.sum("millrace_http_request_duration_seconds_count")).isEqualTo(1);
            assertThat(shown.of("millrace_http_streams")).isEqualTo(1);
        }
    }

    @Test
    void theJvmIsShownToo() {
        try (var metrics = metrics(() -> BACKLOG)) {
            assertThat(shown(metrics).names())
                    .contains(
                            "jvm_memory_used_bytes",
                            "jvm_memory_max_bytes",
                            "jvm_threads_live_threads",
                            "process_cpu_usage",
                            "process_uptime_seconds",
                            "process_files_open_files");
        }
    }
}
