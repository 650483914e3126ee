package dev.millrace.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Where models, jobs, splits and the ledger are recorded: the queue of record and the only clock.
/// Thread-safe; every method is one transaction.
///
/// All methods throw MillraceException CATALOG_UNAVAILABLE. A change may have been made although
/// its method throws that, when only the answer was lost: [Jobs#pinReading], [Jobs#finishUpload],
/// [Jobs#interruptUpload], [Splits#add] and [Splits#record] give the same answer when they are
/// repeated with the same arguments; after any other, read the job and decide again.
public interface Catalog extends AutoCloseable {
    Models models();

    Connections connections();

    Pulls pulls();

    Jobs jobs();

    Splits splits();

    History history();

    Answers answers();

    /// Runs an action while nobody else, in this process or another, holds the same destination's
    /// lock. The lock is lost when the connection that holds it is; the action must be safe then.
    ///
    /// @param destination names it, such as a table
    /// @throws MillraceException CATALOG_UNAVAILABLE when the lock is not had within the limit
    void locked(String destination, Duration limit, Runnable action);

    /// Waits until something changed that a flow waits for (a job made, a split stored, a ledger
    /// entry, a phase, state or attempt, a lease taken or given up), in any process, or until the
    /// limit has passed. Changes between two calls by the same caller are not missed; a call may
    /// return without one. Returns early on an interrupt, with the thread's flag set.
    ///
    /// @param seen the value that the caller's last call returned, or 0 to return at once
    /// @return a value to hand to the next call
    long awaitChange(long seen, Duration limit);

    /// The same for changes of some jobs: whoever waits for one job is not woken by all the others,
    /// though it may be by a change of which it is not known whose it is.
    ///
    /// @param of whether a change of this job is one to wait for; asked often, so it is quick
    default long awaitChange(Predicate<JobId> of, long seen, Duration limit) {
        return awaitChange(seen, limit);
    }

    /// What all jobs still have to do. It costs little, however many splits there are.
    Backlog backlog();

    /// Whether the catalog answers; throws the reason when it does not.
    void check();

    @Override
    void close();

    /// Models, the latest version of each unless said otherwise.
    interface Models {
        /// Records version 1 of a new model.
        ///
        /// @throws MillraceException MODEL_EXISTS when the name is another model's name or public
        ///   id
        default Model create(String name, ModelDefinition definition, String owner) {
            return create(name, definition, owner, null);
        }

        /// The same for a request that may be repeated.
        ///
        /// @param request names it, or null; a model that it has made, and that is there, is
        ///   returned in place of a second one
        /// @throws MillraceException MODEL_EXISTS
        Model create(String name, ModelDefinition definition, String owner, @Nullable UUID request);

        /// By public id, by UUID or by name, in this order.
        Optional<Model> find(String idOrName);

        /// Ordered by name, after a name.
        List<Model> list(@Nullable String afterName, int limit);

        /// The models whose rows go into a table.
        List<Model> ofTable(String table);

        /// One version of a model, of a deleted one too.
        Optional<Model> version(ModelId id, int version);

        /// When the versions of a model were recorded, newest first.
        List<ModelVersion> versions(ModelId id, int limit);

        /// Adds the version after the one that the caller has seen last.
        ///
        /// @throws MillraceException NOT_FOUND when it has been deleted; MODEL_CHANGED when that
        ///   version is no longer the latest
        Model update(ModelId id, int seen, ModelDefinition definition);

        /// Removes a model from sight; its jobs keep their version. Nothing happens when it has
        /// been deleted before.
        ///
        /// @param first runs before, while no job of the model can be made; when it throws, the
        ///   model stays. It may run again, so it is safe to repeat
        /// @throws MillraceException MODEL_IN_USE when a job of it is not final
        void delete(ModelId id, Runnable first);
    }

    /// Connections, and beside them their secrets as they are kept: encrypted.
    interface Connections {
        /// @param request names the request when it may be repeated, or null; a connection that it
        ///   has made, and that is there, is returned in place of a second one
        /// @param secret the secret as it is to be kept, for the identity that the connection gets
        /// @throws MillraceException CONNECTION_EXISTS when the name is another connection's name
        ///   or public id
        Connection create(
                String name,
                Connection.Reach reach,
                String owner,
                @Nullable UUID request,
                Function<ConnectionId, byte[]> secret);

