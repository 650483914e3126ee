package dev.millrace.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where models, jobs, splits and the ledger are recorded: the queue of record and the only clock.
/// Thread-safe; every method is one transaction.
///
/// All methods throw MillraceException CATALOG_UNAVAILABLE.
public interface Catalog extends AutoCloseable {
    Models models();

    Jobs jobs();

    Splits splits();

    /// Runs an action while no other process holds the same destination's lock.
    ///
    /// @param destination names it, such as a table
    /// @throws MillraceException CATALOG_UNAVAILABLE when the lock is not had within the limit
    void locked(String destination, Duration limit, Runnable action);

    /// Waits until something changed that a flow waits for (a split stored, a ledger entry, a phase
    /// or state), in any process, or until the limit has passed. Changes between two calls by the
    /// same caller are not missed.
    ///
    /// @param seen the value that the caller's last call returned, or 0
    /// @return a value to hand to the next call
    long awaitChange(long seen, Duration limit);

    /// Whether the catalog answers; throws the reason when it does not.
    void check();

    @Override
    void close();

    /// Models, the latest version of each unless said otherwise.
    interface Models {
        /// Records version 1 of a new model.
        ///
        /// @throws MillraceException MODEL_EXISTS when the name is taken
        Model create(String name, ModelDefinition definition, String owner);

        /// By public id or by name.
        Optional<Model> find(String idOrName);

        /// Ordered by name, after a name.
        List<Model> list(@Nullable String afterName, int limit);

        /// Adds a version.
        ///
        /// @throws MillraceException NOT_FOUND when it has been deleted
        Model update(ModelId id, ModelDefinition definition);

        /// Removes a model from sight; its jobs keep their version.
        ///
        /// @throws MillraceException MODEL_IN_USE when a job of it is not final
        void delete(ModelId id);
    }

    interface Jobs {
        /// Records a job that waits for its upload: PENDING and UPLOADING, with no owner.
        Job create(NewJob job);

        /// By public id, by UUID, or `last` for the newest one.
        Optional<Job> find(String idOrLast);

        /// By identity.
        ///
        /// @throws MillraceException NOT_FOUND
        Job get(JobId id);

        /// Newest first, older than a job.
        List<Job> list(@Nullable JobId before, int limit);

        /// Begins the upload: records who receives it.
        ///
        /// @return false when an upload has begun before or the job is final
        boolean beginUpload(JobId id, String receiver, long declaredBytes);

        /// Pins how the source is read.
        void pinReading(JobId id, SourceReading reading);

        /// A sign of life of an upload that waits for its sender.
        void touchUpload(JobId id);

        /// Ends the upload: UPLOADING becomes LOADING, with the totals of intake.
        ///
        /// @return false when the job has become final meanwhile
        boolean finishUpload(JobId id, IntakeTotals totals);

        /// Fails a job that is not yet PUBLISHING.
        ///
        /// @return false when it was too late for that
        boolean fail(JobId id, Cause cause);

        /// Cancels a job that is not yet PUBLISHING.
        ///
        /// @return false when it was too late for that
        boolean cancel(JobId id);

        /// Takes a job that nobody owns, or whose owner's lease has expired: one that is not final,
        /// or is final and not yet cleaned up.
        Optional<Lease> acquire(String holder, Duration ttl);

        /// Gives up every lease and upload of a process that is known to be gone.
        ///
        /// @param holderPrefix what the names of its holders and receivers begin with
        void releaseAll(String holderPrefix);

        /// Keeps a lease.
        ///
        /// @return false when it has been lost
        boolean renew(Lease lease, Duration ttl);

        /// Gives a lease up, so that another process (or this one) may take the job at once.
        void release(Lease lease);

        /// Pins the destination's server when staging is first opened.
        ///
        /// @throws MillraceException LEASE_LOST, SERVER_CHANGED
        void pinServer(Lease lease, String serverId);

        /// Raises the epoch.
        ///
        /// @return the new epoch
        /// @throws MillraceException LEASE_LOST
        int raiseEpoch(Lease lease);

        /// Goes from one phase to the next.
        ///
        /// @throws MillraceException LEASE_LOST when the job is not this holder's or not in `from`
        void advance(Lease lease, Phase from, Phase to);

        /// Begins a new attempt: the next attempt's number, epoch 0, phase LOADING, an empty
        /// ledger, nothing announced or started.
        ///
        /// @throws MillraceException LEASE_LOST
        int newAttempt(Lease lease);

        /// Says what became of a job. The cause is null unless it failed.
        ///
        /// @throws MillraceException LEASE_LOST
        void finish(Lease lease, JobState state, @Nullable Cause cause);

        /// Records that nothing is left to clean up behind a final job, and gives the lease up.
        void cleaned(Lease lease);

        /// Fails the uploads whose receiver gave no sign of life for so long.
        ///
        /// @return how many
        int failSilentUploads(Duration silence, Cause cause);
    }

    interface Splits {
        /// Adds a stored split, and its bytes and records to the source's.
        ///
        /// @return false when the job is final: the sender may stop
        boolean add(Split split);

        /// In order, from a position.
        List<Split> list(JobId job, int offset, int limit);

        /// The splits to announce now: those without a ledger entry in the present attempt that
        /// were never announced, or gave no sign of life for so long, as long as no more than
        /// `most` are under way. Records them as announced.
        List<SplitId> announceable(JobId job, int attempt, int most, Duration silence);

        /// Takes back an announcement that the queue did not take.
        void unannounce(List<SplitId> splits);

        /// Begins work on a split: counts the start and makes a PENDING job RUNNING.
        ///
        /// @return empty when there is nothing to do: a ledger entry, another attempt, a job that
        ///   is not UPLOADING or LOADING
        Optional<Started> start(Announcement announcement, String worker);

        /// Takes a counted start back, for an engine that is missing.
        void pause(Announcement announcement);

        /// A sign of life of a split that is being worked on.
        void touch(Announcement announcement);

        /// Records a split's entry if there is none.
        ///
        /// @return false when the attempt has passed or the job no longer loads
        /// @throws MillraceException INTERNAL_ERROR when there is one with other counts
        boolean record(LedgerEntry entry);

        /// The entries of a job's present attempt, in order of their splits.
        List<LedgerEntry> ledger(JobId job);

        /// Problems by code and column, most frequent first.
        List<RejectionCount> rejectionCounts(JobId job);
    }

    /// What a caller asks for.
    record NewJob(
            Model model,
            String sourceName,
            SourceOptions options,
            MaxRejected maxRejected,
            String owner) {}

    /// What intake counted, independent of any reader.
    ///
    /// @param splits how many
    /// @param records data records
    /// @param bytes their bytes in UTF-8 with line breaks
    /// @param sourceBytes bytes received
    /// @param contentHash SHA-256 of the unpacked content, in hex
    record IntakeTotals(
            int splits, long records, long bytes, long sourceBytes, String contentHash) {}

    /// A split that a worker has begun.
    ///
    /// @param starts how often it was begun, this time included
    record Started(Job job, Split split, int starts) {}
}
