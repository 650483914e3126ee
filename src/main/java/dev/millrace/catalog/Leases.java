package dev.millrace.catalog;

import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.Lease;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.Replaced;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/// The leases of jobs, and what only their holders may do. Thread-safe.
///
/// Every change asks for its lease in the statement that makes it, and PostgreSQL asks again when
/// that statement had to wait for the row. So it asks by `clock_timestamp()`: `now()` is the time
/// when the waiting began.
final class Leases {
    /// Narrows a statement to the lease's job, as long as the lease holds.
    private static final String HELD =
            """
            where id = :job and lease_holder = :holder and lease_term = :term
              and lease_until > clock_timestamp()
            """;

    private static final String FREE = "lease_holder = null, lease_until = null\n";

    private static final String UNTIL =
            "lease_until = clock_timestamp() + :ttl * interval '1 millisecond'\n";

    private static final String FINISHED =
            """
            state = :state, cause_code = :code, cause_message = :message, cause_remedy = :remedy,
            finished_at = now()
            """;

    /// An attempt that nobody has worked at. One that follows a publish keeps the epoch: what was
    /// kept aside for that has it in its name.
    static final String NEW_ATTEMPT =
            """
            attempt = attempt + 1,
            ledger_splits = 0, ledger_read = 0, ledger_bytes_read = 0, ledger_rows = 0,
            ledger_row_sum = 0, ledger_row_hash = 0, ledger_rejected = 0, ledger_source_bytes = 0,
            ledger_kept = 0
            """;

    private final Database database;

    Leases(Database database) {
        this.database = database;
    }

    Optional<Lease> acquire(String holder, Duration ttl) {
        var sql =
                """
                update job
                set lease_holder = :holder, lease_term = lease_term + 1, %s
                where id = (
                    select id from job
                    where cleaned_at is null and (lease_until is null or lease_until <= now())
                      and (is_final or phase <> 'UPLOADING' or splits > ledger_splits
                          or upload_receiver is not null)
                    order by number
                    limit 1
                    for no key update skip locked)
                returning id, lease_term
                """
                        .formatted(UNTIL);
        return database.single(
                "acquire a job for %s".formatted(holder),
                handle ->
                        handle.createQuery(sql)
                                .bind("holder", holder)
                                .bind("ttl", ttl.toMillis())
                                .map((rs, _) -> {
                                    var job = new JobId(Rows.uuid(rs, "id"));
                                    return new Lease(job, holder, rs.getLong("lease_term"));
                                })
                                .findOne());
    }

    static int releaseAll(Handle handle, String holderPrefix) {
        return handle.createUpdate(
                        "update job set "
                                + FREE
                                + "where cleaned_at is null and starts_with(lease_holder, :prefix)")
                .bind("prefix", holderPrefix)
                .execute();
    }

    void release(Lease lease) {
        database.changeSingle(
                lease.job(),
                "give up the lease of the job %s".formatted(lease.job()),
                handle ->
                        bound(handle.createUpdate("update job set " + FREE + HELD), lease)
                                .execute());
    }

    boolean renew(Lease lease, Duration ttl) {
        return database.single(
                "renew the lease of the job %s".formatted(lease.job()),
                handle ->
                        bound(handle.createUpdate("update job set " + UNTIL + HELD), lease)
                                        .bind("ttl", ttl.toMillis())
                                        .execute()
                                == 1);
    }

    void pinServer(Lease lease, String serverId) {
        var sql =
                "update job set server_id = coalesce(server_id, :server)\n"
                        + HELD
                        + "and not is_final returning server_id";
        var pinned =
                database.single(
                        "pin the destination's server of the job %s".formatted(lease.job()),
                        handle ->
                                ask(
                                        handle,
                                        lease,
                                        sql,
                                        q -> q.bind("server", serverId),
                                        String.class));
        if (!pinned.equals(serverId)) {
            throw new MillraceException(
                    ErrorCode.SERVER_CHANGED,
                    "The job %s began on the server %s, but %s answers now"
                            .formatted(lease.job(), pinned, serverId),
                    "Bring the first server back, or start a new job.",
                    null);
        }
    }

