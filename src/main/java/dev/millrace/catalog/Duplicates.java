package dev.millrace.catalog;

import dev.millrace.core.JobId;
import org.jdbi.v3.core.Handle;

/// Sources of a job that have the content of an earlier one of the same job.
final class Duplicates {
    private Duplicates() {}

    /// Marks them, and forgets their splits; the objects stay until the job is cleaned up.
    ///
    /// @return how many there were
    static int leaveOut(Handle handle, JobId job) {
        var marked =
                handle.createUpdate(
                                """
                                update source
                                set same_as = first.ordinal, records = 0, bytes = 0,
                                    stored_splits = 0
                                from (select content_hash, min(ordinal) as ordinal
                                      from source where job_id = :job group by content_hash) first
                                where source.job_id = :job
                                  and source.content_hash = first.content_hash
                                  and source.ordinal > first.ordinal
                                """)
                        .bind("job", job.uuid())
                        .execute();
        for (var table : new String[] {"ledger", "split"}) {
            handle.createUpdate(
                            """
                            delete from %1$s using source
                            where %1$s.job_id = :job and source.job_id = :job
                              and source.ordinal = %1$s.source and source.same_as is not null
                            """
                                    .formatted(table))
                    .bind("job", job.uuid())
                    .execute();
        }
        handle.createUpdate(
                        """
                        update job
                        set splits = (select sum(stored_splits) from source where job_id = :job)
                        where id = :job
                        """)
                .bind("job", job.uuid())
                .execute();
        return marked;
    }
}
