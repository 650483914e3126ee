package dev.millrace.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

public interface SplitCatalog {
    /// Adds a stored split, and its bytes and records to the source's.
    ///
    /// @param exact whether its object is what the source has there, in UTF-8; if not, whoever
    ///   continues the upload begins at 0
    /// @return false when the job is final: the sender may stop
    /// @throws MillraceException LEASE_LOST when the upload was interrupted or taken over;
    ///   INTERNAL_ERROR when another split has its number, or the upload has ended
    boolean add(Upload upload, Split split, boolean exact);

    /// The splits to announce now, in order: those without a ledger entry in the present attempt
    /// that were never announced, or gave no sign of life (an announcement, a start, a touch) for
    /// so long. No more are under way than `least` and two for each that a worker has in its hands:
    /// as many as are soon begun, so that another job's need not wait behind more. Records them as
    /// announced.
    ///
    /// @param most are never exceeded
    /// @return empty also when the attempt has passed or the job no longer loads
    List<Announcement> announceable(JobId job, int attempt, int least, int most, Duration silence);

    /// Takes back announcements that the queue did not take.
    void unannounce(List<Announcement> announcements);

    /// Begins work on a split: counts the start and makes a PENDING job RUNNING.
    ///
    /// @return empty when there is nothing to do: a ledger entry, another attempt, a job that is
    ///   not UPLOADING or LOADING
    Optional<Started> start(Announcement announcement, String worker);

    /// Takes a counted start back, for an engine that is missing. The split stays announced.
    void pause(Announcement announcement);

    /// A sign of life of a split that is being worked on.
    void touch(Announcement announcement);

    /// Fails a split's job as [JobCatalog#fail] does, as long as nobody else has loaded the split:
    /// the announcement's attempt is the present one and has no ledger entry of the split.
    ///
    /// @return false when the split has an entry, the attempt has passed, or it was too late to
    ///   fail the job
    boolean fail(Announcement announcement, Cause cause);

    /// Records a split's entry if there is none, and adds it to the job's totals.
    ///
    /// @return false when the attempt has passed or the job no longer loads
    /// @throws MillraceException INTERNAL_ERROR when there is one with other counts, or no such
    ///   split; another worker and another number of kept rejections are no other counts
    boolean record(LedgerEntry entry);

    /// The entries of a job's present attempt, in order of their splits.
    List<LedgerEntry> ledger(JobId job);

    /// So many entries of a job's present attempt, in order of their splits, from a position.
    List<LedgerEntry> ledger(JobId job, int offset, int limit);

    /// The same of those alone that have kept rejections; the position is among them.
    List<LedgerEntry> ledgerWithRejections(JobId job, int offset, int limit);

    /// The sums of the present attempt's entries of each source, by its ordinal.
    Map<Integer, SourceCounts> sourceCounts(JobId job);

    /// Problems of the present attempt by code and column, most frequent first.
    List<RejectionCount> rejectionCounts(JobId job);
}
