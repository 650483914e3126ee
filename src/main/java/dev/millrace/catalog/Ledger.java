package dev.millrace.catalog;

import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.SourceCounts;
import dev.millrace.core.SplitId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/// What became of every split. Thread-safe.
///
/// An entry is made and added to the job's totals in one statement, which first takes the job's
/// row: so the totals are exact, and no entry comes after the job has been sealed, stopped or begun
/// anew.
final class Ledger {
    private static final String SELECT =
            """
            select ledger.*
            from ledger join job on job.id = ledger.job_id and job.attempt = ledger.attempt
            where ledger.job_id = :job
            """;

    private final Database database;

    Ledger(Database database) {
        this.database = database;
    }

    boolean record(LedgerEntry entry) {
        var storable = storable(entry);
        return database.change(
                entry.split().job(),
                "record the split %s".formatted(entry.split()),
                handle -> {
                    if (insert(handle, storable)) {
                        addCounts(handle, storable);
                        return true;
                    }
                    return recordedBefore(handle, storable);
                });
    }

    private static LedgerEntry storable(LedgerEntry e) {
        var counts =
                e.counts().stream()
                        .map(c ->
                                new RejectionCount(c.error(), Rows.storable(c.column()), c.count()))
                        .toList();
        return new LedgerEntry(
                e.split(),
                e.attempt(),
                e.worker(),
                e.read(),
                e.bytesRead(),
                e.written(),
                e.rejected(),
                counts,
                e.keptRejections());
    }

    private static boolean insert(Handle handle, LedgerEntry entry) {
        var counts = entry.counts();
        return handle.createUpdate(
                                """
                                with loading as (
                                    select id from job
                                    where id = :job and attempt = :attempt and is_loading
                                    for no key update
                                ), entry as (
                                    insert into ledger
                                        (job_id, attempt, source, number, worker, read, bytes_read,
                                         rows, row_sum, row_hash, rejected, kept_rejections,
                                         count_errors, count_columns, counts)
                                    select id, :attempt, :source, :number, :worker, :read,
                                           :bytesRead, :rows, :rowSum, :rowHash, :rejected, :kept,
                                           :errors, :columns, :counts
                                    from loading
                                    on conflict do nothing
                                    returning job_id, source, number
                                ), finished as (
                                    update split set done = true
                                    from entry
                                    where split.job_id = entry.job_id
                                      and split.source = entry.source
                                      and split.number = entry.number
                                    returning split.job_id,
                                              split.source_to - split.source_from as source_bytes
                                )
                                update job
                                set ledger_splits = ledger_splits + 1,
                                    ledger_read = ledger_read + :read,
                                    ledger_bytes_read = ledger_bytes_read + :bytesRead,
                                    ledger_rows = ledger_rows + :rows,
                                    ledger_row_sum = wrapping_add(ledger_row_sum, :rowSum),
                                    ledger_row_hash = wrapping_add(ledger_row_hash, :rowHash),
                                    ledger_rejected = ledger_rejected + :rejected,
                                    ledger_source_bytes = ledger_source_bytes + source_bytes,
                                    ledger_kept = ledger_kept + :kept
                                from finished
                                where job.id = finished.job_id
                                """)
                        .bind("job", entry.split().job().uuid())
                        .bind("attempt", entry.attempt())
                        .bind("source", entry.split().source())
                        .bind("number", entry.split().number())
                        .bind("worker", entry.worker())
                        .bind("read", entry.read())
                        .bind("bytesRead", entry.bytesRead())
                        .bind("rows", entry.written().rows())
                        .bind("rowSum", entry.written().rowSum())
                        .bind("rowHash", entry.written().rowHash())
                        .bind("rejected", entry.rejected())
                        .bind("kept", entry.keptRejections())
                        .bindArray("errors", String.class, errors(counts))
                        .bindArray("columns", String.class, columns(counts))
                        .bindArray("counts", Long.class, numbers(counts))
                        .execute()
                == 1;
    }

    private static void addCounts(Handle handle, LedgerEntry entry) {
        var counts = entry.counts();
        if (counts.isEmpty()) {
            return;
        }
        handle.createUpdate(
                        """
                        insert into rejection_count as present
                            (job_id, attempt, error, column_name, count)
                        select :job, :attempt, error, name, sum(count)
                        from unnest(:errors, :columns, :counts) as added (error, name, count)
                        group by error, name
                        on conflict (job_id, attempt, error, column_name)
                            do update set count = present.count + excluded.count
                        """)
                .bind("job", entry.split().job().uuid())
                .bind("attempt", entry.attempt())
                .bindArray("errors", String.class, errors(counts))
                .bindArray("columns", String.class, columns(counts))
                .bindArray("counts", Long.class, numbers(counts))
                .execute();
    }

