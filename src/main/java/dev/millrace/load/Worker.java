package dev.millrace.load;

import dev.millrace.core.Announcement;
import dev.millrace.core.Catalog;
import dev.millrace.core.Cause;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.ErrorCategory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.Limits;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SplitQueue;
import dev.millrace.core.SplitQueue.Delivery;
import java.time.Duration;
import java.util.List;
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
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final String name;
    private final Catalog catalog;
    private final SplitQueue queue;
    private final SplitLoad load;
    private final Semaphore free;
    private final ExecutorService pool;
    private final Set<Announcement> busy = ConcurrentHashMap.newKeySet();
    private final Thread receiver;
    private final Thread toucher;
    private volatile boolean closed;

    /// @param name names it in the ledger and the queue; unique among living workers
    /// @param threads how many splits it loads at a time
    public Worker(String name, Catalog catalog, SplitQueue queue, SplitLoad load, int threads) {
        this.name = name;
        this.catalog = catalog;
        this.queue = queue;
        this.load = load;
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
                pause(LONGEST_PAUSE);
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

    private void handle(SplitQueue.Receiver receiver, Delivery delivery) {
        var announcement = delivery.announcement();
        try (var _ = MDC.putCloseable("job", announcement.split().job().publicId())) {
            if (busy.add(announcement)) {
                try {
                    loadUntilDone(announcement);
                } finally {
                    busy.remove(announcement);
                }
            }
            receiver.done(delivery);
        } catch (RuntimeException e) {
            LOG.error("split={} failed", announcement.split(), e);
        } finally {
            free.release();
        }
    }

    /// Loads a split, waiting for engines as long as it takes.
    private void loadUntilDone(Announcement announcement) {
        var pause = FIRST_PAUSE;
        while (!closed) {
            try {
                var started = catalog.splits().start(announcement, name);
                if (started.isEmpty()) {
                    return;
                }
                if (started.get().starts() > Limits.MAX_SPLIT_STARTS) {
                    giveUp(started.get().job(), announcement, "its worker died every time");
                    return;
                }
                if (attempt(started.get())) {
                    return;
                }
                catalog.splits().pause(announcement);
            } catch (MillraceException e) {
                if (e.category() != ErrorCategory.EXTERNAL) {
                    throw e;
                }
                LOG.warn("split={} code={} what={}", announcement.split(), e.code(), e.what());
            }
            pause(pause);
            pause = longer(pause);
        }
    }

    /// Loads a split once.
    ///
    /// @return false when an engine is missing and it should be tried again
    private boolean attempt(Catalog.Started started) {
        var split = started.split().id();
        try {
            var entry = load.load(name, started);
            if (!catalog.splits().record(entry)) {
                LOG.info("split={} came too late", split);
            }
            CrashPoint.AFTER_LEDGER.reach();
            return true;
        } catch (MillraceException e) {
            LOG.warn("split={} code={} what={}", split, e.code(), e.what());
            return switch (e.category()) {
                case EXTERNAL, INSUFFICIENT_RESOURCES -> e.code() == ErrorCode.STAGING_MISSING;
                case USER, INTERNAL -> failed(started, e.what());
            };
        } catch (RuntimeException e) {
            LOG.error("split={} failed", split, e);
            return failed(started, e.toString());
        }
    }

    /// Leaves a split to be announced again at once, or fails its job when that was the last start.
    private boolean failed(Catalog.Started started, String what) {
        var announcement = new Announcement(started.split().id(), started.job().attempt());
        if (started.starts() >= Limits.MAX_SPLIT_STARTS) {
            giveUp(started.job(), announcement, what);
        } else {
            catalog.splits().unannounce(List.of(announcement));
        }
        return true;
    }

    private void giveUp(Job job, Announcement announcement, String what) {
        var split = announcement.split();
        var cause =
                new Cause(
                        ErrorCode.SPLIT_FAILED,
                        "Split %d of '%s' was tried %d times: %s"
                                .formatted(
                                        split.number(),
                                        job.source().name(),
                                        Limits.MAX_SPLIT_STARTS,
                                        what),
                        "The workers' logs say more.");
        catalog.jobs().fail(job.id(), cause);
    }

    private void touch() {
        while (!closed) {
            pause(TOUCH_EVERY);
            for (var announcement : busy) {
                try {
                    catalog.splits().touch(announcement);
                } catch (MillraceException e) {
                    LOG.info("touch=failed code={} what={}", e.code(), e.what());
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

    private static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
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
