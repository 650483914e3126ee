package dev.millrace.jobs;

import dev.millrace.core.Catalog;
import dev.millrace.core.Cause;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.Job;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.Lease;
import dev.millrace.core.Limits;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.LoadMetrics.Stage;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.UploadStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drives one load from its first split to its end. Every step begins with what the catalog says
/// and ends with what it then says, so that another owner can go on from any point.
///
/// Belongs to one thread.
final class Load {
    private static final Logger LOG = LoggerFactory.getLogger(Load.class);

    /// A split that was announced or worked on and gave no sign of life for so long is announced
    /// again.
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Lease lease;
    private final Catalog catalog;
    private final JobCatalog jobs;
    private final Owner.Destination to;
    private final RejectionMirror mirror;
    private final LoadMetrics metrics;
    private final BooleanSupplier stopped;
    private final Publisher publisher;
    private final CleanUp cleanUp;
    private final FailureJudge judge;

    /// The attempt whose staging this owner has seen, or 0, and when it last has.
    private int openAttempt;

    private long openSeenNanos;

    private long seen;

    /// Whether this owner has asked who had loaded the same content before.
    private boolean contentJudged;

    /// Whether its end is counted: once by each owner, however often it cleans up in vain.
    private boolean endCounted;

    Load(
            Lease lease,
            Catalog catalog,
            Owner.Destination to,
            RejectionMirror mirror,
            LoadMetrics metrics,
            BooleanSupplier stopped) {
        this.lease = lease;
        this.catalog = catalog;
        this.jobs = catalog.jobs();
        this.to = to;
        this.mirror = mirror;
        this.metrics = metrics;
        this.stopped = stopped;
        this.publisher = new Publisher(lease, catalog, to.sink(), metrics);
        this.cleanUp = new CleanUp(lease, jobs, to, mirror);
        this.judge =
                new FailureJudge(lease, jobs, to, publisher, cause -> end(JobState.FAILED, cause));
    }

    void run() {
        var ended = false;
        while (!ended && !stopped.getAsBoolean()) {
            try {
                ended = step(jobs.get(lease.job()));
                judge.stepWentWell();
            } catch (MillraceException e) {
                ended = stopped.getAsBoolean() || judge.actOn(e);
            } catch (RuntimeException e) {
                var unexpected = new MillraceException(ErrorCode.INTERNAL_ERROR, e.toString(), e);
                ended = stopped.getAsBoolean() || judge.actOn(unexpected);
            }
        }
    }

    /// Takes the job one step on.
    ///
    /// @return whether there is nothing left to do for this owner
    private boolean step(Job job) {
        if (job.state().isFinal()) {
            countEnd(job.state());
            if (job.isUndoing()) {
                publisher.alone(job, () -> undo(job));
                return false;
            }
            cleanUp.run(job);
            return true;
        }
        if (isWaitingForItsSender(job)) {
            jobs.release(lease);
            return true;
        }
        switch (job.phase()) {
            case UPLOADING, LOADING -> load(job);
            case SEALED -> audit(job);
            case AUDITED -> {
                mirror.mirror(job);
                if (job.options().dryRun()) {
                    finish(job);
                } else {
                    publisher.alone(job, () -> beginPublish(job));
                }
            }
            case PUBLISHING -> publisher.alone(job, () -> publisher.publish(job));
            case PUBLISHED -> finish(job);
        }
        return false;
    }

    /// Whether there is nothing to do for a job until somebody begins its upload or goes on with
    /// it: that may take a day, and an owner drives so many jobs only.
    private static boolean isWaitingForItsSender(Job job) {
        var upload = job.source().upload();
        return !job.isReceived()
                && job.ledger().splits() == job.splits()
                && upload != null
                && upload.state() != UploadStatus.State.RECEIVING;
    }