    /// Why an entry was not inserted: the job no longer loads, or it is there (and must be the
    /// same, whichever worker made it).
    private static boolean recordedBefore(Handle handle, LedgerEntry entry) {
        var present =
                handle.createQuery(
                                SELECT
                                        + """
                                        and job.is_loading and ledger.attempt = :attempt
                                        and ledger.source = :source and ledger.number = :number
                                        """)
                        .bind("job", entry.split().job().uuid())
                        .bind("attempt", entry.attempt())
                        .bind("source", entry.split().source())
                        .bind("number", entry.split().number())
                        .map((rs, _) -> entry(rs))
                        .findOne();
        if (present.isPresent() && !sameCounts(present.get(), entry)) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "The split %s was recorded with other counts: %s before, %s now"
                            .formatted(entry.split(), present.get(), entry));
        }
        return present.isPresent();
    }

    /// How many rejections are kept depends on how many the job had at the time, so that it may
    /// differ between two loads of one split.
    private static boolean sameCounts(LedgerEntry a, LedgerEntry b) {
        return a.read() == b.read()
                && a.bytesRead() == b.bytesRead()
                && a.written().equals(b.written())
                && a.rejected() == b.rejected()
                && new HashSet<>(a.counts()).equals(new HashSet<>(b.counts()));
    }

    List<LedgerEntry> entries(JobId job) {
        return database.read(
                "read the ledger of the job %s".formatted(job),
                handle ->
                        handle.createQuery(SELECT + "order by ledger.source, ledger.number")
                                .bind("job", job.uuid())
                                .map((rs, _) -> entry(rs))
                                .list());
    }

    List<LedgerEntry> entries(JobId job, int offset, int limit) {
        return page(job, SELECT, offset, limit);
    }

    List<LedgerEntry> entriesWithRejections(JobId job, int offset, int limit) {
        return page(job, SELECT + "and ledger.kept_rejections > 0\n", offset, limit);
    }

    private List<LedgerEntry> page(JobId job, String select, int offset, int limit) {
        var sql = select + "order by ledger.source, ledger.number offset :offset limit :limit";
        return database.read(
                "read %d entries of the ledger of the job %s".formatted(limit, job),
                handle ->
                        handle.createQuery(sql)
                                .bind("job", job.uuid())
                                .bind("offset", offset)
                                .bind("limit", limit)
                                .map((rs, _) -> entry(rs))
                                .list());
    }

    Map<Integer, SourceCounts> sourceCounts(JobId job) {
        return database.read(
                "sum up the ledger of the job %s by its sources".formatted(job),
                handle ->
                        handle
                                .createQuery(
                                        """
                                        select source, sum(read) as read, sum(rows) as rows,
                                               sum(rejected) as rejected
                                        from ledger join job on job.id = ledger.job_id
                                            and job.attempt = ledger.attempt
                                        where ledger.job_id = :job
                                        group by source
                                        """)
                                .bind("job", job.uuid())
                                .map((rs, _) ->
                                        Map.entry(
                                                rs.getInt("source"),
                                                new SourceCounts(
                                                        rs.getLong("read"),
                                                        rs.getLong("rows"),
                                                        rs.getLong("rejected"))))
                                .stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    List<RejectionCount> rejectionCounts(JobId job) {
        return database.read(
                "count the rejections of the job %s".formatted(job),
                handle ->
                        handle.createQuery(
                                        """
                                        select error, column_name, count
                                        from rejection_count join job
                                            on job.id = rejection_count.job_id
                                            and job.attempt = rejection_count.attempt
                                        where job_id = :job
                                        order by count desc, error, column_name
                                        """)
                                .bind("job", job.uuid())
                                .map((rs, _) ->
                                        new RejectionCount(
                                                RejectionCode.valueOf(rs.getString("error")),
                                                rs.getString("column_name"),
                                                rs.getLong("count")))
                                .list());
    }

    private static LedgerEntry entry(ResultSet rs) throws SQLException {
        var errors = Rows.texts(rs, "count_errors");
        var columns = Rows.texts(rs, "count_columns");
        var counts = Rows.numbers(rs, "counts");
        return new LedgerEntry(
                new SplitId(
                        new JobId(Rows.uuid(rs, "job_id")),
                        rs.getInt("source"),
                        rs.getInt("number")),
                rs.getInt("attempt"),
                rs.getString("worker"),
                rs.getLong("read"),
                rs.getLong("bytes_read"),
                new Digest(rs.getLong("rows"), rs.getLong("row_sum"), rs.getLong("row_hash")),
                rs.getLong("rejected"),
                IntStream.range(0, errors.size())
                        .mapToObj(i ->
                                new RejectionCount(
                                        RejectionCode.valueOf(errors.get(i)),
                                        columns.get(i),
                                        counts.get(i)))
                        .toList(),
                rs.getLong("kept_rejections"));
    }

    private static List<String> errors(List<RejectionCount> counts) {
        return counts.stream().map(c -> c.error().name()).toList();
    }

    private static List<String> columns(List<RejectionCount> counts) {
        return counts.stream().map(RejectionCount::column).toList();
    }

    private static List<Long> numbers(List<RejectionCount> counts) {
        return counts.stream().map(RejectionCount::count).toList();
    }
}