        /// By public id, by UUID or by name, in this order.
        Optional<Connection> find(String idOrName);

        /// Ordered by name, after a name.
        List<Connection> list(@Nullable String afterName, int limit);

        /// The secret of a revision, as it is kept; empty when there is a later one or none.
        Optional<byte[]> secret(ConnectionId id, int revision);

        /// Makes the next revision.
        ///
        /// @param seen the revision that is changed
        /// @param secret the secret as it is to be kept, or null to keep what is there
        /// @throws MillraceException NOT_FOUND; CONNECTION_EXISTS; CONNECTION_CHANGED when that
        ///   revision is no longer the latest
        Connection update(
                ConnectionId id,
                int seen,
                String name,
                Connection.Reach reach,
                byte @Nullable [] secret);

        /// Removes it and its secret. Nothing happens when it is not there.
        void delete(ConnectionId id);
    }

    /// Sources that nobody sends: a server fetches them.
    interface Pulls {
        /// Records a job as [Jobs#create] does, and what is fetched for it.
        ///
        /// @param wanted what each of its sources is, in their order
        /// @throws MillraceException NOT_FOUND when its model has been deleted
        Job create(NewJob job, List<? extends Pull.Wanted> wanted);

        /// Takes the source of the oldest job that waits for one that nobody fetches or receives,
        /// and of which nothing is in another store.
        ///
        /// @param storeId where its splits would go
        /// @param ttl how long nobody else takes it, unless that is renewed
        Optional<Pull> acquire(String holder, String storeId, Duration ttl);

        /// @return false when another has it
        boolean renew(Pull pull, Duration ttl);

        /// Gives it back. Nothing happens when another has it.
        ///
        /// @param pause how long nobody takes it
        void release(Pull pull, Duration pause);

        /// Gives back what a process has that is known to be gone.
        void releaseAll(String holderPrefix);

        /// Whether a job's source is one of these.
        boolean isWanted(JobId job);
    }

    interface Jobs {
        /// Records a job that waits for its upload: PENDING and UPLOADING, with no owner. A job
        /// that the same request has made is returned in place of a second one, however far it is
        /// by now, unless it failed before its source had arrived.
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

        /// Begins the upload of the job's next source, or goes on with it: records who receives it.
        /// It is taken over from whoever received it before when the sender says where it goes on.
        ///
        /// @return empty when the job has all its sources or is final
        /// @throws MillraceException UPLOAD_OFFSET when another source than the next is sent;
        ///   UPLOAD_NOT_EXPECTED when somebody receives it and the sender does not say where it
        ///   goes on; UPLOAD_OFFSET when it goes on at another byte; UPLOAD_CHANGED when another
        ///   length was declared before; UPLOAD_ELSEWHERE when its splits are in another store
        Optional<Upload> beginUpload(JobId id, UploadReceiver receiver, UploadRequest asked);

        /// What is held of one of a job's sources, at one moment.
        ///
        /// @param source its ordinal
        HeldSource heldSource(JobId id, int source);

        /// Pins how the source is read and cut.
        ///
        /// @param head the source's bytes before its first record, or null when the source is not
        ///   to be rebuilt from what is stored: whoever continues the upload begins at 0
        /// @return false when the job is final
        /// @throws MillraceException LEASE_LOST; UPLOAD_CHANGED when splits are stored that were
        ///   read or cut otherwise
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
        /// @throws MillraceException LEASE_LOST; INTERNAL_ERROR when the catalog holds another
        ///   number of splits
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

        /// Begins a failed job anew from its stored splits: PENDING and LOADING, a new attempt,
        /// nothing announced.
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

        /// The newest job that was published into the destination of another, behind it, and whose
        /// rows are there.
        Optional<JobId> publishedBehind(JobId id);

        /// Another job that is being published into the same destination, or whose undo was asked
        /// for before this one's: its owner has died over it, when the caller holds the
        /// destination's lock, and until another has finished it the destination may hold a part.
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

