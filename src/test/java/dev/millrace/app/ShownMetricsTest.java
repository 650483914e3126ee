package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Exposition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a server and a worker show of real loads, each in a process of its own.
class ShownMetricsTest {
    private static final Pattern SHOWN = Pattern.compile("Metrics at (http://\\S+)");
    private static final Pattern SERVED = Pattern.compile("serves at (http://\\S+)");

    /// Three good rows, one with a problem, one with two.
    private static final byte[] FILE =
            "a,b\n1,2\n3,4\n256,5\nx,y\n5,6\n".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private Site site;
    private Site.Server server;
    private ApiClient api;

    @BeforeEach
    void serve() throws Exception {
        site = new Site(folder);
        server = site.serve(Map.of());
        api = server.api();
        api.createModel("pairs", "{\"a\": \"UInt8\", \"b\": \"UInt8\"}");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private String load() throws Exception {
        var job = api.createJob("pairs", "");
        assertThat(api.upload(job, FILE)).isEqualTo(202);
        return job;
    }

    /// What a process shows, once it shows what is waited for.
    private Exposition shown(Program program, Predicate<Exposition> awaited) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            var shown = Exposition.parse(text(url(program)));
            if (awaited.test(shown)) {
                return shown;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError(shown.samples());
            }
        }
    }

    private static String url(Program program) throws Exception {
        var served = SERVED.matcher(program.output());
        if (served.find()) {
            return served.group(1) + "/metrics";
        }
        var shown = SHOWN.matcher(program.awaitLine("Metrics at"));
        assertThat(shown.find()).isTrue();
        return shown.group(1);
    }

    private String text(String url) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20));
        var answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .isEqualToIgnoringCase("text/plain; version=0.0.4; charset=utf-8");
        return answer.body();
    }

    private static double stage(Exposition shown, String stage) {
        return shown.of("millrace_stage_duration_seconds_count{stage=\"%s\"}".formatted(stage));
    }

    @Test
    void everyRowOfALoadIsCountedByTheWorkerAndEveryStepByWhoeverTookIt() throws Exception {
        var worker = site.work("counting", Map.of());
        var job = api.awaitFinal(load());
        assertThat(job.get("state").asText()).isEqualTo("PARTIAL_SUCCESS");

        var loaded =
                shown(worker, s -> s.of("millrace_split_starts_total{outcome=\"loaded\"}") == 1);
        assertThat(loaded.of("millrace_rows_read_total")).isEqualTo(5);
        assertThat(loaded.of("millrace_rows_written_total")).isEqualTo(3);
        assertThat(loaded.of("millrace_rows_rejected_total")).isEqualTo(2);
        assertThat(loaded.of("millrace_rejections_total{code=\"OUT_OF_RANGE\"}")).isEqualTo(1);
        assertThat(loaded.of("millrace_rejections_total{code=\"NOT_AN_INTEGER\"}")).isEqualTo(2);
        assertThat(loaded.sum("millrace_rejections_total")).isEqualTo(3);
        assertThat(loaded.of("millrace_read_bytes_total")).isEqualTo(FILE.length - 4);
        assertThat(loaded.sum("millrace_split_starts_total")).isEqualTo(1);
        assertThat(loaded.of("millrace_splits_running")).isZero();
        for (var stage : new String[] {"fetch", "validate", "write", "reject", "record"}) {
            assertThat(stage(loaded, stage)).as(stage).isEqualTo(1);
        }

        var served =
                shown(
                        server.program(),
                        s -> s.of("millrace_jobs_ended_total{state=\"PARTIAL_SUCCESS\"}") == 1);
        assertThat(served.of("millrace_received_bytes_total")).isEqualTo(FILE.length);
        assertThat(served.of("millrace_splits_cut_total")).isEqualTo(1);
        assertThat(served.of("millrace_uploads")).isZero();
        assertThat(served.sum("millrace_jobs_ended_total")).isEqualTo(1);
        for (var stage : new String[] {"store", "seal", "audit", "mirror", "publish"}) {
            assertThat(stage(served, stage)).as(stage).isEqualTo(1);
        }
        assertThat(served.sum("millrace_rows_read_total")).isZero();
        assertThat(
                        served.of(
                                "millrace_http_request_duration_seconds_count{method=\"PUT\",route=\"/api/v1/jobs/{job}/source\",status=\"2xx\"}"))
                .isEqualTo(1);
    }

    @Test
    void splitsThatNobodyLoadsAreABacklogThatAgesUntilAWorkerComes() throws Exception {
        var job = load();
        var idle =
                shown(
                        server.program(),
                        s ->
                                s.sum("millrace_backlog_splits") == 1
                                        && s.sum("millrace_backlog_lag_seconds") > 1);
        assertThat(idle.of("millrace_catalog_up")).isEqualTo(1);
        assertThat(idle.sum("millrace_backlog_bytes")).isEqualTo(FILE.length - 4);
        assertThat(idle.of("millrace_backlog_jobs{state=\"PENDING\"}")).isEqualTo(1);

        var worker = site.work("late", Map.of());
        api.awaitFinal(job);

        var done = shown(worker, s -> s.sum("millrace_backlog_splits") == 0);
        assertThat(done.sum("millrace_backlog_lag_seconds")).isZero();
        assertThat(done.sum("millrace_rows_read_total")).isEqualTo(5);
    }

    @Test
    void aSplitThatIsTriedInVainAndTheJobThatItFailsAreCounted() throws Exception {
        var job = load();
        site.sql("update split set starts = 4");
        damageSplits();

        var worker = site.work("unlucky", Map.of());

        assertThat(api.awaitFinal(job).at("/cause/code").asText()).isEqualTo("SPLIT_FAILED");
        var loaded = shown(worker, s -> s.of("millrace_splits_running") == 0);
        assertThat(loaded.of("millrace_splits_failed_total")).isEqualTo(1);
        assertThat(loaded.of("millrace_split_starts_total{outcome=\"failed\"}")).isEqualTo(1);
        assertThat(loaded.sum("millrace_split_starts_total")).isEqualTo(1);
        assertThat(loaded.sum("millrace_rows_read_total")).isZero();
        var served =
                shown(
                        server.program(),
                        s -> s.of("millrace_jobs_ended_total{state=\"FAILED\"}") == 1);
        assertThat(stage(served, "publish")).isZero();
    }

    /// Puts something else where splits are stored.
    private void damageSplits() throws IOException {
        try (var files = Files.walk(folder.resolve("data/store/splits"))) {
            for (var split : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(split, "damaged");
            }
        }
    }

    @Test
    void everyWorkerOfAMachineHasAPortOfItsOwn() throws Exception {
        var first = site.work("first", Map.of());
        var port = String.valueOf(URI.create(url(first)).getPort());
        var second = site.work("second", Map.of("MILLRACE_METRICS_PORT", "", "METRICS_PORT", port));

        assertThat(URI.create(url(second)).getPort())
                .isBetween(Integer.parseInt(port) + 1, Integer.parseInt(port) + 100);
        for (var program : new Program[] {first, second}) {
            shown(program, s -> s.of("millrace_splits_running") == 0);
        }
    }
}
