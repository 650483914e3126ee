package dev.millrace.metrics;

import dev.millrace.core.Backlog;
import dev.millrace.core.JobState;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What the catalog says when somebody looks, the same for every process. Whether it answers at all
/// and what is left to do are two questions: a catalog that is slow is not away. What it does not
/// tell is absent, and not zero. Thread-safe.
final class BacklogSeries implements MultiCollector, AutoCloseable {
    private final Reading<Boolean> check;
    private final Reading<Backlog> backlog;

    /// @param check returns when the catalog answers, and throws when it does not
    BacklogSeries(Runnable check, Supplier<Backlog> backlog) {
        this.check =
                new Reading<>(
                        "catalog",
                        () -> {
                            check.run();
                            return true;
                        });
        this.backlog = new Reading<>("backlog", backlog);
    }

    @Override
    public MetricSnapshots collect() {
        var up = check.look().isPresent();
        var found = up ? backlog.look() : Optional.<Backlog>empty();
        var series = MetricSnapshots.builder();
        series.metricSnapshot(
                gauge(
                        "millrace_catalog_up",
                        "Whether the catalog answers; 0 when it did not within two seconds",
                        point(up ? 1 : 0)));
        series.metricSnapshot(
                gauge(
                        "millrace_backlog_known",
                        "Whether the catalog said within two seconds what is left to do",
                        point(found.isPresent() ? 1 : 0)));
        found.ifPresent(known -> add(known, series));
        return series.build();
    }

    private static void add(Backlog backlog, MetricSnapshots.Builder series) {
        var waiting = backlog.waiting();
        var announced = backlog.announced();
        var running = backlog.running();
        series.metricSnapshot(
                        gauge(
                                "millrace_backlog_jobs",
                                "Jobs that have not ended",
                                point(backlog.pendingJobs(), "state", JobState.PENDING.name()),
                                point(backlog.runningJobs(), "state", JobState.RUNNING.name())))
                .metricSnapshot(
                        gauge(
                                "millrace_backlog_splits",
                                "Splits without a ledger entry, of jobs that load",
                                point(waiting.count(), "state", "waiting"),
                                point(announced.count(), "state", "announced"),
                                point(running.count(), "state", "running")))
                .metricSnapshot(
                        gauge(
                                "millrace_backlog_bytes",
                                "Bytes of splits without a ledger entry, in UTF-8",
                                point(waiting.bytes(), "state", "waiting"),
                                point(announced.bytes(), "state", "announced"),
                                point(running.bytes(), "state", "running")))
                .metricSnapshot(
                        gauge(
                                "millrace_backlog_lag_seconds",
                                "How long ago the oldest split without a ledger entry was stored",
                                point(backlog.lag().toMillis() / 1e3)));
    }

    private static GaugeSnapshot gauge(String name, String help, GaugeDataPointSnapshot... points) {
        return new GaugeSnapshot(new MetricMetadata(name, help), List.of(points));
    }

    /// @param labels names and values in turn
    private static GaugeDataPointSnapshot point(Number value, String... labels) {
        return new GaugeDataPointSnapshot(value.doubleValue(), Labels.of(labels), null);
    }

    @Override
    public void close() {
        check.close();
        backlog.close();
    }
}