    private void load(Job job) {
        if (job.hasSeveralSources() && isEndedByContentThatItHasTwice(job)) {
            return;
        }
        if (job.isReceived() && !contentJudged && !job.options().dryRun()) {
            contentJudged = true;
            var before = jobs.loadedBefore(job.id());
            if (before.isPresent()) {
                endAsDuplicate(job, before.get());
                return;
            }
        }
        if (job.isLoaded()) {
            seal(job);
            return;
        }
        if (job.splits() == 0) {
            openEarly(job);
        } else {
            open(job);
            if (job.maxRejected().isExceededAlready(job.ledger().rejected())) {
                mirror.mirror(job);
                fail(tooManyRejected(job));
                return;
            }
            announce(job);
        }
        seen = catalog.awaitChange(lease.job()::equals, seen, LOOK_AGAIN);
    }

    /// What a job's sources have twice is refused as soon as it is known, or left out once all of
    /// them are there.
    private boolean isEndedByContentThatItHasTwice(Job job) {
        var twice =
                job.options().ifLoaded() == IfLoaded.LOAD
                        ? Optional.<RepeatedSource>empty()
                        : RepeatedSource.of(job.sources());
        if (twice.isEmpty()) {
            return false;
        }
        if (job.options().ifLoaded() == IfLoaded.REFUSE) {
            fail(twice.get().cause());
            return true;
        }
        if (job.isReceived()) {
            LOG.info("left-out={}", jobs.leaveDuplicatesOut(lease));
        }
        return job.isReceived();
    }