        /// Takes the oldest job that nobody owns, or whose owner's lease has expired, and that an
        /// owner can do something for: one that is not final and whose source arrives or has splits
        /// that are not loaded, or one that is final and not yet cleaned up.
        ///
        /// @return a lease of its own; one that was had before, by this holder too, is lost
        Optional<Lease> acquire(String holder, Duration ttl);

        /// Gives up every lease of a process that is known to be gone, and its turns at requests,
        /// and interrupts its uploads. Those that cannot be continued fail as UPLOAD_INTERRUPTED.
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

        /// Goes from AUDITED to PUBLISHING, and claims the content of the job's sources for it in
        /// its destination. A job that is to be loaded again whatever was before claims nothing;
        /// one that takes others' place takes over their claims too.
        ///
        /// @return empty when it does; else, with nothing changed, the job that has the claim
        /// @throws MillraceException LEASE_LOST as [#advance] does
        Optional<JobId> beginPublish(Lease lease);

        /// Goes from PUBLISHING to PUBLISHED, and marks the jobs whose rows left the destination
        /// for it: they give up their claims.
        ///
        /// @throws MillraceException LEASE_LOST as [#advance] does
        void published(Lease lease, Replaced replaced);

        /// Ends a job because another had loaded its content before: as SUCCESS without a cause,
        /// else as FAILED.
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
        /// @throws MillraceException LEASE_LOST when the job is not this holder's, not in `from`,
        ///   or final
        void advance(Lease lease, Phase from, Phase to);

        /// Begins a new attempt: the next attempt's number, epoch 0, phase LOADING (or UPLOADING as
        /// long as the source arrives), an empty ledger, nothing announced or started.
        ///
        /// @throws MillraceException LEASE_LOST; also when the job is final, PUBLISHING or later
        int newAttempt(Lease lease);

        /// Leaves out the sources whose content an earlier source of the same job has, once all
        /// have arrived: their splits are forgotten, and a new attempt begins.
        ///
        /// @return how many there were
        /// @throws MillraceException LEASE_LOST; also when the job is final, PUBLISHING or later
        int leaveDuplicatesOut(Lease lease);

        /// Says what became of a job. The cause is null unless it failed; SUCCESS and
        /// PARTIAL_SUCCESS are for a job that is PUBLISHED.
        ///
        /// @throws MillraceException LEASE_LOST; also when it has become final meanwhile
        void finish(Lease lease, JobState state, @Nullable Cause cause);

        /// Records that nothing is left to clean up behind a final job, and gives the lease up.
        ///
        /// @param splitsKept whether its splits are still in the store
        /// @throws MillraceException LEASE_LOST; also when there is something to do again
        void cleaned(Lease lease, boolean splitsKept);

        /// Interrupts the uploads whose receiver gave no sign of life for so long. A split added is
        /// a sign of life.
        ///
        /// @param cause why those fail that cannot be continued
        /// @return how many
        int interruptSilentUploads(Duration silence, Cause cause);

        /// Fails, as UPLOAD_INTERRUPTED, the uploads that nobody has begun or continued for as long
        /// as the catalog keeps them.
        ///
        /// @return how many
        int expireUploads();
    }

    interface Splits {
        /// Adds a stored split, and its bytes and records to the source's.
        ///
        /// @param exact whether its object is what the source has there, in UTF-8; if not, whoever
        ///   continues the upload begins at 0
        /// @return false when the job is final: the sender may stop
        /// @throws MillraceException LEASE_LOST when the upload was interrupted or taken over;
        ///   INTERNAL_ERROR when another split has its number, or the upload has ended
        boolean add(Upload upload, Split split, boolean exact);

        /// The splits to announce now, in order: those without a ledger entry in the present
        /// attempt that were never announced, or gave no sign of life (an announcement, a start, a
        /// touch) for so long. No more are under way than `least` and two for each that a worker
        /// has in its hands: as many as are soon begun, so that another job's need not wait behind
        /// more. Records them as announced.
        ///
        /// @param most are never exceeded
        /// @return empty also when the attempt has passed or the job no longer loads
        List<Announcement> announceable(
                JobId job, int attempt, int least, int most, Duration silence);