    int raiseEpoch(Lease lease) {
        var sql = "update job set epoch = epoch + 1\n" + HELD + "returning epoch";
        return database.single(
                "raise the epoch of the job %s".formatted(lease.job()),
                handle -> ask(handle, lease, sql, q -> q, Integer.class));
    }

    void advance(Lease lease, Phase from, Phase to) {
        var ownStep = to == Phase.PUBLISHING || to == Phase.PUBLISHED;
        if (from == Phase.UPLOADING || to.compareTo(from) <= 0 || ownStep) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "The owner of the job %s cannot bring it from %s to %s"
                            .formatted(lease.job(), from, to));
        }
        database.changeSingle(
                lease.job(),
                "bring the job %s from %s to %s".formatted(lease.job(), from, to),
                handle -> advance(handle, lease, from, to));
    }

    private static int advance(Handle handle, Lease lease, Phase from, Phase to) {
        return change(
                handle,
                lease,
                "update job set phase = :to\n" + HELD + "and phase = :from and not is_final",
                u -> u.bind("from", from).bind("to", to));
    }

    int newAttempt(Lease lease) {
        var sql =
                "update job set "
                        + NEW_ATTEMPT
                        + ", epoch = 0, phase = case phase when 'UPLOADING' then phase else 'LOADING' end\n"
                        + HELD
                        + "and is_stoppable returning attempt";
        return database.change(
                lease.job(),
                "begin a new attempt of the job %s".formatted(lease.job()),
                handle -> {
                    var attempt = ask(handle, lease, sql, q -> q, Integer.class);
                    resetSplits(handle, lease.job(), attempt);
                    return attempt;
                });
    }

    int leaveDuplicatesOut(Lease lease) {
        var sql =
                "update job set "
                        + NEW_ATTEMPT
                        + ", first_attempt = attempt + 1, epoch = 0, phase = 'LOADING'\n"
                        + HELD
                        + "and is_stoppable and phase <> 'UPLOADING' returning attempt";
        return database.change(
                lease.job(),
                "leave out what the job %s has twice".formatted(lease.job()),
                handle -> {
                    var attempt = ask(handle, lease, sql, q -> q, Integer.class);
                    var gone = Duplicates.leaveOut(handle, lease.job());
                    resetSplits(handle, lease.job(), attempt);
                    return gone;
                });
    }

    static void resetSplits(Handle handle, JobId job, int attempt) {
        handle.createUpdate(
                        """
                        update split
                        set attempt = :attempt, alive_at = null, starts = 0, worker = null,
                            done = false
                        where job_id = :job
                        """)
                .bind("attempt", attempt)
                .bind("job", job.uuid())
                .execute();
    }

    void finish(Lease lease, JobState state, @Nullable Cause cause) {
        if (!state.isFinal() || (state == JobState.FAILED) != (cause != null)) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "The job %s cannot end as %s with the cause %s"
                            .formatted(lease.job(), state, cause));
        }
        database.change(
                lease.job(),
                "end the job %s as %s".formatted(lease.job(), state),
                handle -> {
                    change(
                            handle,
                            lease,
                            "update job set " + FINISHED + HELD + "and not is_final",
                            u -> Rows.bindCause(u.bind("state", state), cause));
                    var keeps = cause == null || cause.code() == ErrorCode.PUBLISH_UNCERTAIN;
                    return keeps ? 0 : Claims.release(handle, lease.job());
                });
    }

    /// Nobody may have asked to undo it meanwhile.
    void cleaned(Lease lease, boolean splitsKept) {
        change(
                "note that the job %s is cleaned up".formatted(lease.job()),
                lease,
                "update job set cleaned_at = now(), splits_kept = :kept, "
                        + FREE
                        + HELD
                        + "and is_final and undo is distinct from 'REQUESTED'",
                u -> u.bind("kept", splitsKept));
    }

    /// Nobody may have resolved it meanwhile, who waits for it to be cleaned up.
    void leftUncertain(Lease lease) {
        change(
                "note that the job %s is left as it is".formatted(lease.job()),
                lease,
                "update job set cleaned_at = now(), "
                        + FREE
                        + HELD
                        + "and is_final and cause_code = 'PUBLISH_UNCERTAIN'",
                update -> update);
    }

    void note(Lease lease, String note) {
        change(
                "note what is done to the destination of the job %s".formatted(lease.job()),
                lease,
                "update job set note = :note\n" + HELD,
                u -> u.bind("note", note));
    }

    Optional<JobId> beginPublish(Lease lease) {
        return database.change(
                lease.job(),
                "begin to publish the job %s".formatted(lease.job()),
                handle -> {
                    var other = Claims.take(handle, lease.job());
                    if (other.isEmpty()) {
                        advance(handle, lease, Phase.AUDITED, Phase.PUBLISHING);
                    }
                    return other;
                });
    }

    void published(Lease lease, Replaced replaced) {
        database.change(
                lease.job(),
                "note that the job %s is published".formatted(lease.job()),
                handle -> {
                    change(
                            handle,
                            lease,
                            "update job set phase = 'PUBLISHED', published_at = clock_timestamp()\n"
                                    + HELD
                                    + "and phase = 'PUBLISHING' and not is_final",
                            u -> u);
                    return Claims.replace(handle, lease.job(), replaced);
                });
    }

    void finishAsDuplicate(Lease lease, JobId of, @Nullable Cause cause) {
        change(
                "end the job %s, whose content was loaded before".formatted(lease.job()),
                lease,
                "update job set duplicate_of = :of, " + FINISHED + HELD + "and not is_final",
                u ->
                        Rows.bindCause(u.bind("state", cause == null ? "SUCCESS" : "FAILED"), cause)
                                .bind("of", of.uuid()));
    }

    void undone(Lease lease) {
        database.change(
                lease.job(),
                "note that the job %s is undone".formatted(lease.job()),
                handle -> {
                    change(
                            handle,
                            lease,
                            "update job set undo = 'DONE', undo_at = now()\n"
                                    + HELD
                                    + "and undo = 'REQUESTED'",
                            u -> u);
                    return Claims.restore(handle, lease.job());
                });
    }

    void undoRefused(Lease lease, Cause cause) {
        change(
                "note that the job %s is not undone".formatted(lease.job()),
                lease,
                """
                update job
                set undo = 'REFUSED', undo_at = now(), undo_code = :code, undo_message = :message,
                    undo_remedy = :remedy
                """
                        + HELD
                        + "and undo = 'REQUESTED'",
                u -> Rows.bindCause(u, cause));
    }

    /// Makes a change that others wait for and only the holder may make.
    private void change(String doing, Lease lease, String sql, UnaryOperator<Update> binding) {
        database.changeSingle(lease.job(), doing, handle -> change(handle, lease, sql, binding));
    }

    private static int change(
            Handle handle, Lease lease, String sql, UnaryOperator<Update> binding) {
        var changed = binding.apply(bound(handle.createUpdate(sql), lease)).execute();
        if (changed == 0) {
            throw lost(lease);
        }
        return changed;
    }

    /// Makes a change that only the holder may make, and returns what came of it.
    private static <T> T ask(
            Handle handle, Lease lease, String sql, UnaryOperator<Query> binding, Class<T> type) {
        return binding.apply(bound(handle.createQuery(sql), lease))
                .mapTo(type)
                .findOne()
                .orElseThrow(() -> lost(lease));
    }

    private static <S extends SqlStatement<S>> S bound(S statement, Lease lease) {
        return statement
                .bind("job", lease.job().uuid())
                .bind("holder", lease.holder())
                .bind("term", lease.term());
    }

    private static MillraceException lost(Lease lease) {
        return new MillraceException(
                ErrorCode.LEASE_LOST,
                "%s may not change the job %s any more: its lease has passed, or the job has gone on without it"
                        .formatted(lease.holder(), lease.job()),
                "Read the job again.",
                null);
    }
}