    /// So that the first split needs not wait for it. What stands in the way is judged then.
    private void openEarly(Job job) {
        try {
            open(job);
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.LEASE_LOST) {
                throw e;
            }
            LOG.info("open=later code={} what={}", e.code(), e.what());
        }
    }

    private void open(Job job) {
        if (job.serverId() == null) {
            to.sink().open(job.publishable());
            jobs.pinServer(lease, to.sink().serverId());
        } else if (openAttempt != job.attempt()) {
            jobs.pinServer(lease, to.sink().serverId());
            if (job.ledger().splits() == 0) {
                to.sink().open(job.publishable());
            } else {
                requireOpen(job);
            }
        } else if (System.nanoTime() - openSeenNanos > LOOK_AGAIN.toNanos()) {
            requireOpen(job);
        } else {
            return;
        }
        openAttempt = job.attempt();
        openSeenNanos = System.nanoTime();
    }

    private void requireOpen(Job job) {
        if (!to.sink().isOpen(job.staging())) {
            throw new MillraceException(
                    ErrorCode.STAGING_MISSING,
                    "The staging of job %s, attempt %d, is gone"
                            .formatted(job.id(), job.attempt()));
        }
    }

    private void announce(Job job) {
        var due =
                catalog.splits()
                        .announceable(
                                job.id(),
                                job.attempt(),
                                Limits.LEAST_ANNOUNCED_SPLITS,
                                Limits.MAX_ANNOUNCED_SPLITS,
                                SILENCE);
        if (due.isEmpty()) {
            return;
        }
        try {
            to.queue().announce(due);
        } catch (MillraceException e) {
            catalog.splits().unannounce(due);
            throw e;
        }
    }

    /// Closes staging to everybody who writes to it. A job of which no row was good ends here.
    private void seal(Job job) {
        var ledger = job.ledger();
        if (ledger.written().rows() == 0) {
            mirror.mirror(job);
            fail(
                    new Cause(
                            ErrorCode.ALL_ROWS_REJECTED,
                            "None of the %,d rows could be loaded".formatted(ledger.read()),
                            "millrace job rejected %s shows why.".formatted(job.id())));
            return;
        }
        if (job.maxRejected().isExceeded(ledger.rejected(), ledger.read())) {
            mirror.mirror(job);
            fail(tooManyRejected(job));
            return;
        }
        var begin = System.nanoTime();
        publisher.fence(job);
        CrashPoint.SEAL_RECORD.run(() -> jobs.advance(lease, Phase.LOADING, Phase.SEALED));
        metrics.ended(Stage.SEAL, begin);
    }

    private void audit(Job job) {
        var begin = System.nanoTime();
        var ledger = job.ledger();
        var staged = CrashPoint.AUDIT_ASK.get(() -> to.sink().staged(job.staging()));
        var wrong =
                job.records() != ledger.read()
                        ? "intake counted %,d records, the workers read %,d"
                                .formatted(job.records(), ledger.read())
                        : job.recordBytes() != ledger.bytesRead()
                                ? "intake counted %,d bytes, the workers read %,d"
                                        .formatted(job.recordBytes(), ledger.bytesRead())
                                : ledger.read() != ledger.written().rows() + ledger.rejected()
                                        ? "%,d rows were read, but %,d written and %,d rejected"
                                                .formatted(
                                                        ledger.read(),
                                                        ledger.written().rows(),
                                                        ledger.rejected())
                                        : !staged.equals(ledger.written())
                                                ? "the ledger says %s, staging holds %s"
                                                        .formatted(ledger.written(), staged)
                                                : null;
        if (wrong == null) {
            CrashPoint.AUDIT_RECORD.run(() -> jobs.advance(lease, Phase.SEALED, Phase.AUDITED));
            metrics.ended(Stage.AUDIT, begin);
            return;
        }
        LOG.warn("audit=failed attempt={} what={}", job.attempt(), wrong);
        if (job.attempt() == job.firstAttempt()) {
            jobs.newAttempt(lease);
        } else {
            mirror.mirror(job);
            fail(new Cause(ErrorCode.AUDIT_FAILED, "The load was not published: " + wrong, null));
        }
    }

    /// Whether the table has to wait for another job, whose owner died while it changed the table:
    /// what a replacement has kept must not miss rows, nor bring back those that were undone.
    private boolean waitsForAnother(Job job) {
        var other = jobs.unfinishedBefore(job.id());
        other.ifPresent(id -> {
            LOG.info("table=waits for={}", id);
            seen = catalog.awaitChange(seen, LOOK_AGAIN);
        });
        return other.isPresent();
    }

    private void beginPublish(Job job) {
        if (waitsForAnother(job)) {
            return;
        }
        publisher.begin(job).ifPresent(before -> endAsDuplicate(job, before));
    }

    private void undo(Job job) {
        if (!waitsForAnother(job)) {
            publisher.undo(job);
        }
    }

    /// Ends a job whose content another has loaded, as its caller wants it.
    private void endAsDuplicate(Job job, JobId before) {
        var skips = job.options().ifLoaded() == IfLoaded.SKIP;
        var cause =
                new Cause(
                        ErrorCode.ALREADY_LOADED,
                        "Job %s has loaded %s into the table '%s' before"
                                .formatted(
                                        before,
                                        job.hasSeveralSources()
                                                ? "the content of one of these sources"
                                                : "the same content",
                                        job.model().table()),
                        "To have its rows twice, use --if-loaded load; to pass such files over,"
                                + " --if-loaded skip; to load it anew, undo that job first.");
        jobs.finishAsDuplicate(lease, before, skips ? null : cause);
        countEnd(skips ? JobState.SUCCESS : JobState.FAILED);
        LOG.info("duplicate-of={} skipped={}", before, skips);
    }

    private void finish(Job job) {
        var state = job.ledger().rejected() == 0 ? JobState.SUCCESS : JobState.PARTIAL_SUCCESS;
        end(state, null);
        LOG.info(
                "state={} read={} written={} rejected={}",
                state,
                job.ledger().read(),
                job.ledger().written().rows(),
                job.ledger().rejected());
    }

    private void fail(Cause cause) {
        end(JobState.FAILED, cause);
        LOG.info("state=FAILED code={} what={}", cause.code(), cause.message());
    }

    private void end(JobState state, @Nullable Cause cause) {
        CrashPoint.FINISH.run(() -> jobs.finish(lease, state, cause));
        countEnd(state);
    }

    private void countEnd(JobState state) {
        if (!endCounted) {
            endCounted = true;
            metrics.jobEnded(state);
        }
    }

    private static Cause tooManyRejected(Job job) {
        return new Cause(
                ErrorCode.TOO_MANY_REJECTED,
                "%,d of %,d rows were rejected, and the job allows %s"
                        .formatted(
                                job.ledger().rejected(),
                                job.ledger().read(),
                                job.maxRejected().text()),
                "millrace job rejected %s shows why. Nothing was published.".formatted(job.id()));
    }
}
