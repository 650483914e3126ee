package dev.millrace.jobs;

import dev.millrace.core.Catalog;
import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.Lease;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Sink;
import dev.millrace.core.SplitQueue;
import dev.millrace.core.Store;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Takes jobs that nobody owns and drives each to its end, on a thread of its own. Any number of
/// processes may run one: a lease in the catalog says who drives a job, and whoever lost it changes
/// nothing more.
public final class Owner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Owner.class);

    /// How long a lease lasts without a renewal, by the catalog's clock.
    static final Duration LEASE = Duration.ofSeconds(15);

    private static final Duration RENEW_EVERY = Duration.ofSeconds(4);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration UPLOAD_SILENCE = Duration.ofMinutes(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private static final Cause SILENT =
            new Cause(
                    ErrorCode.UPLOAD_INTERRUPTED,
                    "The upload gave no sign of life for a minute: its sender or the server that"
                            + " received it is gone",
                    "Load the file again.");

    /// The most jobs that one process drives at a time; others wait for it or for another process.
    private static final int MAX_JOBS = 256;

    private final String holder;
    private final Catalog catalog;
    private final Destination destination;
    private final RejectionMirror mirror;
    private final LoadMetrics metrics;
    private final Map<Lease, Thread> drivers = new ConcurrentHashMap<>();
    private final Thread taker;
    private final Thread renewer;
    private volatile boolean closed;

    /// What an owner works on.
    ///
    /// @param store where splits and rejections are
    /// @param queue where splits are announced
    /// @param sink where rows go
    public record Destination(Store store, SplitQueue queue, Sink sink) {}

    /// @param holder names this process in leases; unique among living processes
    public Owner(String holder, Catalog catalog, Destination destination, LoadMetrics metrics) {
        this.holder = holder;
        this.catalog = catalog;
        this.destination = destination;
        this.mirror =
                new RejectionMirror(catalog, destination.store(), destination.sink(), metrics);
        this.metrics = metrics;
        this.taker = Thread.ofVirtual().name("owner-take").unstarted(this::take);
        this.renewer = Thread.ofVirtual().name("owner-renew").unstarted(this::renew);
    }

    /// Starts to take jobs.
    public void start() {
        taker.start();
        renewer.start();
    }

    private void take() {
        long seen = 0;
        while (!closed) {
            try {
                while (drivers.size() < MAX_JOBS) {
                    var lease = catalog.jobs().acquire(holder, LEASE);
                    if (lease.isEmpty()) {
                        break;
                    }
                    drive(lease.get());
                }
                seen = catalog.awaitChange(this::mayWantAnOwner, seen, LOOK_AGAIN);
            } catch (MillraceException e) {
                if (closed) {
                    return;
                }
                LOG.warn("take=failed code={} what={}", e.code(), e.what());
                Pause.of(LOOK_AGAIN);
            } catch (RuntimeException e) {
                LOG.error("take=failed", e);
                Pause.of(LOOK_AGAIN);
            }
        }
    }

    /// Whether it is worth a look for jobs when this one has changed. One that is driven here has
    /// an owner; that it has just lost it is seen with the next look.
    private boolean mayWantAnOwner(JobId changed) {
        return drivers.size() >= MAX_JOBS
                || drivers.keySet().stream().noneMatch(lease -> lease.job().equals(changed));
    }

    private void drive(Lease lease) {
        var load = new Load(lease, catalog, destination, mirror, metrics, () -> closed);
        var thread =
                Thread.ofVirtual()
                        .name("job-" + lease.job())
                        .unstarted(() -> {
                            try (var _ = MDC.putCloseable("job", lease.job().publicId())) {
                                load.run();
                            } catch (RuntimeException e) {
                                LOG.error("drive=failed job={}", lease.job(), e);
                            } finally {
                                drivers.remove(lease);
                            }
                        });
        drivers.put(lease, thread);
        thread.start();
    }

    private void renew() {
        var steadySince = System.nanoTime();
        var last = steadySince;
        while (!closed) {
            Pause.of(RENEW_EVERY);
            var now = System.nanoTime();
            // After a pause of this process or of the catalog, uploads had no way to say that they
            // live: they are given the whole time again.
            if (now - last > 3 * RENEW_EVERY.toNanos()) {
                steadySince = now;
            }
            last = now;
            try {
                renewLeases();
                if (now - steadySince > UPLOAD_SILENCE.toNanos()) {
                    catalog.jobs().interruptSilentUploads(UPLOAD_SILENCE, SILENT);
                }
                catalog.jobs().expireUploads();
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                LOG.warn("renew=failed what={}", e.toString());
                steadySince = System.nanoTime();
            }
        }
    }

    private void renewLeases() {
        for (var lease : drivers.keySet()) {
            if (!catalog.jobs().renew(lease, LEASE)) {
                LOG.info("lease=lost job={}", lease.job());
            }
        }
    }

    /// Stops driving; jobs stay as they are and their leases are given up.
    @Override
    public void close() {
        closed = true;
        taker.interrupt();
        renewer.interrupt();
        var end = System.nanoTime() + CLOSE_LIMIT.toNanos();
        for (var driver : drivers.values()) {
            driver.interrupt();
            try {
                driver.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        try {
            catalog.jobs().releaseAll(holder);
        } catch (MillraceException e) {
            LOG.info("release=failed code={} what={}", e.code(), e.what());
        }
    }
}
