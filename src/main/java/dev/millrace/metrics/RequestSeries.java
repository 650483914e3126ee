package dev.millrace.metrics;

import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;

/// HTTP requests by route, method and class of status: labels with few values, whatever clients
/// send. Thread-safe.
final class RequestSeries {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final String OTHER = "other";

    /// Fewer than a stage has: every route has as many.
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5)
    };

    private final MeterProvider<Timer> durations;

    RequestSeries(MeterRegistry registry) {
        durations =
                Timer.builder("millrace.http.request.duration")
                        .description("How long HTTP requests took, until their answer's end")
                        .serviceLevelObjectives(BUCKETS)
                        .withRegistry(registry);
    }

    void answered(String method, String route, int status, Duration took) {
        durations
                .withTags(
                        "route", route.isEmpty() ? OTHER : route,
                        "method", METHODS.contains(method) ? method : OTHER,
                        "status", status >= 100 && status < 600 ? status / 100 + "xx" : OTHER)
                .record(took);
    }
}
