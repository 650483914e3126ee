package dev.millrace.catalog;

import dev.millrace.core.Backlog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/// Asks what all jobs still have to do, however many splits they have: what waits is what the job's
/// own row says minus the few that are under way, so nobody reads or counts the splits that wait.
final class BacklogQuery {
    /// Whoever asks does not wait longer; a catalog that is busy has better things to do.
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /// A worker tells of each split in its hands every fifteen seconds. One that has been silent
    /// for four times as long is gone, whether or not somebody has announced its splits again.
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private static final String SELECT =
            """
            select count(*) filter (where job.state = 'PENDING') as pending_jobs,
                   count(*) filter (where job.state = 'RUNNING') as running_jobs,
                   coalesce(sum(todo.splits), 0) as splits,
                   coalesce(sum(todo.bytes), 0) as bytes,
                   coalesce(sum(under_way.announced), 0) as announced,
                   coalesce(sum(under_way.announced_bytes), 0) as announced_bytes,
                   coalesce(sum(under_way.running), 0) as running,
                   coalesce(sum(under_way.running_bytes), 0) as running_bytes,
                   coalesce(extract(epoch from
                       now() - min(least(under_way.oldest, waiting.oldest))) * 1000, 0)
                       as lag_millis
            from job
            left join lateral (
                select job.splits - job.ledger_splits as splits,
                       sum(source.bytes) - job.ledger_bytes_read as bytes
                from source where source.job_id = job.id
            ) as todo on job.is_loading
            left join lateral (
                select count(*) filter (where not in_hand) as announced,
                       sum(bytes) filter (where not in_hand) as announced_bytes,
                       count(*) filter (where in_hand) as running,
                       sum(bytes) filter (where in_hand) as running_bytes,
                       min(stored_at) as oldest
                from (
                    select bytes, stored_at,
                           worker is not null
                               and alive_at >= now() - :silence * interval '1 millisecond'
                               as in_hand
                    from split
                    where split.job_id = job.id and not done and alive_at is not null
                ) as unfinished
            ) as under_way on job.is_loading
            left join lateral (
                select stored_at as oldest
                from split
                where split.job_id = job.id and not done and alive_at is null
                order by source, number
                limit 1
            ) as waiting on job.is_loading
            where not job.is_final
            """;

    private BacklogQuery() {}

    static Backlog run(Handle handle) {
        handle.execute("set local statement_timeout = " + LIMIT.toMillis());
        return handle.createQuery(SELECT)
                .bind("silence", SILENCE.toMillis())
                .map((rs, _) -> backlog(rs))
                .one();
    }

    private static Backlog backlog(ResultSet rs) throws SQLException {
        var announced = splits(rs, "announced");
        var running = splits(rs, "running");
        return new Backlog(
                rs.getLong("pending_jobs"),
                rs.getLong("running_jobs"),
                new Backlog.Splits(
                        rs.getLong("splits") - announced.count() - running.count(),
                        rs.getLong("bytes") - announced.bytes() - running.bytes()),
                announced,
                running,
                Duration.ofMillis(Math.max(0, rs.getLong("lag_millis"))));
    }

    private static Backlog.Splits splits(ResultSet rs, String state) throws SQLException {
        return new Backlog.Splits(rs.getLong(state), rs.getLong(state + "_bytes"));
    }
}
