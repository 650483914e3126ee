package dev.millrace.jobs;

import dev.millrace.core.Catalog;
import dev.millrace.core.JobId;
import dev.millrace.core.Kept;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Remains;
import dev.millrace.core.Sink;
import dev.millrace.core.Split;
import dev.millrace.core.SplitId;
import dev.millrace.core.Store;
import dev.millrace.core.Sweep;
import dev.millrace.core.Sweep.Found;
import dev.millrace.core.Sweep.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what is kept of jobs once its period has passed, and what a crash left behind. One
/// process at a time does it. Thread-safe.
///
/// Only what belongs to a job that this catalog knows is removed: whatever else lies in the staging
/// database or in the store may be another Millrace's, and is reported for a person to judge.
public final class Sweeps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeps.class);

    /// The jobs that one sweep deals with for each kind; the next goes on.
    private static final int MOST_JOBS = 1000;

    /// An owner that was cut off in the middle of its last step is over by then.
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(2);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /// No table is called so.
    private static final String LOCK = "the sweep";

    private final Catalog catalog;
    private final Store store;
    private final Sink sink;
    private final Retention retention;
    private final Duration every;
    private final Thread sweeper;
    private volatile boolean closed;

    /// @param every the pause between two sweeps of a process
    public Sweeps(Catalog catalog, Store store, Sink sink, Retention retention, Duration every) {
        this.catalog = catalog;
        this.store = store;
        this.sink = sink;
        this.retention = retention;
        this.every = every;
        this.sweeper = Thread.ofVirtual().name("sweep").unstarted(this::sweepNowAndThen);
    }

    /// Begins to sweep, half a minute from now and then every time.
    public void start() {
        sweeper.start();
    }

    private void sweepNowAndThen() {
        Pause.of(FIRST.compareTo(every) < 0 ? FIRST : every);
        while (!closed) {
            try {
                run();
            } catch (MillraceException e) {
                LOG.info("sweep=put off code={} what={}", e.code(), e.what());
            } catch (RuntimeException e) {
                LOG.error("sweep=failed", e);
            }
            Pause.of(every);
        }
    }

    /// The last sweeps, newest first.
    public List<Sweep> list(int limit) {
        return catalog.history().sweeps(limit);
    }

    /// Sweeps now.
    ///
    /// @throws MillraceException CATALOG_UNAVAILABLE when another process sweeps at this moment, or
    ///   what an engine throws that does not answer: what was done until then is done
    public Sweep run() {
        var done = new AtomicReference<@Nullable Sweep>();
        catalog.locked(LOCK, LOCK_LIMIT, () -> done.set(sweep()));
        return Objects.requireNonNull(done.get());
    }

    private Sweep sweep() {
        var report = new Report();
        for (var what : Kept.values()) {
            expire(what, report);
        }
        answers(report);
        staging(report);
        objects("splits/", Kind.LEFT_SPLITS, Kind.UNKNOWN_SPLITS, Remains::splits, report);
        objects(
                "rejections/",
                Kind.LEFT_REJECTIONS,
                Kind.UNKNOWN_REJECTIONS,
                Remains::rejections,
                report);
        var sweep = catalog.history().record(report.sweep());
        if (!sweep.found().isEmpty()) {
            var counts =
                    sweep.found().stream()
                            .collect(Collectors.groupingBy(Found::kind, Collectors.counting()));
            LOG.info("sweep=done found={} more={}", counts, sweep.more());
        }
        return sweep;
    }

    private void expire(Kept what, Report report) {
        var jobs = catalog.history().expired(what, retention.of(what), MOST_JOBS);
        if (jobs.isEmpty()) {
            return;
        }
        if (what == Kept.REJECTIONS) {
            sink.unmirror(Set.copyOf(jobs));
        }
        for (var job : jobs) {
            var kind =
                    switch (what) {
                        case SPLITS -> {
                            store.delete(Split.prefix(job));
                            yield Kind.EXPIRED_SPLITS;
                        }
                        case REPLACED -> {
                            sink.forget(job);
                            yield Kind.EXPIRED_REPLACED;
                        }
                        case REJECTIONS -> {
                            store.delete(SplitId.rejectionsPrefix(job));
                            yield Kind.EXPIRED_REJECTIONS;
                        }
                        case HISTORY -> Kind.EXPIRED_HISTORY;
                    };
            catalog.history().gone(job, what);
            report.found(kind, job, "", true);
        }
    }

    private void answers(Report report) {
        var forgotten = catalog.answers().expire(retention.answers());
        if (forgotten > 0) {
            report.removed(Kind.EXPIRED_ANSWERS, forgotten);
        }
    }

    private void staging(Report report) {
        var asides = sink.asides();
        var remains = remains(asides.stream().map(Sink.Aside::job).collect(Collectors.toSet()));
        var discarded = new HashSet<JobId>();
        var forgotten = new HashSet<JobId>();
        for (var aside : asides) {
            var of = remains.get(aside.job());
            if (of == null) {
                report.found(Kind.UNKNOWN_STAGING, aside.job(), aside.name(), false);
            } else if (of.ended() && !(aside.replaced() && of.replaced())) {
                report.found(Kind.LEFT_STAGING, aside.job(), aside.name(), true);
                (aside.replaced() ? forgotten : discarded).add(aside.job());
            }
        }
        discarded.forEach(sink::discard);
        forgotten.forEach(sink::forget);
    }

    private void objects(
            String prefix, Kind left, Kind unknown, Predicate<Remains> isKept, Report report) {
        var jobs = new HashSet<JobId>();
        for (var child : store.children(prefix)) {
            var job = job(child);
            if (job == null) {
                report.unknown(unknown, prefix + child);
            } else {
                jobs.add(job);
            }
        }
        var remains = remains(jobs);
        for (var job : jobs) {
            var of = remains.get(job);
            var name = prefix + job.uuid() + "/";
            if (of == null) {
                report.found(unknown, job, name, false);
            } else if (of.ended() && !isKept.test(of)) {
                store.delete(name);
                report.found(left, job, name, true);
            }
        }
    }

    private static @Nullable JobId job(String child) {
        try {
            return child.endsWith("/")
                    ? new JobId(UUID.fromString(child.substring(0, child.length() - 1)))
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Map<JobId, Remains> remains(Set<JobId> jobs) {
        return jobs.isEmpty() ? Map.of() : catalog.history().remains(jobs, SETTLED);
    }

    /// Stops sweeping.
    @Override
    public void close() {
        closed = true;
        sweeper.interrupt();
        try {
            sweeper.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What a sweep has found so far.
    private static final class Report {
        private final List<Found> found = new ArrayList<>();
        private long more;

        void found(Kind kind, JobId job, String name, boolean removed) {
            add(new Found(kind, job.publicId(), name, removed));
        }

        void removed(Kind kind, int number) {
            add(new Found(kind, "", Integer.toString(number), true));
        }

        void unknown(Kind kind, String name) {
            add(new Found(kind, "", name, false));
        }

        private void add(Found one) {
            if (found.size() < Sweep.MAX_FOUND) {
                found.add(one);
            } else {
                more++;
            }
        }

        Sweep sweep() {
            return new Sweep(null, found, more);
        }
    }
}
