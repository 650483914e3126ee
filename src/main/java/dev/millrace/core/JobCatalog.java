package dev.millrace.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

public interface JobCatalog {
    /// Records a job that waits for its upload: PENDING and UPLOADING, with no owner. A job that
    /// the same request has made is returned in place of a second one, however far it is by now,
    /// unless it failed before its source had arrived.
    ///
    /// @throws MillraceException NOT_FOUND when its model has been deleted
    Job create(NewJob job);

    /// How many jobs are not final, counted up to a limit.
    int unfinished(int limit);

    /// By public id, by UUID, or `last` for the newest one.
    Optional<Job> find(String idOrLast);

    /// By identity.
    ///
    /// @throws MillraceException NOT_FOUND
    Job get(JobId id);

    /// Newest first, those behind a place.
    List<Job> list(@Nullable Before before, int limit);

    /// Begins the upload of the job's next source, or goes on with it: records who receives it. It
    /// is taken over from whoever received it before when the sender says where it goes on.
    ///
    /// @return empty when the job has all its sources or is final
    /// @throws MillraceException UPLOAD_OFFSET when another source than the next is sent;
    ///   UPLOAD_NOT_EXPECTED when somebody receives it and the sender does not say where it goes
    ///   on; UPLOAD_OFFSET when it goes on at another byte; UPLOAD_CHANGED when another length was
    ///   declared before; UPLOAD_ELSEWHERE when its splits are in another store
    Optional<Upload> beginUpload(JobId id, UploadReceiver receiver, UploadRequest asked);

    /// What is held of one of a job's sources, at one moment.
    ///
    /// @param source its ordinal
    HeldSource heldSource(JobId id, int source);

    /// Pins how the source is read and cut.
    ///
    /// @param head the source's bytes before its first record, or null when the source is not to be
    ///   rebuilt from what is stored: whoever continues the upload begins at 0
    /// @return false when the job is final
    /// @throws MillraceException LEASE_LOST; UPLOAD_CHANGED when splits are stored that were read
    ///   or cut otherwise
    boolean pinReading(
            Upload upload, SourceReading reading, SplitSizes sizes, byte @Nullable [] head);

    /// A sign of life of an upload that waits for its sender.
    ///
    /// @return false when it is over or was taken over
    boolean touchUpload(Upload upload);

    /// Ends the upload of a source, with the totals of intake. Behind the last one UPLOADING
    /// becomes LOADING; otherwise the job waits for the next.
    ///
    /// @return false when the job has become final meanwhile
    /// @throws MillraceException LEASE_LOST; INTERNAL_ERROR when the catalog holds another number
    ///   of splits
    boolean finishUpload(Upload upload, IntakeTotals totals);

    /// Fails the upload's job, as [#fail] does.
    ///
    /// @return false when the upload is over or was taken over
    boolean failUpload(Upload upload, Cause cause);

    /// Leaves an upload to be continued. Nothing happens when it is over or was taken over.
    void interruptUpload(Upload upload);

    /// Fails a job that is not yet PUBLISHING.
    ///
    /// @return false when it was too late for that: it is PUBLISHING or later, or final
    boolean fail(JobId id, Cause cause);

    /// Begins a failed job anew from its stored splits: PENDING and LOADING, a new attempt, nothing
    /// announced.
    ///
    /// @return false when it is not [Job#isRetryable], or not yet cleaned up
    boolean retry(JobId id, LoadOptions options);

    /// Asks a published job's owner to take its rows out of the destination again.
    ///
    /// @return false when it is not published, or undone or being undone already
    boolean requestUndo(JobId id);

    /// Says what somebody found who has looked where a job's rows are that failed as
    /// PUBLISH_UNCERTAIN: it becomes PUBLISHED, or FAILED as NOT_PUBLISHED.
    ///
    /// @return false when it is not uncertain
    boolean resolve(JobId id, boolean published);

    /// The newest job that was published into the destination of another, behind it, and whose rows
    /// are there.
    Optional<JobId> publishedBehind(JobId id);

    /// Another job that is being published into the same destination, or whose undo was asked for
    /// before this one's: its owner has died over it, when the caller holds the destination's lock,
    /// and until another has finished it the destination may hold a part.
    Optional<JobId> unfinishedBefore(JobId id);

    /// The job that has loaded one of a job's sources, by its content, into its destination.
    /// Another job that loads at this moment is not known to have.
    Optional<JobId> loadedBefore(JobId id);

    /// Forgets what jobs have loaded into a destination that is gone.
    void releaseClaims(String destination);

    /// Cancels a job that is not yet PUBLISHING.
    ///
    /// @return false when it was too late for that: it is PUBLISHING or later, or final
    boolean cancel(JobId id);

