package dev.millrace.catalog;

import dev.millrace.core.Announcement;
import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.SourceCounts;
import dev.millrace.core.Split;
import dev.millrace.core.SplitCatalog;
import dev.millrace.core.SplitId;
import dev.millrace.core.Started;
import dev.millrace.core.Upload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/// The queue of splits; what became of them is the [Ledger]'s. Thread-safe.
///
/// A split's row holds the attempt that its signs of life speak of, so that whoever comes with an
/// earlier attempt touches nothing. Statements that need both take a job's row before its splits'.
final class PostgresSplits implements SplitCatalog {
    private static final String SELECT =
            """
            select job_id, source, number, first_row, records, bytes, checksum, source_from,
                   source_to, starts
            from split
            """;

    private static final String THIS_ONE =
            """
            split.job_id = :job and split.source = :source and split.number = :number
            """;

    private final Database database;
    private final JobRows jobs;
    private final Ledger ledger;

    PostgresSplits(Database database, JobRows jobs) {
        this.database = database;
        this.jobs = jobs;
        this.ledger = new Ledger(database);
    }

    @Override
    public boolean add(Upload upload, Split split, boolean exact) {
        return database.change(
                upload.job(),
                "add the split %s".formatted(split.id()),
                handle ->
                        insert(handle, upload, split, exact) || addedBefore(handle, upload, split));
    }

    private static boolean insert(Handle handle, Upload upload, Split split, boolean exact) {
        return bound(
                                handle.createUpdate(
                                        """
                                        with uploading as (
                                            select id, attempt from job
                                            where %s
                                            for no key update
                                        ), added as (
                                            insert into split
                                                (job_id, source, number, first_row, records, bytes,
                                                 checksum, source_from, source_to, attempt)
                                            select id, :source, :number, :firstRow, :records,
                                                   :bytes, :checksum, :sourceFrom, :sourceTo,
                                                   attempt
                                            from uploading
                                            on conflict do nothing
                                            returning job_id
                                        ), received as (
                                            update source
                                            set received_bytes
                                                    = greatest(received_bytes, :sourceTo),
                                                records = source.records + :records,
                                                bytes = source.bytes + :bytes,
                                                stored_splits = stored_splits + 1,
                                                rebuildable = rebuildable and :exact
                                            from added
                                            where source.job_id = added.job_id
                                              and source.ordinal = :source
                                        )
                                        update job
                                        set splits = splits + 1, upload_alive_at = now()
                                        from added
                                        where job.id = added.job_id
                                        """
                                                .formatted(Uploads.RECEIVED)),
                                split.id())
                        .bind("term", upload.term())
                        .bind("exact", exact)
                        .bind("firstRow", split.firstRow())
                        .bind("records", split.records())
                        .bind("bytes", split.bytes())
                        .bind("checksum", split.checksum())
                        .bind("sourceFrom", split.sourceFrom())
                        .bind("sourceTo", split.sourceTo())
                        .execute()
                == 1;
    }

