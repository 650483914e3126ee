package dev.millrace.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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

    private final MeterProvider<Counter> requests;
    private final MeterProvider<Timer> durations;
    private final AtomicInteger streams = new AtomicInteger();

    RequestSeries(MeterRegistry registry) {
        requests =
                Counter.builder("millrace.http.requests")
                        .description("HTTP requests whose answer has ended")
                        .withRegistry(registry);
        durations =
                Timer.builder("millrace.http.request.duration")
                        .description("How long HTTP requests took that were not to wait")
                        .serviceLevelObjectives(BUCKETS)
                        .withRegistry(registry);
        Gauge.builder("millrace.http.streams", streams, AtomicInteger::get)
                .description("Streams of events that are open")
                .register(registry);
    }

    void answered(String method, String route, int status, @Nullable Duration took) {
        var labels =
                Tags.of(
                        "route", route.isEmpty() ? OTHER : route,
                        "method", METHODS.contains(method) ? method : OTHER,
                        "status", label(status));
        requests.withTags(labels).increment();
        if (took != null) {
            durations.withTags(labels).record(took);
        }
    }

    private static String label(int status) {
        if (status == 0) {
            return "broken";
        }
        return status >= 100 && status < 600 ? status / 100 + "xx" : OTHER;
    }

    void streams(int more) {
        streams.addAndGet(more);
    }
}
