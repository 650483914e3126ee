package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobState;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

    /// A page whose name was made to lead to this machine asks with that name.
    @Test
    void onLoopbackMetricsUnderAnotherNameNeedAToken() throws Exception {
        try (var api = on("127.0.0.1")) {
            var port = ":" + api.api().port();
            assertThat(status(api, "evil.example" + port)).isEqualTo(401);
            assertThat(status(api, "localhost.evil.example")).isEqualTo(401);
            for (var own : List.of("localhost" + port, "127.0.0.1" + port, "[::1]" + port)) {
                assertThat(status(api, own)).as(own).isEqualTo(200);
            }
        }
    }

    /// The JDK's client does not let its user say the host.
    private static int status(RunningApi api, String host) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.api().port())) {
            var request =
                    "GET /metrics HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(host);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }

    @Test
    void anAnswerThatFailsAfterItsBeginIsCountedAsBroken() throws Exception {
        try (var api = on("127.0.0.1")) {
            api.engine =
                    (_, _, out) -> {
                        RunningApi.write(out, "x".repeat(1 << 20));
                        throw new MillraceException(ErrorCode.QUERY_REFUSED, "Out of memory");
                    };
            assertThatThrownBy(() -> api.send("POST", "/api/v1/sql", "SELECT"))
                    .isInstanceOf(IOException.class);
            assertThat(counted(api, 1)).containsExactly("POST /api/v1/sql 0");
        }
    }

    @Test
    void requestsThatAreToWaitAreCountedButNotTimed() throws Exception {
        try (var api = on("127.0.0.1")) {
            api.sendJson("POST", "/api/v1/models", "{\"name\":\"m\",\"schema\":{\"a\":\"Int8\"}}");
            api.sendJson("POST", "/api/v1/jobs", "{\"model\":\"m\"}");
            api.get("/api/v1/jobs/last?waitMillis=1");
            var job = api.catalog.jobs.getFirst();
            api.catalog.put(FakeJob.later(job, JobState.SUCCESS, Phase.PUBLISHED, 7));
            api.get("/api/v1/jobs/last/events");
            assertThat(counted(api, 4))
                    .containsExactlyInAnyOrder(
                            "POST /api/v1/models 201",
                            "POST /api/v1/jobs 201",
                            "GET /api/v1/jobs/{job} 200 untimed",
                            "GET /api/v1/jobs/{job}/events 200 untimed");
            assertThat(api.streams).hasValue(0);
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