    /// Why a split was not inserted: the job is final, the upload was taken over, or it is there
    /// (and must be the same).
    private boolean addedBefore(Handle handle, Upload upload, Split split) {
        if (!Uploads.isHeld(handle, upload)) {
            return false;
        }
        var present = find(handle, split.id());
        if (present.isEmpty()) {
            var job = jobs.get(handle, split.id().job());
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "The split %s came when the job was %s already"
                            .formatted(split.id(), job.phase()));
        }
        if (!present.get().equals(split)) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "The split %s is there as %s and cannot become %s"
                            .formatted(split.id(), present.get(), split));
        }
        return true;
    }

    /// All splits of a source, in order.
    static List<Split> of(Handle handle, JobId job, int source) {
        return handle.createQuery(
                        SELECT + "where job_id = :job and source = :source order by number")
                .bind("job", job.uuid())
                .bind("source", source)
                .map((rs, _) -> split(rs))
                .list();
    }

    private static Optional<Split> find(Handle handle, SplitId id) {
        return bound(handle.createQuery(SELECT + "where " + THIS_ONE), id)
                .map((rs, _) -> split(rs))
                .findOne();
    }

    @Override
    public List<Announcement> announceable(
            JobId job, int attempt, int least, int most, Duration silence) {
        // the rows are updated by their places: found by their keys, a plan made with statistics
        // from
        // before this job compares all its splits with all candidates
        var sql =
                """
                with room as (
                    select greatest(0, least(:most, :least + 2 * count(worker)) - count(*))
                        as splits
                    from split
                    where job_id = :job and not done
                      and alive_at >= now() - :silence * interval '1 millisecond'
                ), silent as (
                    select 1 as turn, source, number, ctid as place from split
                    where job_id = :job and not done
                      and alive_at < now() - :silence * interval '1 millisecond'
                    order by alive_at
                    limit :most
                ), waiting as (
                    select 2 as turn, source, number, ctid as place from split
                    where job_id = :job and not done and alive_at is null
                    order by source, number
                    limit :most
                ), next as (
                    select place
                    from (table silent union all table waiting) as candidate
                    order by turn, source, number
                    limit (select splits from room)
                )
                update split set alive_at = now(), worker = null
                where ctid = any (array(select place from next))
                  and attempt = :attempt and not done
                  and (alive_at is null
                       or alive_at < now() - :silence * interval '1 millisecond')
                  and exists (select from job
                              where id = :job and attempt = :attempt and is_loading)
                returning source, number
                """;
        var announced =
                database.single(
                        "announce splits of the job %s".formatted(job),
                        handle ->
                                handle.createQuery(sql)
                                        .bind("job", job.uuid())
                                        .bind("attempt", attempt)
                                        .bind("least", least)
                                        .bind("most", most)
                                        .bind("silence", silence.toMillis())
                                        .map((rs, _) -> id(job, rs))
                                        .list());
        return announced.stream()
                .sorted(Comparator.comparingInt(SplitId::source).thenComparingInt(SplitId::number))
                .map(split -> new Announcement(split, attempt))
                .toList();
    }

    @Override
    public void unannounce(List<Announcement> announcements) {
        if (announcements.isEmpty()) {
            return;
        }
        database.change(
                "take %d announcements back".formatted(announcements.size()),
                handle -> {
                    var batch =
                            handle.prepareBatch(
                                    """
                                    update split set alive_at = null, worker = null
                                    where split.attempt = :attempt and not done and
                                    """
                                            + THIS_ONE);
                    for (var announcement : announcements) {
                        bound(batch, announcement.split())
                                .bind("attempt", announcement.attempt())
                                .add();
                    }
                    return batch.execute();
                });
    }

    @Override
    public Optional<Started> start(Announcement announcement, String worker) {
        return database.change(
                announcement.split().job(),
                "start the split %s".formatted(announcement.split()),
                handle -> {
                    var starts = begin(handle, announcement, worker);
                    if (starts.isEmpty()) {
                        return Optional.empty();
                    }
                    var job = jobs.get(handle, announcement.split().job());
                    var loads = !job.state().isFinal() && job.phase().compareTo(Phase.LOADING) <= 0;
                    return loads
                            ? find(handle, announcement.split())
                                    .map(split -> new Started(job, split, starts.get()))
                            : Optional.empty();
                });
    }

    private static Optional<Integer> begin(
            Handle handle, Announcement announcement, String worker) {
        return handle.createQuery(
                        """
                        with running as (
                            update job set state = 'RUNNING', started_at = now()
                            where id = :job and attempt = :attempt and is_loading
                              and state = 'PENDING'
                              and exists (select from split
                                          where split.job_id = :job and split.source = :source
                                            and split.number = :number and not split.done)
                        )
                        update split
                        set starts = starts + 1, alive_at = now(), worker = :worker
                        from job
                        where split.job_id = :job and split.source = :source
                          and split.number = :number and split.attempt = :attempt
                          and not split.done
                          and job.id = split.job_id and job.attempt = :attempt
                          and job.is_loading
                        returning split.starts
                        """)
                .bind("job", announcement.split().job().uuid())
                .bind("source", announcement.split().source())
                .bind("number", announcement.split().number())
                .bind("attempt", announcement.attempt())
                .bind("worker", worker)
                .mapTo(Integer.class)
                .findOne();
    }

    @Override
    public void pause(Announcement announcement) {
        change(
                "pause",
                announcement,
                "update split set starts = greatest(0, starts - 1), alive_at = now()");
    }

    @Override
    public void touch(Announcement announcement) {
        change("touch", announcement, "update split set alive_at = now()");
    }

    private void change(String doing, Announcement announcement, String update) {
        database.read(
                "%s the split %s".formatted(doing, announcement.split()),
                handle ->
                        bound(
                                        handle.createUpdate(
                                                update
                                                        + " where attempt = :attempt and not done and "
                                                        + THIS_ONE),
                                        announcement.split())
                                .bind("attempt", announcement.attempt())
                                .execute());
    }

    /// The job's row is taken first, and the split is looked at by a statement of its own: one that
    /// had to wait for the row would still see the split as it was before the wait.
    @Override
    public boolean fail(Announcement announcement, Cause cause) {
        return database.change(
                announcement.split().job(),
                "fail the job of the split %s".formatted(announcement.split()),
                handle ->
                        isToLoad(handle, announcement)
                                && PostgresJobs.fail(handle, announcement.split().job(), cause));
    }

    private static boolean isToLoad(Handle handle, Announcement announcement) {
        handle.createQuery("select id from job where id = :job for no key update")
                .bind("job", announcement.split().job().uuid())
                .mapTo(UUID.class)
                .findOne();
        return bound(
                        handle.createQuery(
                                """
                                select exists (select from split
                                               where split.attempt = :attempt and not done and
                                """
                                        + THIS_ONE
                                        + ")"),
                        announcement.split())
                .bind("attempt", announcement.attempt())
                .mapTo(Boolean.class)
                .one();
    }

    @Override
    public boolean record(LedgerEntry entry) {
        return ledger.record(entry);
    }

    @Override
    public List<LedgerEntry> ledger(JobId job) {
        return ledger.entries(job);
    }

    @Override
    public List<LedgerEntry> ledger(JobId job, int offset, int limit) {
        return ledger.entries(job, offset, limit);
    }

    @Override
    public List<LedgerEntry> ledgerWithRejections(JobId job, int offset, int limit) {
        return ledger.entriesWithRejections(job, offset, limit);
    }

    @Override
    public Map<Integer, SourceCounts> sourceCounts(JobId job) {
        return ledger.sourceCounts(job);
    }

    @Override
    public List<RejectionCount> rejectionCounts(JobId job) {
        return ledger.rejectionCounts(job);
    }

    private static <S extends SqlStatement<S>> S bound(S statement, SplitId id) {
        return statement
                .bind("job", id.job().uuid())
                .bind("source", id.source())
                .bind("number", id.number());
    }

    private static SplitId id(JobId job, ResultSet rs) throws SQLException {
        return new SplitId(job, rs.getInt("source"), rs.getInt("number"));
    }

    private static Split split(ResultSet rs) throws SQLException {
        return new Split(
                id(new JobId(Rows.uuid(rs, "job_id")), rs),
                rs.getLong("first_row"),
                rs.getInt("records"),
                rs.getInt("bytes"),
                rs.getInt("checksum"),
                rs.getLong("source_from"),
                rs.getLong("source_to"));
    }
}
