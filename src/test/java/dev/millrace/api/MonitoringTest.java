package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Who may see the metrics, and which requests are counted as what.
class MonitoringTest {
    private static RunningApi on(String host) {
        return new RunningApi(new ApiSettings(host, 0, RunningApi.SECRET, Duration.ofSeconds(10)))
                .start();
    }

    @Test
    void onLoopbackMetricsNeedNoToken() throws Exception {
        try (var api = on("127.0.0.1")) {
            var answer = api.send(api.anonymous("/metrics"));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("metrics 1\n");
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type ->
                            assertThat(type)
                                    .isEqualToIgnoringCase(
                                            "text/plain; version=0.0.4; charset=utf-8"));
        }
    }

    @Test
    void offLoopbackMetricsNeedAToken() throws Exception {
        try (var api = on("0.0.0.0")) {
            var refused = api.send(api.anonymous("/metrics"));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).doesNotContain("metrics 1");
            assertThat(api.get("/metrics").body()).isEqualTo("metrics 1\n");
        }
    }

    @Test
    void everyRequestIsCountedOnceByItsRouteWhateverItsPath() throws Exception {
        try (var api = on("127.0.0.1")) {
            api.get("/api/v1/jobs/00000000");
            api.get("/api/v1/models/none");
            api.send(api.anonymous("/api/v1/jobs"));
            api.get("/nothing/here");
            api.get("/health");
            assertThat(counted(api, 5))
                    .containsExactlyInAnyOrder(
                            "GET /api/v1/jobs/{job} 404",
                            "GET /api/v1/models/{model} 404",
                            "GET /api/v1/jobs 401",
                            "GET  404",
                            "GET /health 200");
        }
    }

    /// A request is counted when its answer has gone, so the client may be earlier.
    private static List<String> counted(RunningApi api, int requests) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (api.answered.size() < requests && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return List.copyOf(api.answered);
    }
}
