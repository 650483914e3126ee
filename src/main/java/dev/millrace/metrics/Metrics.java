package dev.millrace.metrics;

import dev.millrace.core.Backlog;
import dev.millrace.core.LoadMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The metrics of one process: what it counts, what the catalog says, and how its JVM is. Their
/// names and meanings are in `docs/metrics.md`. Every series whose labels are known beforehand is
/// there from the beginning, at zero. Thread-safe.
public final class Metrics implements AutoCloseable {
    /// The media type of [#text]: Prometheus' text format 0.0.4.
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
                    .throwExceptionOnRegistrationFailure();

    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final BacklogSeries backlogSeries;
    private final LoadSeries loads;
    private final RequestSeries requests;

    /// @param check asks whether the catalog answers, and throws when it does not
    /// @param backlog asks it what is left to do; each is waited for two seconds at most, when
    ///   somebody looks
    public Metrics(Runnable check, Supplier<Backlog> backlog) {
        List.<MeterBinder>of(
                        new JvmMemoryMetrics(),
                        collections,
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(binder -> binder.bindTo(registry));
        loads = new LoadSeries(registry);
        requests = new RequestSeries(registry);
        backlogSeries = new BacklogSeries(check, backlog);
        registry.getPrometheusRegistry().register(backlogSeries);
    }

    /// What the flows tell of their loads.
    public LoadMetrics loads() {
        return loads;
    }

    /// Counts an HTTP request that was answered.
    ///
    /// @param method as the client wrote it
    /// @param route the path as the contract writes it, or empty when there is no such route
    /// @param status the answer's status; 0 when it failed after it had begun
    /// @param took from the request's begin to the answer's end; null when it was to wait for
    ///   something, so that it says nothing of the server
    public void answered(String method, String route, int status, @Nullable Duration took) {
        requests.answered(method, route, status, took);
    }

    /// Counts the streams of events that are open.
    ///
    /// @param more how many more there are: 1, or -1
    public void streams(int more) {
        requests.streams(more);
    }

    /// Everything as it is now, in [#CONTENT_TYPE].
    public String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        backlogSeries.close();
        registry.close();
    }
}
