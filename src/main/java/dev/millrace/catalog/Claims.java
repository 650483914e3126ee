package dev.millrace.catalog;

import dev.millrace.core.JobId;
import dev.millrace.core.Replaced;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Which content each destination holds, and by which job. Thread-safe.
///
/// A claim is taken when a job begins to publish, and stays as long as the job's rows may be in the
/// destination. The owner holds the destination's lock meanwhile, so that two jobs of one content
/// come here one after the other.
final class Claims {
    /// The contents of a job's sources, with its destination.
    private static final String CONTENTS =
            """
            select distinct job.destination, source.content_hash, job.id as job_id
            from job join source on source.job_id = job.id
            where source.content_hash is not null and job.if_loaded <> 'LOAD' and
            """;

    private final Database database;

    Claims(Database database) {
        this.database = database;
    }

    /// Claims a job's contents for it, unless it takes others' place: then their claims are taken
    /// over once it has.
    ///
    /// @return who has claimed one of them before; then nothing has changed
    static Optional<JobId> take(Handle handle, JobId job) {
        handle.createUpdate(
                        "insert into claim (destination, content_hash, job_id) "
                                + CONTENTS
                                + "job.id = :job and job.mode in ('APPEND', 'UPSERT')"
                                + " on conflict do nothing")
                .bind("job", job.uuid())
                .execute();
        var other = other(handle, job, "");
        other.ifPresent(_ -> release(handle, job));
        return other;
    }

    private static Optional<JobId> other(Handle handle, JobId job, String condition) {
        return handle.createQuery(
                        "with wanted as ("
                                + CONTENTS
                                + """
                                job.id = :job and job.mode in ('APPEND', 'UPSERT'))
                                select claim.job_id
                                from claim
                                join wanted using (destination, content_hash)
                                left join job on job.id = claim.job_id
                                where claim.job_id <> :job
                                """
                                + condition
                                + " limit 1")
                .bind("job", job.uuid())
                .mapTo(UUID.class)
                .findOne()
                .map(JobId::new);
    }

    static int release(Handle handle, JobId job) {
        return handle.createUpdate("delete from claim where job_id = :job")
                .bind("job", job.uuid())
                .execute();
    }

    /// Marks those whose rows a job has replaced, and brings the claims to what is there now.
    static int replace(Handle handle, JobId job, Replaced replaced) {
        var gone =
                switch (replaced) {
                    case Replaced.Everything _ ->
                            """
                            destination = (select destination from job where id = :job)
                            and published_at is not null and undo is distinct from 'DONE'
                            """;
                    case Replaced.Of _ -> "id = any (:jobs)";
                };
        var ids =
                switch (replaced) {
                    case Replaced.Everything _ -> new UUID[0];
                    case Replaced.Of of -> of.jobs().stream().map(JobId::uuid).toArray(UUID[]::new);
                };
        handle.createUpdate(
                        "update job set replaced_by = :job where id <> :job and replaced_by is null"
                                + " and "
                                + gone)
                .bind("job", job.uuid())
                .bindArray("jobs", UUID.class, (Object[]) ids)
                .execute();
        handle.createUpdate(
                        """
                        delete from claim
                        where destination = (select destination from job where id = :job)
                          and job_id in (select id from job where replaced_by = :job)
                        """)
                .bind("job", job.uuid())
                .execute();
        return handle.createUpdate(
                        "insert into claim (destination, content_hash, job_id) "
                                + CONTENTS
                                + """
                                job.id = :job and job.mode in ('REPLACE', 'REPLACE_PARTITIONS')
                                on conflict (destination, content_hash)
                                    do update set job_id = excluded.job_id
                                """)
                .bind("job", job.uuid())
                .execute();
    }

    /// The job has left its destination, and those that it had replaced are back.
    static int restore(Handle handle, JobId job) {
        release(handle, job);
        return handle.createUpdate(
                        """
                        with back as (
                            update job set replaced_by = null where replaced_by = :job returning id
                        )
                        insert into claim (destination, content_hash, job_id)
                        """
                                + CONTENTS
                                + "job.id in (select id from back) on conflict do nothing")
                .bind("job", job.uuid())
                .execute();
    }

    Optional<JobId> loadedBefore(JobId job) {
        return database.single(
                "ask who has loaded the content of the job %s".formatted(job),
                handle -> other(handle, job, "and (job.id is null or job.is_final)"));
    }

    Optional<JobId> publishedBehind(JobId job) {
        return database.read(
                "ask what was published behind the job %s".formatted(job),
                handle ->
                        handle.createQuery(
                                        """
                                        select later.id
                                        from job join job later using (destination)
                                        where job.id = :job
                                          and later.published_at > job.published_at
                                          and later.undo is distinct from 'DONE'
                                        order by later.published_at desc
                                        limit 1
                                        """)
                                .bind("job", job.uuid())
                                .mapTo(UUID.class)
                                .findOne()
                                .map(JobId::new));
    }

    Optional<JobId> unfinishedBefore(JobId job) {
        return database.single(
                "ask who else changes the destination of the job %s".formatted(job),
                handle ->
                        handle.createQuery(
                                        """
                                        select other.id
                                        from job join job other using (destination)
                                        where job.id = :job and other.id <> job.id
                                          and other.cleaned_at is null
                                          and (other.phase = 'PUBLISHING' and not other.is_final
                                               or other.undo = 'REQUESTED'
                                                  and (job.undo is distinct from 'REQUESTED'
                                                       or (other.undo_at, other.id)
                                                          < (job.undo_at, job.id)))
                                        limit 1
                                        """)
                                .bind("job", job.uuid())
                                .mapTo(UUID.class)
                                .findOne()
                                .map(JobId::new));
    }

    void releaseAll(String destination) {
        database.change(
                "release what was loaded into %s".formatted(destination),
                handle ->
                        handle.createUpdate("delete from claim where destination = :destination")
                                .bind("destination", destination)
                                .execute());
    }
}