        /// Takes back announcements that the queue did not take.
        void unannounce(List<Announcement> announcements);

        /// Begins work on a split: counts the start and makes a PENDING job RUNNING.
        ///
        /// @return empty when there is nothing to do: a ledger entry, another attempt, a job that
        ///   is not UPLOADING or LOADING
        Optional<Started> start(Announcement announcement, String worker);

        /// Takes a counted start back, for an engine that is missing. The split stays announced.
        void pause(Announcement announcement);

        /// A sign of life of a split that is being worked on.
        void touch(Announcement announcement);

        /// Fails a split's job as [Jobs#fail] does, as long as nobody else has loaded the split:
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

    /// What is kept of jobs behind their end, and for how long.
    interface History {
        /// Jobs of which something is kept and that ended longer ago, the oldest first. Nothing of
        /// a job expires while it is uncertain, being undone, or not cleaned up; its history only
        /// when nothing else of it is kept.
        List<JobId> expired(Kept what, Duration age, int limit);

        /// Records that something is kept no longer.
        void gone(JobId job, Kept what);

        /// What may be there of jobs; those that the catalog does not know are missing.
        ///
        /// @param settled how long a job must have been cleaned up to be called so
        Map<JobId, Remains> remains(Set<JobId> jobs, Duration settled);

        /// Records a sweep; old ones leave.
        ///
        /// @return the sweep with its time
        Sweep record(Sweep sweep);

        /// Newest first.
        List<Sweep> sweeps(int limit);
    }

    /// What was answered to requests whose senders may repeat them.
    interface Answers {
        /// Begins a request, unless it was begun before.
        ///
        /// @param runner names this process, as leases do
        /// @param silence how long whoever does it may give no sign of life before it is begun anew
        KeyedRequest.Known begin(KeyedRequest request, String runner, Duration silence);

        /// A sign of life of whoever does a request.
        ///
        /// @return false when it was begun anew
        boolean touch(KeyedRequest.Turn turn);

        /// Keeps the answer to a request.
        ///
        /// @return false, with nothing kept, when it was begun anew
        boolean keep(KeyedRequest.Turn turn, KeptAnswer answer);

        /// Ends a turn without an answer that is to be given again: who repeats the request does it
        /// again, at once, under the same name.
        void giveUp(KeyedRequest.Turn turn);

        /// Forgets requests whose last sign of life, or answer, is older.
        ///
        /// @param age at least a minute
        /// @return how many
        int expire(Duration age);
    }

    /// What may be there of a job.
    ///
    /// @param ended whether it has ended and was cleaned up some time ago, so that whatever is
    ///   there besides is left over
    /// @param splits whether its splits are kept
    /// @param replaced whether the rows that it replaced are kept
    /// @param rejections whether its rejections are kept
    record Remains(boolean ended, boolean splits, boolean replaced, boolean rejections) {}

    /// What a caller asks for.
    ///
    /// @param sources what it says of the sources, in the order in which they are sent; at least
    ///   one
    /// @param parent the job whose rejected rows this one brings back, or null
    /// @param request names a request that may be repeated, or null
    record NewJob(
            Model model,
            List<NewSource> sources,
            LoadOptions options,
            @Nullable JobId parent,
            String owner,
            @Nullable UUID request) {
        public NewJob {
            sources = List.copyOf(sources);
        }

        /// Of one source.
        public NewJob(
                Model model,
                String sourceName,
                SourceOptions source,
                LoadOptions options,
                @Nullable JobId parent,
                String owner,
                @Nullable UUID request) {
            this(
                    model,
                    List.of(new NewSource(sourceName, source)),
                    options,
                    parent,
                    owner,
                    request);
        }

        /// Of one source, for a request that is not repeated.
        public NewJob(
                Model model,
                String sourceName,
                SourceOptions source,
                LoadOptions options,
                @Nullable JobId parent,
                String owner) {
            this(model, sourceName, source, options, parent, owner, null);
        }
    }

    /// What intake counted of a source, independent of any reader.
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
