package dev.millrace.catalog;

import dev.millrace.core.Before;
import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HeldSource;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.Job;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.Lease;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MillraceException;
import dev.millrace.core.NewJob;
import dev.millrace.core.NewSource;
import dev.millrace.core.Phase;
import dev.millrace.core.Replaced;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.Upload;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Jobs: made, found and stopped here; their uploads and leases have a class of their own.
/// Thread-safe.
final class PostgresJobs implements JobCatalog {
    private final Database database;
    private final JobRows rows;
    private final Uploads uploads;
    private final UploadInterruptions interruptions;
    private final Leases leases;
    private final Claims claims;
    private final Revisions revisions;

    PostgresJobs(Database database, JobRows rows, Duration uploadExpiry) {
        this.database = database;
        this.rows = rows;
        this.uploads = new Uploads(database);
        this.interruptions = new UploadInterruptions(database, uploadExpiry);
        this.leases = new Leases(database);
        this.claims = new Claims(database);
        this.revisions = new Revisions(database);
    }

    @Override
    public Job create(NewJob job) {
        return database.change(
                "create a job of the model %s".formatted(job.model().id()),
                handle -> create(handle, job));
    }

    /// The same in a transaction that does more.
    Job create(Handle handle, NewJob job) {
        var id = made(handle, job).orElseGet(() -> make(handle, job));
        return rows.get(handle, id);
    }

    Job get(Handle handle, JobId id) {
        return rows.get(handle, id);
    }

    /// The job that the same request has made before. One that failed for want of its source cannot
    /// become anything: its sender begins again.
    private static Optional<JobId> made(Handle handle, NewJob job) {
        return job.request() == null
                ? Optional.empty()
                : handle.createQuery(
                                """
                                select id from job
                                where request = :request
                                  and not (state = 'FAILED' and phase = 'UPLOADING')
                                """)
                        .bind("request", job.request())
                        .mapTo(UUID.class)
                        .findOne()
                        .map(JobId::new);
    }

    private static JobId make(Handle handle, NewJob job) {
        holdModel(handle, job);
        // of two who make it for the same request, one finds the other's
        var own =
                Rows.newId(candidate ->
                        insert(handle, candidate, job) || made(handle, job).isPresent());
        var id = made(handle, job).orElse(new JobId(own));
        if (id.uuid().equals(own)) {
            insertSources(handle, id, job.sources());
        }
        return id;
    }

