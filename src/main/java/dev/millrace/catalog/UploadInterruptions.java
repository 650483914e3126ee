package dev.millrace.catalog;

import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Upload;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// What happens to uploads whose sender or receiver is gone: those that can be continued wait for
/// it, until they expire; the others fail. Thread-safe.
final class UploadInterruptions {
    private static final Cause RECEIVER_GONE =
            new Cause(
                    ErrorCode.UPLOAD_INTERRUPTED,
                    "The server that received the upload went away",
                    "Load the file again.");

    /// Narrows a statement to uploads that somebody receives.
    private static final String RECEIVED =
            """
            cleaned_at is null and phase = 'UPLOADING' and is_stoppable
            and upload_receiver is not null
            """;

    private static final String FAIL =
            """
            update job
            set state = 'FAILED', cause_code = :code, cause_message = :message,
                cause_remedy = :remedy, finished_at = now()
            where
            """;

    /// The time that an interrupted upload waits begins.
    private static final String INTERRUPT =
            """
            update job set upload_receiver = null, upload_alive_at = now()
            where
            """;

    private final Database database;
    private final Duration expiry;

    /// @param expiry how long an upload waits for its beginning, or for its rest
    UploadInterruptions(Database database, Duration expiry) {
        this.database = database;
        this.expiry = expiry;
    }

    void interrupt(Upload upload) {
        database.change(
                "interrupt the upload of the job %s".formatted(upload.job()),
                handle ->
                        Uploads.bound(handle.createUpdate(INTERRUPT + Uploads.RECEIVED), upload)
                                .execute());
    }

    boolean fail(Upload upload, Cause cause) {
        return database.change(
                "fail the upload of the job %s".formatted(upload.job()),
                handle ->
                        Uploads.bound(
                                                Rows.bindCause(
                                                        handle.createUpdate(
                                                                FAIL + Uploads.RECEIVED),
                                                        cause),
                                                upload)
                                        .execute()
                                == 1);
    }

    int interruptSilent(Duration silence, Cause cause) {
        return database.change(
                "interrupt silent uploads",
                handle ->
                        end(
                                handle,
                                "upload_alive_at < now() - :silence * interval '1 millisecond'",
                                cause,
                                update -> update.bind("silence", silence.toMillis())));
    }

    /// Those that processes received that are gone.
    static int interruptAll(Handle handle, String receiverPrefix) {
        return end(
                handle,
                "starts_with(upload_receiver, :prefix)",
                RECEIVER_GONE,
                update -> update.bind("prefix", receiverPrefix));
    }

    /// What completes a statement.
    private interface Binding {
        Update bind(Update update);
    }

    private static int end(Handle handle, String which, Cause cause, Binding binding) {
        var interrupt = INTERRUPT + RECEIVED + "and upload_continuable and " + which;
        var fail = FAIL + RECEIVED + "and not upload_continuable and " + which;
        return binding.bind(handle.createUpdate(interrupt)).execute()
                + binding.bind(Rows.bindCause(handle.createUpdate(fail), cause)).execute();
    }

    int expire() {
        return database.change(
                "fail expired uploads",
                handle ->
                        expire(handle, "upload_term = 0", "No source came within %s")
                                + expire(
                                        handle,
                                        "upload_term > 0",
                                        "The upload was interrupted, and not continued within %s"));
    }

    private int expire(Handle handle, String which, String message) {
        var cause =
                new Cause(
                        ErrorCode.UPLOAD_INTERRUPTED,
                        message.formatted(text(expiry)),
                        "Load the file again.");
        var sql =
                FAIL
                        + """
                        cleaned_at is null and phase = 'UPLOADING' and is_stoppable
                        and upload_receiver is null
                        and upload_alive_at < now() - :expiry * interval '1 millisecond'
                        -- what a server fetches waits for no sender
                        and not exists (select from source_pull where job_id = job.id) and
                        """
                        + which;
        return Rows.bindCause(handle.createUpdate(sql), cause)
                .bind("expiry", expiry.toMillis())
                .execute();
    }

    /// In the largest unit that tells it whole.
    private static String text(Duration duration) {
        var seconds = duration.toSeconds();
        if (seconds > 0 && seconds % 3600 == 0) {
            return "%d hours".formatted(seconds / 3600);
        }
        return seconds > 0 && seconds % 60 == 0
                ? "%d minutes".formatted(seconds / 60)
                : "%d seconds".formatted(seconds);
    }
}
