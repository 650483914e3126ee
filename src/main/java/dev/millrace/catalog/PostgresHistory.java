package dev.millrace.catalog;

import dev.millrace.core.JobHistory;
import dev.millrace.core.JobId;
import dev.millrace.core.Kept;
import dev.millrace.core.Remains;
import dev.millrace.core.Sweep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// What is kept of jobs behind their end. Thread-safe.
final class PostgresHistory implements JobHistory {
    /// So many sweeps are remembered.
    private static final int MOST_SWEEPS = 1000;

    /// Behind its end, and nobody is about to do anything with it.
    private static final String QUIET =
            """
            cleaned_at is not null and undo is distinct from 'REQUESTED'
            and cause_code is distinct from 'PUBLISH_UNCERTAIN'
            """;

    private static final String KEEPS_REPLACED =
            """
            (replaced_kept and mode in ('REPLACE', 'REPLACE_PARTITIONS')
             and (phase = 'PUBLISHED' or coalesce(cause_code, '') = 'NOT_PUBLISHED')
             and undo is distinct from 'DONE')
            """;

    private static final String KEEPS_REJECTIONS = "(rejections_kept and ledger_rejected > 0)";

    private final Database database;

    PostgresHistory(Database database) {
        this.database = database;
    }

    @Override
    public List<JobId> expired(Kept what, Duration age, int limit) {
        var sql =
                """
                select id from job
                where %s and %s and finished_at < now() - :age * interval '1 millisecond'
                order by finished_at
                limit :limit
                """
                        .formatted(QUIET, isKept(what));
        return database.read(
                "ask of which jobs the %s have expired".formatted(what),
                handle ->
                        handle.createQuery(sql)
                                .bind("age", age.toMillis())
                                .bind("limit", limit)
                                .mapTo(UUID.class)
                                .map(JobId::new)
                                .list());
    }

    private static String isKept(Kept what) {
        return switch (what) {
            case SPLITS -> "splits_kept";
            case REPLACED -> KEEPS_REPLACED;
            case REJECTIONS -> KEEPS_REJECTIONS;
            case HISTORY ->
                    "not (splits_kept or %s or %s)".formatted(KEEPS_REPLACED, KEEPS_REJECTIONS);
        };
    }

    @Override
    public void gone(JobId job, Kept what) {
        database.read(
                "note that the %s of the job %s are gone".formatted(what, job),
                handle ->
                        switch (what) {
                            case SPLITS -> update(handle, job, "splits_kept = false");
                            case REPLACED -> update(handle, job, "replaced_kept = false");
                            case REJECTIONS -> update(handle, job, "rejections_kept = false");
                            case HISTORY -> delete(handle, job);
                        });
    }

    private static int update(Handle handle, JobId job, String change) {
        return execute(handle, job, "update job set %s where id = :job".formatted(change));
    }

    private static int delete(Handle handle, JobId job) {
        for (var table :
                List.of(
                        "ledger",
                        "rejection_count",
                        "split",
                        "source_head",
                        "source_pull",
                        "source")) {
            execute(handle, job, "delete from %s where job_id = :job".formatted(table));
        }
        return execute(handle, job, "delete from job where id = :job");
    }

    private static int execute(Handle handle, JobId job, String sql) {
        return handle.createUpdate(sql).bind("job", job.uuid()).execute();
    }

    @Override
    public Map<JobId, Remains> remains(Set<JobId> jobs, Duration settled) {
        var sql =
                """
                select id, splits_kept, %s as replaced_kept, %s as rejections_kept,
                       %s and cleaned_at < now() - :settled * interval '1 millisecond' as ended
                from job
                where id = any (:jobs)
                """
                        .formatted(KEEPS_REPLACED, KEEPS_REJECTIONS, QUIET);
        return database.read(
                "ask what may be there of %d jobs".formatted(jobs.size()),
                handle ->
                        handle
                                .createQuery(sql)
                                .bindArray(
                                        "jobs", UUID.class, jobs.stream().map(JobId::uuid).toList())
                                .bind("settled", settled.toMillis())
                                .map((rs, _) ->
                                        Map.entry(new JobId(Rows.uuid(rs, "id")), remains(rs)))
                                .list()
                                .stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static Remains remains(ResultSet rs) throws SQLException {
        return new Remains(
                rs.getBoolean("ended"),
                rs.getBoolean("splits_kept"),
                rs.getBoolean("replaced_kept"),
                rs.getBoolean("rejections_kept"));
    }

    @Override
    public Sweep record(Sweep sweep) {
        return database.read(
                "record a sweep",
                handle -> {
                    var number =
                            handle.createQuery(
                                            "insert into sweep (more) values (:more) returning number")
                                    .bind("more", sweep.more())
                                    .mapTo(Long.class)
                                    .one();
                    insert(handle, number, sweep.found());
                    handle.createUpdate("delete from sweep where number <= :number - :most")
                            .bind("number", number)
                            .bind("most", MOST_SWEEPS)
                            .execute();
                    return sweeps(handle, 1).getFirst();
                });
    }

    private static void insert(Handle handle, long sweep, List<Sweep.Found> found) {
        if (found.isEmpty()) {
            return;
        }
        var batch =
                handle.prepareBatch(
                        """
                        insert into swept (sweep, place, kind, job, name, removed)
                        values (:sweep, :place, :kind, :job, :name, :removed)
                        """);
        for (var i = 0; i < found.size(); i++) {
            var one = found.get(i);
            batch.bind("sweep", sweep)
                    .bind("place", i)
                    .bind("kind", one.kind())
                    .bind("job", one.job())
                    .bind("name", Rows.storable(one.name()))
                    .bind("removed", one.removed())
                    .add();
        }
        batch.execute();
    }

    @Override
    public List<Sweep> sweeps(int limit) {
        return database.read("list the sweeps", handle -> sweeps(handle, limit));
    }

    private static List<Sweep> sweeps(Handle handle, int limit) {
        var sweeps = new ArrayList<Sweep>();
        handle.createQuery("select number, at, more from sweep order by number desc limit :limit")
                .bind("limit", limit)
                .map((rs, _) ->
                        new Sweep(
                                Rows.instant(rs, "at"),
                                found(handle, rs.getLong("number")),
                                rs.getLong("more")))
                .forEach(sweeps::add);
        return sweeps;
    }

    private static List<Sweep.Found> found(Handle handle, long sweep) {
        return handle.createQuery(
                        """
                        select kind, job, name, removed from swept where sweep = :sweep order by place
                        """)
                .bind("sweep", sweep)
                .map((rs, _) ->
                        new Sweep.Found(
                                Sweep.Kind.valueOf(rs.getString("kind")),
                                rs.getString("job"),
                                rs.getString("name"),
                                rs.getBoolean("removed")))
                .list();
    }
}
