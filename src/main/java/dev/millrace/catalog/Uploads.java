package dev.millrace.catalog;

import dev.millrace.core.Catalog.IntakeTotals;
import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.SourceReading;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/// The uploads of jobs. Thread-safe.
final class Uploads {
    private static final Cause RECEIVER_GONE =
            new Cause(
                    ErrorCode.UPLOAD_INTERRUPTED,
                    "The server that received the upload went away",
                    "Load the file again.");

    private final Database database;
    private final JobRows rows;

    Uploads(Database database, JobRows rows) {
        this.database = database;
        this.rows = rows;
    }

    boolean begin(JobId id, String receiver, long declaredBytes) {
        return database.read(
                "begin the upload of the job %s".formatted(id),
                handle ->
                        handle.createUpdate(
                                                """
                                                with begun as (
                                                    update job
                                                    set upload_receiver = :receiver,
                                                        upload_alive_at = now()
                                                    where id = :id and upload_receiver is null
                                                      and phase = 'UPLOADING' and not is_final
                                                    returning id
                                                )
                                                update source set declared_bytes = :declaredBytes
                                                from begun
                                                where source.job_id = begun.id
                                                """)
                                        .bind("id", id.uuid())
                                        .bind("receiver", receiver)
                                        .bind("declaredBytes", declaredBytes)
                                        .execute()
                                == 1);
    }

    void pinReading(JobId id, SourceReading reading) {
        var header = reading.header().stream().map(Rows::storable).toList();
        var wanted =
                new SourceReading(
                        reading.compression(), reading.encoding(), reading.dialect(), header);
        var pinned =
                database.read(
                        "pin how the source of the job %s is read".formatted(id),
                        handle -> {
                            pin(handle, id, wanted);
                            return rows.get(handle, id).source().reading();
                        });
        if (!wanted.equals(pinned)) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "The source of the job %s is read as %s, and cannot be read as %s any more"
                            .formatted(id, pinned, wanted));
        }
    }

    private static void pin(Handle handle, JobId id, SourceReading reading) {
        handle.createUpdate(
                        """
                        update source
                        set compression = :compression, encoding = :encoding,
                            delimiter = :delimiter, quote = :quote, header = :header
                        where job_id = :id and ordinal = 0 and compression is null
                        """)
                .bind("id", id.uuid())
                .bind("compression", reading.compression())
                .bind("encoding", reading.encoding())
                .bind("delimiter", JobRows.text(reading.dialect().delimiter()))
                .bind("quote", JobRows.text(reading.dialect().quote()))
                .bindArray("header", String.class, reading.header())
                .execute();
    }

    void touch(JobId id) {
        database.read(
                "touch the upload of the job %s".formatted(id),
                handle ->
                        handle.createUpdate(
                                        """
                                        update job set upload_alive_at = now()
                                        where id = :id and phase = 'UPLOADING' and not is_final
                                        """)
                                .bind("id", id.uuid())
                                .execute());
    }

    boolean finish(JobId id, IntakeTotals totals) {
        return database.change(
                "end the upload of the job %s".formatted(id),
                handle -> {
                    var finished =
                            handle.createUpdate(
                                            """
                                            with finished as (
                                                update job set phase = 'LOADING'
                                                where id = :id and phase = 'UPLOADING'
                                                  and not is_final and splits = :splits
                                                returning id
                                            )
                                            update source
                                            set records = :records, bytes = :bytes,
                                                received_bytes = :sourceBytes,
                                                content_hash = :contentHash
                                            from finished
                                            where source.job_id = finished.id
                                            """)
                                    .bind("id", id.uuid())
                                    .bind("splits", totals.splits())
                                    .bind("records", totals.records())
                                    .bind("bytes", totals.bytes())
                                    .bind("sourceBytes", totals.sourceBytes())
                                    .bind("contentHash", totals.contentHash())
                                    .execute();
                    return finished == 1 || finishedBefore(rows.get(handle, id), totals);
                });
    }

    private static boolean finishedBefore(Job job, IntakeTotals totals) {
        if (job.state().isFinal()) {
            return false;
        }
        if (job.phase() == Phase.UPLOADING || job.splits() != totals.splits()) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "Intake cut the source of the job %s into %d splits, but the catalog has %d"
                            .formatted(job.id(), totals.splits(), job.splits()));
        }
        if (!totals.contentHash().equals(job.source().contentHash())) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "The upload of the job %s ended with the content %s before, and with %s now"
                            .formatted(job.id(), job.source().contentHash(), totals.contentHash()));
        }
        return true;
    }

    int failSilent(Duration silence, Cause cause) {
        var sql =
                """
                update job
                set state = 'FAILED', cause_code = :code, cause_message = :message,
                    cause_remedy = :remedy, finished_at = now()
                where cleaned_at is null and phase = 'UPLOADING' and is_stoppable
                  and upload_alive_at < now() - :silence * interval '1 millisecond'
                """;
        return database.change(
                "fail silent uploads",
                handle ->
                        Rows.bindCause(handle.createUpdate(sql), cause)
                                .bind("silence", silence.toMillis())
                                .execute());
    }

    /// Fails the uploads that processes received that are gone.
    static int failAll(Handle handle, String receiverPrefix) {
        return Rows.bindCause(
                        handle.createUpdate(
                                """
                                update job
                                set state = 'FAILED', cause_code = :code, cause_message = :message,
                                    cause_remedy = :remedy, finished_at = now()
                                where cleaned_at is null and phase = 'UPLOADING' and is_stoppable
                                  and starts_with(upload_receiver, :prefix)
                                """),
                        RECEIVER_GONE)
                .bind("prefix", receiverPrefix)
                .execute();
    }
}
