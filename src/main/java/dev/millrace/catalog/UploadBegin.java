package dev.millrace.catalog;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Upload;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// A job that waits for its next source or the rest of it, held by a transaction.
///
/// @param source the ordinal of the source
/// @param term of its latest upload, 0 when there was none
/// @param received whether somebody receives it now
/// @param splits how many of the source are stored
/// @param offset where a sender may go on
record UploadBegin(
        JobId job,
        int source,
        int term,
        boolean received,
        int splits,
        long offset,
        long declaredBytes,
        @Nullable String storeId,
        @Nullable String storeHost) {

    /// @return empty when the job does not wait for a source
    static Optional<UploadBegin> find(Handle handle, JobId id) {
        return handle.createQuery(
                        """
                        select *
                        from job join source
                          on source.job_id = job.id and source.ordinal = job.upload_source
                        where job.id = :job and phase = 'UPLOADING' and not is_final
                        for no key update
                        """)
                .bind("job", id.uuid())
                .map((rs, _) -> of(id, rs))
                .findOne();
    }

    private static UploadBegin of(JobId id, ResultSet rs) throws SQLException {
        return new UploadBegin(
                id,
                rs.getInt("ordinal"),
                rs.getInt("upload_term"),
                rs.getString("upload_receiver") != null,
                rs.getInt("stored_splits"),
                JobRows.offset(rs),
                rs.getLong("declared_bytes"),
                rs.getString("store_id"),
                rs.getString("store_host"));
    }

    /// Refuses what does not fit to what is held.
    void check(UploadReceiver receiver, UploadRequest asked) {
        if (asked.source() >= 0 && asked.source() != source) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_OFFSET,
                    "The upload of the job %s goes on with source %d at byte %d, not with source %d"
                            .formatted(job, source, offset, asked.source()),
                    "Send source %d from there on.".formatted(source),
                    null);
        }
        if (received && asked.offset() < 0) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_NOT_EXPECTED,
                    "The source of the job %s is being received".formatted(job),
                    "If its sender is gone, go on with offset=%d.".formatted(offset),
                    null);
        }
        if (splits > 0 && !receiver.storeId().equals(storeId)) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_ELSEWHERE,
                    "The host %s has what was sent of the source of the job %s; this is %s"
                            .formatted(storeHost, job, receiver.host()),
                    "Send the rest to the Millrace there.",
                    null);
        }
        if (asked.offset() >= 0 && asked.offset() != offset) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_OFFSET,
                    "The upload of the job %s goes on at byte %d, not at %d"
                            .formatted(job, offset, asked.offset()),
                    "Send the source from byte %d on.".formatted(offset),
                    null);
        }
        if (splits > 0
                && declaredBytes >= 0
                && asked.declaredBytes() >= 0
                && asked.declaredBytes() != declaredBytes) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_CHANGED,
                    "The source of the job %s has %,d bytes now, and had %,d when it was first sent"
                            .formatted(job, asked.declaredBytes(), declaredBytes),
                    "Send the same file again, or load this one with a new job.",
                    null);
        }
    }

    Upload begin(Handle handle, UploadReceiver receiver, UploadRequest asked) {
        var begun = new Upload(job, source, term + 1);
        handle.createUpdate(
                        """
                        update job
                        set upload_receiver = :receiver, upload_term = :term,
                            upload_continuable = :continuable, upload_alive_at = now()
                        where id = :job
                        """)
                .bind("job", job.uuid())
                .bind("receiver", receiver.name())
                .bind("term", begun.term())
                .bind("continuable", asked.continuable())
                .execute();
        handle.createUpdate(
                        """
                        update source
                        set store_id = :store, store_host = :host, declared_bytes = :declaredBytes
                        where job_id = :job and ordinal = :ordinal
                        """)
                .bind("job", job.uuid())
                .bind("ordinal", source)
                .bind("store", receiver.storeId())
                .bind("host", receiver.host())
                .bind("declaredBytes", declared(asked))
                .execute();
        return begun;
    }

    /// What was announced before is held against a sender that goes on without saying, and stands
    /// for what one that begins does not say.
    private long declared(UploadRequest asked) {
        return (splits > 0 || storeId == null) && asked.declaredBytes() < 0
                ? declaredBytes
                : asked.declaredBytes();
    }
}
