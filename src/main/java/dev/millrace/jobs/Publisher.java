package dev.millrace.jobs;

import static java.util.Objects.requireNonNull;

import dev.millrace.core.Catalog;
import dev.millrace.core.Cause;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.Job;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.JobId;
import dev.millrace.core.Journal;
import dev.millrace.core.Lease;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.LoadMetrics.Stage;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Sink;
import dev.millrace.core.Staging;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an owner does to its load's table: publishes the rows, takes them out again, asks what is
/// there. It fences first, so that nobody else changes the answer; who has sealed has done so, and
/// publishes for the first time without. Belongs to one thread.
final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final Duration LOCK_LIMIT = Duration.ofMinutes(10);

    private final Lease lease;
    private final Catalog catalog;
    private final JobCatalog jobs;
    private final Sink sink;
    private final LoadMetrics metrics;

    /// The staging that this owner has fenced last, until it publishes from it. So long nobody else
    /// can have changed anything, or the catalog has another epoch.
    private @Nullable Staging fenced;

    Publisher(Lease lease, Catalog catalog, Sink sink, LoadMetrics metrics) {
        this.lease = lease;
        this.catalog = catalog;
        this.jobs = catalog.jobs();
        this.sink = sink;
        this.metrics = metrics;
    }

    /// Acts while no other job changes the table, so that whoever asks what is there gets an answer
    /// that holds.
    void alone(Job job, Runnable action) {
        catalog.locked(job.model().table(), LOCK_LIMIT, action);
    }

    /// Claims the content of the job's sources and publishes its rows.
    ///
    /// @return the job that has claimed it before, and then nothing has changed
    Optional<JobId> begin(Job job) {
        var before = CrashPoint.PUBLISH_CLAIM.get(() -> jobs.beginPublish(lease));
        if (before.isEmpty()) {
            publish(jobs.get(job.id()));
        }
        return before;
    }

    /// Publishes the rows of a job that is PUBLISHING, from whatever state an attempt has left.
    void publish(Job job) {
        var begin = System.nanoTime();
        if (!job.staging().equals(fenced)) {
            fence(job);
        }
        var load = job.publishable().withEpoch(requireNonNull(fenced).epoch());
        fenced = null; // what this attempt leaves running has to be ended before the next
        var journal = journal(job);
        sink.publish(load, journal);
        var replaced = sink.replaced(load, journal);
        CrashPoint.PUBLISH_RECORD.run(() -> jobs.published(lease, replaced));
        metrics.ended(Stage.PUBLISH, begin);
    }

    /// Records that a job that is PUBLISHING is published: its table says so.
    void isPublished(Job job) {
        jobs.published(lease, sink.replaced(job.publishable(), journal(job)));
    }

    /// Takes a published job's rows out of its table. What stands in the way is the user's to know,
    /// and changes nothing.
    void undo(Job job) {
        var begin = System.nanoTime();
        try {
            Undoable.require(job, jobs);
            var load = job.publishable().withEpoch(fenceWithoutStaging(job));
            sink.undo(load, journal(job));
        } catch (MillraceException e) {
            switch (e.category()) {
                case EXTERNAL, INSUFFICIENT_RESOURCES -> throw e;
                case USER, INTERNAL -> {
                    if (e.code() == ErrorCode.LEASE_LOST) {
                        throw e;
                    }
                    jobs.undoRefused(lease, Cause.of(e));
                    LOG.warn("undo=refused code={} what={}", e.code(), e.what());
                    return;
                }
            }
        }
        CrashPoint.UNDO_RECORD.run(() -> jobs.undone(lease));
        metrics.ended(Stage.UNDO, begin);
        LOG.info("undo=done rows={}", job.ledger().written().rows());
    }

    /// Asks the table what it holds, once nobody is left who could still change it.
    Held held(Job job) {
        try {
            var load = job.publishable().withEpoch(fenceWithoutStaging(job));
            return sink.held(load, journal(jobs.get(job.id())));
        } catch (MillraceException e) {
            return Held.UNKNOWN;
        }
    }

    /// Shuts out every other writer and owner.
    void fence(Job job) {
        var epoch = CrashPoint.FENCE_EPOCH.get(() -> jobs.raiseEpoch(lease));
        var staging = job.staging().withEpoch(epoch);
        sink.fence(staging);
        fenced = staging;
    }

    /// Without staging nothing can be attached any more, and its statements have ended.
    private int fenceWithoutStaging(Job job) {
        var epoch = CrashPoint.FENCE_EPOCH.get(() -> jobs.raiseEpoch(lease));
        try {
            sink.fence(job.staging().withEpoch(epoch));
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.STAGING_MISSING) {
                throw e;
            }
        }
        return epoch;
    }

    private Journal journal(Job job) {
        return Journals.of(job, lease, jobs);
    }
}