    /// Keeps the model from being deleted until the job can be seen.
    private static void holdModel(Handle handle, NewJob job) {
        var model =
                handle.createQuery(
                                "select id from model where id = :id and deleted_at is null for share")
                        .bind("id", job.model().id().uuid())
                        .mapTo(UUID.class)
                        .findOne();
        if (model.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "The model '%s' has been deleted".formatted(job.model().name()));
        }
    }

    private static boolean insert(Handle handle, UUID id, NewJob job) {
        return handle.createUpdate(
                                """
                                insert into job
                                    (id, model_id, model_version, destination, mode, if_loaded,
                                     through_views, dry_run, max_rejected_rows, max_rejected_percent, parent,
                                     owner, workspace, request, sources)
                                values (:id, :model, :version, :destination, :mode, :ifLoaded,
                                        :throughViews, :dryRun, :rows, :percent, cast(:parent as uuid), :owner,
                                        :workspace, cast(:request as uuid), :sources)
                                on conflict do nothing
                                """)
                        .bind("id", id)
                        .bind("model", job.model().id().uuid())
                        .bind("version", job.model().version())
                        .bind("destination", job.model().table())
                        .bind("mode", job.options().mode())
                        .bind("ifLoaded", job.options().ifLoaded())
                        .bind("throughViews", job.options().throughViews())
                        .bind("dryRun", job.options().dryRun())
                        .bind("rows", job.options().maxRejected().rows())
                        .bind("percent", job.options().maxRejected().percent())
                        .bind("parent", job.parent() == null ? null : job.parent().uuid())
                        .bind("owner", job.owner())
                        .bind("workspace", job.model().workspace())
                        .bind("request", job.request())
                        .bind("sources", job.sources().size())
                        .execute()
                == 1;
    }

    private static void insertSources(Handle handle, JobId id, List<NewSource> sources) {
        var batch =
                handle.prepareBatch(
                        """
                        insert into source
                            (job_id, ordinal, name, given_encoding, given_delimiter, given_quote,
                             given_columns, given_format, given_escape, given_comment,
                             given_trailing, given_skip, given_sheet, declared_bytes)
                        values (:job, :ordinal, :name, :encoding, :delimiter, :quote, :columns,
                                :format, :escape, :comment, :trailing, :skip, :sheet,
                                :declaredBytes)
                        """);
        for (var ordinal = 0; ordinal < sources.size(); ordinal++) {
            var source = sources.get(ordinal);
            var options = source.options();
            batch.bind("job", id.uuid())
                    .bind("ordinal", ordinal)
                    .bind("name", Rows.storable(source.name()))
                    .bind("encoding", options.encoding())
                    .bind("delimiter", options.delimiter())
                    .bind("quote", JobRows.text(options.quote()))
                    .bind("format", options.format())
                    .bind("escape", options.escape())
                    .bind("comment", JobRows.text(options.comment()))
                    .bind("trailing", options.trailing())
                    .bind("skip", options.skip())
                    .bind("sheet", options.sheet() == null ? null : Rows.storable(options.sheet()))
                    .bindByType("columns", columns(options), String[].class)
                    .bind("declaredBytes", source.declaredBytes())
                    .add();
        }
        batch.execute();
    }

    private static String @Nullable [] columns(SourceOptions options) {
        var names = options.columns();
        return names == null ? null : names.stream().map(Rows::storable).toArray(String[]::new);
    }

    @Override
    public int unfinished(int limit) {
        return database.read(
                "count the jobs that are not final",
                handle ->
                        handle.createQuery(
                                        """
                                        select count(*) from
                                            (select from job where not is_final limit :limit) as found
                                        """)
                                .bind("limit", limit)
                                .mapTo(Integer.class)
                                .one());
    }

    @Override
    public Optional<Job> find(String idOrLast) {
        var text = Rows.storable(idOrLast);
        return database.read(
                "find the job '%s'".formatted(text),
                handle -> text.equals("last") ? last(handle) : find(handle, text));
    }

    private Optional<Job> last(Handle handle) {
        return handle.createQuery(JobRows.SELECT + "order by job.number desc limit 1")
                .map(rows.mapper(handle))
                .findOne();
    }

    private Optional<Job> find(Handle handle, String id) {
        return handle.createQuery(
                        JobRows.SELECT
                                + "where job.public_id = :id or job.id = cast(:uuid as uuid)")
                .bind("id", id)
                .bind("uuid", Rows.uuidOrNull(id))
                .map(rows.mapper(handle))
                .findOne();
    }

    @Override
    public Job get(JobId id) {
        return database.single("read the job %s".formatted(id), handle -> rows.get(handle, id));
    }

    @Override
    public List<Job> list(@Nullable Before before, int limit) {
        return database.read(
                "list jobs",
                handle ->
                        handle.createQuery(
                                        JobRows.SELECT
                                                + """
                                                where (job.created_at, job.number)
                                                      < (:before, :number)
                                                order by job.created_at desc, job.number desc
                                                limit :limit
                                                """)
                                .bindMap(Rows.place(before))
                                .bind("limit", limit)
                                .map(rows.mapper(handle))
                                .list());
    }

    @Override
    public boolean fail(JobId id, Cause cause) {
        return database.change("fail the job %s".formatted(id), handle -> fail(handle, id, cause));
    }

    static boolean fail(Handle handle, JobId id, Cause cause) {
        var sql =
                """
                update job
                set state = 'FAILED', cause_code = :code, cause_message = :message,
                    cause_remedy = :remedy, finished_at = now()
                where id = :id and is_stoppable
                """;
        return Rows.bindCause(handle.createUpdate(sql).bind("id", id.uuid()), cause).execute() == 1;
    }

    @Override
    public boolean cancel(JobId id) {
        var sql =
                """
                update job set state = 'CANCELLED', finished_at = now()
                where id = :id and is_stoppable
                """;
        return database.change(
                "cancel the job %s".formatted(id),
                handle -> handle.createUpdate(sql).bind("id", id.uuid()).execute() == 1);
    }

    @Override
    public Optional<Upload> beginUpload(JobId id, UploadReceiver receiver, UploadRequest asked) {
        return uploads.begin(id, receiver, asked);
    }

    @Override
    public HeldSource heldSource(JobId id, int source) {
        return uploads.held(id, source);
    }

    @Override
    public boolean pinReading(
            Upload upload, SourceReading reading, SplitSizes sizes, byte @Nullable [] head) {
        return uploads.pinReading(upload, reading, sizes, head);
    }

    @Override
    public boolean touchUpload(Upload upload) {
        return uploads.touch(upload);
    }

    @Override
    public boolean finishUpload(Upload upload, IntakeTotals totals) {
        return uploads.finish(upload, totals);
    }

    @Override
    public boolean failUpload(Upload upload, Cause cause) {
        return interruptions.fail(upload, cause);
    }

    @Override
    public void interruptUpload(Upload upload) {
        interruptions.interrupt(upload);
    }

    @Override
    public int interruptSilentUploads(Duration silence, Cause cause) {
        return interruptions.interruptSilent(silence, cause);
    }

    @Override
    public int expireUploads() {
        return interruptions.expire();
    }

    @Override
    public Optional<Lease> acquire(String holder, Duration ttl) {
        return leases.acquire(holder, ttl);
    }

    @Override
    public void releaseAll(String holderPrefix) {
        database.change(
                "release what %s… holds".formatted(holderPrefix),
                handle ->
                        Leases.releaseAll(handle, holderPrefix)
                                + PostgresAnswers.releaseAll(handle, holderPrefix)
                                + UploadInterruptions.interruptAll(handle, holderPrefix));
    }

    @Override
    public void release(Lease lease) {
        leases.release(lease);
    }

    @Override
    public boolean renew(Lease lease, Duration ttl) {
        return leases.renew(lease, ttl);
    }

    @Override
    public void pinServer(Lease lease, String serverId) {
        leases.pinServer(lease, serverId);
    }

    @Override
    public int raiseEpoch(Lease lease) {
        return leases.raiseEpoch(lease);
    }

    @Override
    public void advance(Lease lease, Phase from, Phase to) {
        leases.advance(lease, from, to);
    }

    @Override
    public int newAttempt(Lease lease) {
        return leases.newAttempt(lease);
    }

    @Override
    public int leaveDuplicatesOut(Lease lease) {
        return leases.leaveDuplicatesOut(lease);
    }

    @Override
    public void finish(Lease lease, JobState state, @Nullable Cause cause) {
        leases.finish(lease, state, cause);
    }

    @Override
    public void cleaned(Lease lease, boolean splitsKept) {
        leases.cleaned(lease, splitsKept);
    }

    @Override
    public void leftUncertain(Lease lease) {
        leases.leftUncertain(lease);
    }

    @Override
    public void note(Lease lease, String note) {
        leases.note(lease, note);
    }

    @Override
    public Optional<JobId> beginPublish(Lease lease) {
        return leases.beginPublish(lease);
    }

    @Override
    public void published(Lease lease, Replaced replaced) {
        leases.published(lease, replaced);
    }

    @Override
    public void finishAsDuplicate(Lease lease, JobId of, @Nullable Cause cause) {
        leases.finishAsDuplicate(lease, of, cause);
    }

    @Override
    public void undone(Lease lease) {
        leases.undone(lease);
    }

    @Override
    public void undoRefused(Lease lease, Cause cause) {
        leases.undoRefused(lease, cause);
    }

    @Override
    public boolean retry(JobId id, LoadOptions options) {
        return revisions.retry(id, options);
    }

    @Override
    public boolean requestUndo(JobId id) {
        return revisions.requestUndo(id);
    }

    @Override
    public boolean resolve(JobId id, boolean published) {
        return revisions.resolve(id, published);
    }

    @Override
    public Optional<JobId> publishedBehind(JobId id) {
        return claims.publishedBehind(id);
    }

    @Override
    public Optional<JobId> unfinishedBefore(JobId id) {
        return claims.unfinishedBefore(id);
    }

    @Override
    public Optional<JobId> loadedBefore(JobId id) {
        return claims.loadedBefore(id);
    }

    @Override
    public void releaseClaims(String destination) {
        claims.releaseAll(destination);
    }
}
