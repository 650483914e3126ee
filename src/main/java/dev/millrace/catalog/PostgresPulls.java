package dev.millrace.catalog;

import dev.millrace.core.ConnectionId;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.NewJob;
import dev.millrace.core.ObjectName;
import dev.millrace.core.Pull;
import dev.millrace.core.PullCatalog;
import dev.millrace.core.StoredObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/// Sources that servers fetch, and who does. Thread-safe.
final class PostgresPulls implements PullCatalog {
    private static final String HELD =
            "where job_id = :job and ordinal = :ordinal and lease_holder = :holder\n";

    private final Database database;
    private final PostgresJobs jobs;

    PostgresPulls(Database database, PostgresJobs jobs) {
        this.database = database;
        this.jobs = jobs;
    }

    @Override
    public Job create(NewJob job, List<? extends Pull.Wanted> wanted) {
        return database.change(
                "create a job of the model %s".formatted(job.model().id()),
                handle -> {
                    var made = jobs.create(handle, job);
                    if (!isWanted(handle, made.id())) {
                        insert(handle, made.id(), wanted);
                    }
                    return jobs.get(handle, made.id());
                });
    }

    private static void insert(Handle handle, JobId job, List<? extends Pull.Wanted> wanted) {
        var batch =
                handle.prepareBatch(
                        """
                        insert into source_pull
                            (job_id, ordinal, connection, object, bytes, tag, query)
                        values (:job, :ordinal, :connection, :object, :bytes, :tag, :query)
                        """);
        for (var ordinal = 0; ordinal < wanted.size(); ordinal++) {
            var each = wanted.get(ordinal);
            batch.bind("job", job.uuid())
                    .bind("ordinal", ordinal)
                    .bind("connection", each.connection().uuid());
            var object = each instanceof Pull.OfObject(_, StoredObject stored) ? stored : null;
            batch.bind("object", object == null ? null : object.name().toString())
                    .bind("bytes", object == null ? null : (Long) object.bytes())
                    .bind("tag", object == null ? null : object.tag())
                    .bind("query", each instanceof Pull.OfQuery(_, String query) ? query : null)
                    .add();
        }
        batch.execute();
    }

    @Override
    public Optional<Pull> acquire(String holder, String storeId, Duration ttl) {
        return database.single(
                "take a source to fetch for %s".formatted(holder),
                handle ->
                        handle.createQuery(
                                        """
                                        update source_pull
                                        set lease_holder = :holder,
                                            lease_until = clock_timestamp()
                                                + :ttl * interval '1 millisecond'
                                        where (job_id, ordinal) = (
                                            select p.job_id, p.ordinal
                                            from job
                                                join source_pull p
                                                    on p.job_id = job.id
                                                    and p.ordinal = job.upload_source
                                                join source s
                                                    on s.job_id = p.job_id and s.ordinal = p.ordinal
                                            where job.cleaned_at is null and not job.is_final
                                              and job.phase = 'UPLOADING'
                                              and job.upload_receiver is null
                                              and p.lease_until <= now()
                                              and (s.stored_splits = 0 or s.store_id = :store)
                                            order by job.number
                                            limit 1
                                            for no key update of p skip locked)
                                        returning job_id, ordinal, connection, object, bytes, tag, query
                                        """)
                                .bind("holder", holder)
                                .bind("store", storeId)
                                .bind("ttl", ttl.toMillis())
                                .map((rs, _) -> pull(rs, holder))
                                .findOne());
    }

    private static Pull pull(ResultSet rs, String holder) throws SQLException {
        return new Pull(
                new JobId(Rows.uuid(rs, "job_id")),
                rs.getInt("ordinal"),
                wanted(rs, new ConnectionId(Rows.uuid(rs, "connection"))),
                holder);
    }

    private static Pull.Wanted wanted(ResultSet rs, ConnectionId connection) throws SQLException {
        var query = rs.getString("query");
        return query == null
                ? new Pull.OfObject(
                        connection,
                        new StoredObject(
                                ObjectName.parse(rs.getString("object")),
                                rs.getLong("bytes"),
                                rs.getString("tag")))
                : new Pull.OfQuery(connection, query);
    }

    @Override
    public boolean renew(Pull pull, Duration ttl) {
        return database.single(
                "go on fetching the source of the job %s".formatted(pull.job()),
                handle ->
                        bound(
                                                handle.createUpdate(
                                                        """
                                                        update source_pull
                                                        set lease_until = clock_timestamp()
                                                            + :ttl * interval '1 millisecond'
                                                        """
                                                                + HELD),
                                                pull)
                                        .bind("ttl", ttl.toMillis())
                                        .execute()
                                == 1);
    }

    @Override
    public void release(Pull pull, Duration pause) {
        database.single(
                "stop fetching the source of the job %s".formatted(pull.job()),
                handle ->
                        bound(
                                        handle.createUpdate(
                                                """
                                                update source_pull
                                                set lease_holder = null,
                                                    lease_until = clock_timestamp()
                                                        + :pause * interval '1 millisecond'
                                                """
                                                        + HELD),
                                        pull)
                                .bind("pause", pause.toMillis())
                                .execute());
    }

    @Override
    public void releaseAll(String holderPrefix) {
        database.single(
                "stop fetching sources for %s".formatted(holderPrefix),
                handle ->
                        handle.createUpdate(
                                        """
                                        update source_pull
                                        set lease_holder = null, lease_until = now()
                                        where starts_with(lease_holder, :prefix)
                                        """)
                                .bind("prefix", holderPrefix)
                                .execute());
    }

    @Override
    public boolean isWanted(JobId job) {
        return database.read(
                "ask whether the source of the job %s is fetched".formatted(job),
                handle -> isWanted(handle, job));
    }

    private static boolean isWanted(Handle handle, JobId job) {
        return handle.createQuery("select exists (select from source_pull where job_id = :job)")
                .bind("job", job.uuid())
                .mapTo(Boolean.class)
                .one();
    }

    private static <S extends SqlStatement<S>> S bound(S statement, Pull pull) {
        return statement
                .bind("job", pull.job().uuid())
                .bind("ordinal", pull.ordinal())
                .bind("holder", pull.holder());
    }
}
