package dev.millrace.jobs;

import dev.millrace.core.Backoff;
import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.Lease;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges what the failure of one of a load's steps means: that the job is another owner's now,
/// that it needs a new attempt, that the step is tried again later, or that the job has failed. Of
/// a job that was about to be published the table is asked before. Belongs to one thread.
final class FailureJudge {
    private static final Logger LOG = LoggerFactory.getLogger(FailureJudge.class);

    /// How long a job may be held up by an engine that answers and yet cannot do what it is asked.
    private static final Duration HELD_UP_LIMIT = Duration.ofMinutes(10);

    /// The attempts of one job: one after a failed audit, some more for staging that went missing.
    private static final int MAX_ATTEMPTS = 5;

    private final Lease lease;
    private final JobCatalog jobs;
    private final Owner.Destination to;
    private final Publisher publisher;
    private final Consumer<Cause> fail;
    private final Backoff backoff = new Backoff();

    /// Since when the job is held up, or 0 when it is not.
    private long heldUpSinceNanos;

    /// @param fail ends the job as FAILED
    FailureJudge(
            Lease lease,
            JobCatalog jobs,
            Owner.Destination to,
            Publisher publisher,
            Consumer<Cause> fail) {
        this.lease = lease;
        this.jobs = jobs;
        this.to = to;
        this.publisher = publisher;
        this.fail = fail;
    }

    /// Whatever held the job up is over.
    void stepWentWell() {
        backoff.reset();
        heldUpSinceNanos = 0;
    }

    /// Decides what a failure of a step means, and acts on it.
    ///
    /// @return whether this owner is done with the job
    boolean actOn(MillraceException e) {
        try {
            if (e.code() == ErrorCode.LEASE_LOST) {
                return isLeaseLost(e);
            }
            var job = jobs.get(lease.job());
            if (job.state().isFinal()) {
                return retryLater(e);
            }
            return switch (e.category()) {
                case EXTERNAL, INSUFFICIENT_RESOURCES -> judgeOutside(job, e);
                case USER, INTERNAL -> {
                    giveUp(job, e);
                    yield false;
                }
            };
        } catch (MillraceException again) {
            return retryLater(again);
        }
    }

    /// The catalog refuses what does not fit the job as it now is: because another owner has it, or
    /// because it was cancelled and is this owner's to clean up.
    private boolean isLeaseLost(MillraceException e) {
        var lost = !jobs.renew(lease, Owner.LEASE);
        if (lost) {
            LOG.info("drive=left what={}", e.what());
        }
        return lost;
    }

    private boolean judgeOutside(Job job, MillraceException e) {
        if (e.code() == ErrorCode.STAGING_MISSING) {
            if (job.phase() == Phase.PUBLISHING
                    || job.attempt() - job.firstAttempt() >= MAX_ATTEMPTS - 1) {
                giveUp(job, e);
            } else {
                LOG.warn("staging=missing attempt={}", job.attempt());
                jobs.newAttempt(lease);
            }
            return false;
        }
        if (isHeldUp()) {
            giveUp(job, e);
            return false;
        }
        return retryLater(e);
    }

    /// Whether the engines answer and yet hold the job up for too long. One that does not answer is
    /// waited for.
    private boolean isHeldUp() {
        try {
            to.sink().check();
            to.queue().check();
            to.store().check();
        } catch (MillraceException missing) {
            heldUpSinceNanos = 0;
            return false;
        }
        if (heldUpSinceNanos == 0) {
            heldUpSinceNanos = System.nanoTime();
        }
        return System.nanoTime() - heldUpSinceNanos > HELD_UP_LIMIT.toNanos();
    }

    private void giveUp(Job job, MillraceException e) {
        LOG.warn("drive=failed code={} what={}", e.code(), e.what(), e);
        if (job.phase() != Phase.PUBLISHING || e.code() == ErrorCode.PUBLISH_UNCERTAIN) {
            fail.accept(Cause.of(e));
            return;
        }
        switch (publisher.held(job)) {
            case ALL -> publisher.isPublished(jobs.get(job.id()));
            case NOTHING -> fail.accept(Cause.of(e));
            case PART, UNKNOWN -> fail.accept(uncertain(job, e));
        }
    }

    /// A table of the user's own does not say which rows came with which job.
    private static Cause uncertain(Job job, MillraceException e) {
        var look =
                job.model().definition().existingTable()
                        ? "the newest rows of " + job.model().table()
                        : "SELECT count() FROM %s WHERE _millrace_job = '%s'"
                                .formatted(job.model().table(), job.id().uuid());
        return new Cause(
                ErrorCode.PUBLISH_UNCERTAIN,
                "It is not known whether the rows are in the table: " + e.what(),
                "Look at what is there (%s), then: millrace job resolve %s"
                        .formatted(look, job.id()));
    }

    private boolean retryLater(MillraceException e) {
        LOG.warn("drive=waits code={} what={}", e.code(), e.what());
        backoff.pause();
        return false;
    }
}
