package dev.millrace.load;

import dev.millrace.core.Announcement;
import dev.millrace.core.Backoff;
import dev.millrace.core.Catalog;
import dev.millrace.core.Cause;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.ErrorCategory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.Limits;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.LoadMetrics.SplitEnd;
import dev.millrace.core.LoadMetrics.Stage;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.SplitQueue;
import dev.millrace.core.SplitQueue.Delivery;
import dev.millrace.core.Started;
import dev.millrace.core.WorkerName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Takes announced splits and loads them, a bounded number at a time. Any number of workers share
/// the announcements, in this process and in others. Thread-safe.
///
/// Everything that is done for a split is safe to repeat until its ledger entry is there. An engine
/// that does not answer makes the worker wait with the split in hand; it costs no start.
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration TOUCH_EVERY = Duration.ofSeconds(15);
    private static final Duration FAILURE_PAUSE = Duration.ofMillis(500);
    private static final Duration QUEUE_PAUSE = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final WorkerName name;
    private final Catalog catalog;
    private final SplitQueue queue;
    private final SplitLoad load;
    private final LoadMetrics metrics;
    private final Semaphore free;
    private final ExecutorService pool;
    private final Set<Announcement> busy = ConcurrentHashMap.newKeySet();
    private final Thread receiver;
    private final Thread toucher;
    private volatile boolean closed;

    /// @param threads how many splits it loads at a time
    public Worker(
            WorkerName name,
            Catalog catalog,
            SplitQueue queue,
            SplitLoad load,
            LoadMetrics metrics,
            int threads) {
        this.name = name;
        this.catalog = catalog;
        this.queue = queue;
        this.load = load;
        this.metrics = metrics;
        this.free = new Semaphore(threads);
        this.pool =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("load-", 0).daemon().factory());
        this.receiver = Thread.ofPlatform().name("receive").daemon().unstarted(this::receive);
        this.toucher = Thread.ofVirtual().name("touch").unstarted(this::touch);
    }

    /// Joins the other workers and begins to load.
    public void start() {
        receiver.start();
        toucher.start();
    }

    private void receive() {
        while (!closed) {
            try (var deliveries = queue.receive(name)) {
                while (!closed) {
                    var most = awaitFree();
                    var limit = most > 0 ? POLL : Duration.ZERO;
                    for (var delivery : deliveries.poll(limit, most)) {
                        free.acquireUninterruptibly();
                        pool.execute(() -> handle(deliveries, delivery));
                    }
                }
            } catch (MillraceException e) {
                LOG.warn("receive=failed code={} what={}", e.code(), e.what());
                pause(QUEUE_PAUSE);
            } catch (RuntimeException e) {
                LOG.error("receive=failed", e);
                pause(QUEUE_PAUSE);
            }
        }
    }

    /// Waits for a free thread: a poll that may take nothing would go on waiting when one is free.
    ///
    /// @return how many are free; 0 when none was for as long as a poll takes
    private int awaitFree() {
        try {
            if (free.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                free.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return free.availablePermits();
    }

    /// How it ended with a split.
    private enum Outcome {
        /// There is nothing left to do for it.
        DONE,
        /// It failed, and should be announced again.
        FAILED,
        /// The worker is closing; whoever gets the announcement next does it.
        LEFT
    }

    private void handle(SplitQueue.Receiver receiver, Delivery delivery) {
        var announcement = delivery.announcement();
        try (var _ = MDC.putCloseable("job", announcement.split().job().publicId())) {
            var outcome = Outcome.DONE;
            if (busy.add(announcement)) {
                metrics.splitTaken();
                try {
                    outcome = loadUntilDone(announcement);
                } finally {
                    metrics.splitLeft();
                    busy.remove(announcement);
                }
            }
            switch (outcome) {
                case DONE -> receiver.done(delivery);
                case FAILED -> {
                    receiver.done(delivery);
                    catalog.splits().unannounce(List.of(announcement));
                }
                case LEFT -> {}
            }
        } catch (RuntimeException e) {
            // It gives no more signs of life, so it is announced again.
            LOG.error("split={} failed", announcement.split(), e);
        } finally {
            free.release();
        }
    }

    /// Loads a split, waiting for engines as long as it takes.
    private Outcome loadUntilDone(Announcement announcement) {
        var backoff = new Backoff();
        while (!closed) {
            try {
                var started = catalog.splits().start(announcement, name.text());
                if (started.isEmpty()) {
                    return Outcome.DONE;
                }
                if (started.get().starts() > Limits.MAX_SPLIT_STARTS) {
                    giveUp(started.get(), announcement, "its worker died every time");
                    return Outcome.DONE;
                }
                var outcome = attempt(started.get(), announcement);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
                catalog.splits().pause(announcement);
            } catch (MillraceException e) {
                if (e.category() != ErrorCategory.EXTERNAL) {
                    throw e;
                }
                LOG.warn("split={} code={} what={}", announcement.split(), e.code(), e.what());
            }
            backoff.pause();
        }
        return Outcome.LEFT;
    }

    /// Loads a split once.
    ///
    /// @return empty when an engine is missing: to be tried again without counting the start
    private Optional<Outcome> attempt(Started started, Announcement announcement) {
        var split = started.split().id();
        var end = SplitEnd.FAILED;
        try {
            var entry = load.load(name.text(), started);
            end = CrashPoint.LEDGER.get(() -> record(entry)) ? SplitEnd.LOADED : SplitEnd.LATE;
            return Optional.of(Outcome.DONE);
        } catch (MillraceException e) {
            LOG.warn("split={} code={} what={}", split, e.code(), e.what());
            if (e.code() == ErrorCode.STAGING_MISSING) {
                end = withoutStaging(announcement);
                return Optional.of(Outcome.DONE);
            }
            if (isEngineMissing(e)) {
                end = SplitEnd.PAUSED;
                return Optional.empty();
            }
            return Optional.of(failed(started, announcement, e.what()));
        } catch (RuntimeException e) {
            LOG.error("split={} failed", split, e);
            return Optional.of(failed(started, announcement, e.toString()));
        } finally {
            metrics.splitEnded(end);
        }
    }

    /// Whose staging is missing is late, most likely: it was fenced, or cleaned up.
    private SplitEnd withoutStaging(Announcement announcement) {
        try {
            var job = catalog.jobs().get(announcement.split().job());
            var over =
                    job.state().isFinal()
                            || job.attempt() != announcement.attempt()
                            || job.phase().compareTo(Phase.LOADING) > 0;
            return over ? SplitEnd.LATE : SplitEnd.UNSTAGED;
        } catch (MillraceException e) {
            return SplitEnd.UNSTAGED;
        }
    }

    /// Enters a split in the ledger.
    ///
    /// @return false when it came too late
    private boolean record(LedgerEntry entry) {
        var begin = System.nanoTime();
        if (!catalog.splits().record(entry)) {
            LOG.info("split={} came too late", entry.split());
            return false;
        }
        metrics.ended(Stage.RECORD, begin);
        metrics.recorded(entry);
        return true;
    }

    /// Whether a failure is an engine that does not answer, rather than one that answers and cannot
    /// do what this split wants of it.
    private boolean isEngineMissing(MillraceException failure) {
        return switch (failure.category()) {
            case USER, INTERNAL -> false;
            case EXTERNAL, INSUFFICIENT_RESOURCES -> {
                try {
                    catalog.check();
                    load.check();
                    yield false;
                } catch (MillraceException e) {
                    yield true;
                }
            }
        };
    }

    /// Counts a failed start; what is wrong for a moment is given time to pass before the next.
    private Outcome failed(Started started, Announcement announcement, String what) {
        if (started.starts() >= Limits.MAX_SPLIT_STARTS) {
            giveUp(started, announcement, what);
            return Outcome.DONE;
        }
        pause(FAILURE_PAUSE.multipliedBy(1L << started.starts()));
        return Outcome.FAILED;
    }

    private void giveUp(Started started, Announcement announcement, String what) {
        var job = started.job();
        var cause =
                new Cause(
                        ErrorCode.SPLIT_FAILED,
                        "Split %d of '%s' was tried %d times: %s"
                                .formatted(
                                        announcement.split().number(),
                                        job.source(announcement.split().source()).name(),
                                        Limits.MAX_SPLIT_STARTS,
                                        what),
                        "The workers' logs say more.");
        if (catalog.splits().fail(announcement, cause)) {
            metrics.splitGivenUp();
            LOG.warn("split={} given up what={}", announcement.split(), what);
        }
    }

    private void touch() {
        while (!closed) {
            pause(TOUCH_EVERY);
            for (var announcement : busy) {
                try {
                    catalog.splits().touch(announcement);
                } catch (RuntimeException e) {
                    LOG.info("touch=failed what={}", e.toString());
                }
            }
        }
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Leaves the queue. Splits in hand are given a few seconds; what is not done then is done
    /// again by another worker.
    @Override
    public void close() {
        closed = true;
        toucher.interrupt();
        pool.shutdown();
        try {
            receiver.join(CLOSE_LIMIT);
            if (!pool.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
