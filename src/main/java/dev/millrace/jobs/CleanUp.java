package dev.millrace.jobs;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.JobState;
import dev.millrace.core.Lease;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.Split;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what nobody needs any more behind a job's end. Of a load that may or may not be
/// published everything is kept; of one that failed its splits are, for a retry; of one that took
/// others' place their rows, for an undo. Belongs to one thread.
final class CleanUp {
    private static final Logger LOG = LoggerFactory.getLogger(CleanUp.class);

    private final Lease lease;
    private final JobCatalog jobs;
    private final Owner.Destination to;
    private final RejectionMirror mirror;

    CleanUp(Lease lease, JobCatalog jobs, Owner.Destination to, RejectionMirror mirror) {
        this.lease = lease;
        this.jobs = jobs;
        this.to = to;
        this.mirror = mirror;
    }

    /// @param job final, and not being undone
    void run(Job job) {
        if (job.isUncertain()) {
            jobs.leftUncertain(lease);
            return;
        }
        if (job.state() == JobState.FAILED) {
            mirrorIfReadable(job);
        }
        requireLease();
        to.sink().discard(job.id());
        requireLease();
        if (!mayNeedWhatItReplaced(job)) {
            to.sink().forget(job.id());
        }
        if (!job.isRetryable()) {
            to.store().delete(Split.prefix(job.id()));
        }
        jobs.cleaned(lease, job.isRetryable());
    }

    /// Of a job that somebody has resolved as not published, the old rows may be all that is left.
    private static boolean mayNeedWhatItReplaced(Job job) {
        var cause = job.cause();
        var wasUncertain = cause != null && cause.code() == ErrorCode.NOT_PUBLISHED;
        return !job.isUndone() && (job.phase() == Phase.PUBLISHED || wasUncertain);
    }

    /// What is removed here may be needed again: by a retry, which begins once another owner, who
    /// took this one for dead, has cleaned up.
    private void requireLease() {
        if (!jobs.renew(lease, Owner.LEASE)) {
            throw new MillraceException(
                    ErrorCode.LEASE_LOST, "Another owner cleans up the job " + lease.job());
        }
    }

    /// A job that others failed may have rejections that nobody has mirrored; one that failed
    /// because of a damaged store may have some that cannot be.
    private void mirrorIfReadable(Job job) {
        try {
            mirror.mirror(job);
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.STORE_DAMAGED) {
                throw e;
            }
            LOG.warn("mirror=failed what={}", e.what());
        }
    }
}
