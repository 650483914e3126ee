package dev.millrace.catalog;

import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Replaced;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// What users ask for behind a job's end. An owner does it: a job that is not cleaned up is taken
/// by one. Thread-safe.
final class Revisions {
    private static final Cause NOT_PUBLISHED =
            new Cause(
                    ErrorCode.NOT_PUBLISHED,
                    "Publishing failed, and somebody has looked: the rows are not in the table",
                    "millrace job retry loads its file again without another upload.");

    private final Database database;

    Revisions(Database database) {
        this.database = database;
    }

    boolean retry(JobId id, LoadOptions options) {
        return database.change(
                "retry the job %s".formatted(id),
                handle -> {
                    var attempt = begin(handle, id, options);
                    attempt.ifPresent(a -> Leases.resetSplits(handle, id, a));
                    return attempt.isPresent();
                });
    }

    private static Optional<Integer> begin(Handle handle, JobId id, LoadOptions options) {
        return handle.createQuery(
                        "update job set "
                                + Leases.NEW_ATTEMPT
                                + """
                                , first_attempt = attempt + 1, state = 'PENDING', phase = 'LOADING',
                                cause_code = null, cause_message = null, cause_remedy = null,
                                started_at = null, finished_at = null, cleaned_at = null,
                                server_id = null, note = null, duplicate_of = null,
                                if_loaded = :ifLoaded, through_views = :throughViews,
                                max_rejected_rows = :rows, max_rejected_percent = :percent
                                where id = :id and state = 'FAILED' and phase <> 'UPLOADING'
                                  and splits_kept and cleaned_at is not null
                                  and cause_code <> 'PUBLISH_UNCERTAIN'
                                returning attempt
                                """)
                .bind("id", id.uuid())
                .bind("ifLoaded", options.ifLoaded())
                .bind("throughViews", options.throughViews())
                .bind("rows", options.maxRejected().rows())
                .bind("percent", options.maxRejected().percent())
                .mapTo(Integer.class)
                .findOne();
    }

    boolean requestUndo(JobId id) {
        var sql =
                """
                update job
                set undo = 'REQUESTED', undo_at = now(), undo_code = null, undo_message = null,
                    undo_remedy = null, cleaned_at = null
                where id = :id and is_final and phase = 'PUBLISHED'
                  and (undo is null or undo = 'REFUSED')
                """;
        return database.change(
                "undo the job %s".formatted(id),
                handle -> handle.createUpdate(sql).bind("id", id.uuid()).execute() == 1);
    }

    boolean resolve(JobId id, boolean published) {
        return database.change(
                "resolve the job %s".formatted(id),
                handle -> published ? isPublished(handle, id) : isNotPublished(handle, id));
    }

    private static boolean isPublished(Handle handle, JobId id) {
        var mode =
                handle.createQuery(
                                """
                                update job
                                set state = case ledger_rejected when 0 then 'SUCCESS'
                                                 else 'PARTIAL_SUCCESS' end,
                                    phase = 'PUBLISHED', published_at = now(), cause_code = null,
                                    cause_message = null, cause_remedy = null, cleaned_at = null
                                where id = :id and cause_code = 'PUBLISH_UNCERTAIN'
                                returning mode
                                """)
                        .bind("id", id.uuid())
                        .mapTo(String.class)
                        .findOne();
        mode.ifPresent(m ->
                Claims.replace(
                        handle,
                        id,
                        m.equals("REPLACE") ? new Replaced.Everything() : Replaced.NOTHING));
        return mode.isPresent();
    }

    private static boolean isNotPublished(Handle handle, JobId id) {
        var update =
                handle.createUpdate(
                                """
                                update job
                                set cause_code = :code, cause_message = :message,
                                    cause_remedy = :remedy, cleaned_at = null
                                where id = :id and cause_code = 'PUBLISH_UNCERTAIN'
                                """)
                        .bind("id", id.uuid());
        var changed = Rows.bindCause(update, NOT_PUBLISHED).execute() == 1;
        if (changed) {
            Claims.release(handle, id);
        }
        return changed;
    }
}