    /// Takes the oldest job that nobody owns, or whose owner's lease has expired, and that an owner
    /// can do something for: one that is not final and whose source arrives or has splits that are
    /// not loaded, or one that is final and not yet cleaned up.
    ///
    /// @return a lease of its own; one that was had before, by this holder too, is lost
    Optional<Lease> acquire(String holder, Duration ttl);

    /// Gives up every lease of a process that is known to be gone, and its turns at requests, and
    /// interrupts its uploads. Those that cannot be continued fail as UPLOAD_INTERRUPTED.
    ///
    /// @param holderPrefix what the names of its holders and receivers begin with
    void releaseAll(String holderPrefix);

    /// Gives a lease up. Nothing happens when it has been lost.
    void release(Lease lease);

    /// Keeps a lease.
    ///
    /// @return false when it has been lost
    boolean renew(Lease lease, Duration ttl);

    /// Pins the destination's server when staging is first opened.
    ///
    /// @throws MillraceException LEASE_LOST, SERVER_CHANGED
    void pinServer(Lease lease, String serverId);

    /// Raises the epoch; of a final job too, whose staging is about to be discarded.
    ///
    /// @return the new epoch
    /// @throws MillraceException LEASE_LOST
    int raiseEpoch(Lease lease);

    /// Notes what [Journal] says.
    ///
    /// @throws MillraceException LEASE_LOST
    void note(Lease lease, String note);

    /// Goes from AUDITED to PUBLISHING, and claims the content of the job's sources for it in its
    /// destination. A job that is to be loaded again whatever was before claims nothing; one that
    /// takes others' place takes over their claims too.
    ///
    /// @return empty when it does; else, with nothing changed, the job that has the claim
    /// @throws MillraceException LEASE_LOST as [#advance] does
    Optional<JobId> beginPublish(Lease lease);

    /// Goes from PUBLISHING to PUBLISHED, and marks the jobs whose rows left the destination for
    /// it: they give up their claims.
    ///
    /// @throws MillraceException LEASE_LOST as [#advance] does
    void published(Lease lease, Replaced replaced);

    /// Ends a job because another had loaded its content before: as SUCCESS without a cause, else
    /// as FAILED.
    ///
    /// @throws MillraceException LEASE_LOST; also when it has become final meanwhile
    void finishAsDuplicate(Lease lease, JobId of, @Nullable Cause cause);

    /// Records that a job's rows have left its destination, and those that it had replaced are
    /// back: claims are given up and taken accordingly.
    ///
    /// @throws MillraceException LEASE_LOST; also when nobody asked for it
    void undone(Lease lease);

    /// Records that a job's rows stay although somebody asked to undo it.
    ///
    /// @throws MillraceException LEASE_LOST; also when nobody asked for it
    void undoRefused(Lease lease, Cause cause);

    /// Goes from one phase to the next.
    ///
    /// @throws MillraceException LEASE_LOST when the job is not this holder's, not in `from`, or
    ///   final
    void advance(Lease lease, Phase from, Phase to);

    /// Begins a new attempt: the next attempt's number, epoch 0, phase LOADING (or UPLOADING as
    /// long as the source arrives), an empty ledger, nothing announced or started.
    ///
    /// @throws MillraceException LEASE_LOST; also when the job is final, PUBLISHING or later
    int newAttempt(Lease lease);

    /// Leaves out the sources whose content an earlier source of the same job has, once all have
    /// arrived: their splits are forgotten, and a new attempt begins.
    ///
    /// @return how many there were
    /// @throws MillraceException LEASE_LOST; also when the job is final, PUBLISHING or later
    int leaveDuplicatesOut(Lease lease);

    /// Says what became of a job. The cause is null unless it failed; SUCCESS and PARTIAL_SUCCESS
    /// are for a job that is PUBLISHED.
    ///
    /// @throws MillraceException LEASE_LOST; also when it has become final meanwhile
    void finish(Lease lease, JobState state, @Nullable Cause cause);

    /// Records that nothing is left to clean up behind a final job, and gives the lease up.
    ///
    /// @param splitsKept whether its splits are still in the store
    /// @throws MillraceException LEASE_LOST; also when there is something to do again
    void cleaned(Lease lease, boolean splitsKept);

    /// Records that everything stays of a job that may or may not be published, and gives the lease
    /// up.
    ///
    /// @throws MillraceException LEASE_LOST; also when somebody has resolved it meanwhile
    void leftUncertain(Lease lease);

    /// Interrupts the uploads whose receiver gave no sign of life for so long. A split added is a
    /// sign of life.
    ///
    /// @param cause why those fail that cannot be continued
    /// @return how many
    int interruptSilentUploads(Duration silence, Cause cause);

    /// Fails, as UPLOAD_INTERRUPTED, the uploads that nobody has begun or continued for as long as
    /// the catalog keeps them.
    ///
    /// @return how many
    int expireUploads();
}
