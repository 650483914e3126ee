package dev.millrace.catalog;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.HeldSource;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceReading;
import dev.millrace.core.Split;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.Upload;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// The uploads of jobs while they are received; what interrupts them is [UploadInterruptions]'.
/// Thread-safe.
///
/// Every change asks for the upload's term in the statement that makes it.
final class Uploads {
    /// Narrows a statement on jobs to the upload's, as long as nobody interrupted it or took it
    /// over.
    static final String RECEIVED =
            """
            job.id = :job and job.upload_term = :term and job.upload_receiver is not null
            and job.phase = 'UPLOADING' and not job.is_final
            """;

    private final Database database;

    Uploads(Database database) {
        this.database = database;
    }

    Optional<Upload> begin(JobId id, UploadReceiver receiver, UploadRequest asked) {
        return database.change(
                id,
                "begin the upload of the job %s".formatted(id),
                handle -> {
                    // of a job that went on to its next source meanwhile, only a new look sees that
                    var waiting =
                            UploadBegin.find(handle, id).or(() -> UploadBegin.find(handle, id));
                    if (waiting.isEmpty()) {
                        return Optional.empty();
                    }
                    waiting.get().check(receiver, asked);
                    return Optional.of(waiting.get().begin(handle, receiver, asked));
                });
    }

    HeldSource held(JobId id, int source) {
        return database.read(
                "read what is held of the source %d of the job %s".formatted(source, id),
                handle -> held(handle, id, source));
    }

    /// The splits are read first: whether they can be rebuilt is asked after the last of them.
    private static HeldSource held(Handle handle, JobId id, int source) {
        var splits = PostgresSplits.of(handle, id, source);
        return handle.createQuery(
                        """
                        select source.*, source_head.bytes as head
                        from source left join source_head using (job_id, ordinal)
                        where job_id = :job and ordinal = :source
                        """)
                .bind("job", id.uuid())
                .bind("source", source)
                .map((rs, _) -> held(rs, splits))
                .one();
    }

    private static HeldSource held(ResultSet rs, List<Split> splits) throws SQLException {
        return new HeldSource(
                JobRows.reading(rs),
                sizes(rs),
                rs.getBoolean("rebuildable") ? rs.getBytes("head") : null,
                splits);
    }

    private static @Nullable SplitSizes sizes(ResultSet rs) throws SQLException {
        var first = rs.getObject("first_split_bytes", Integer.class);
        return first == null
                ? null
                : new SplitSizes(
                        first, rs.getInt("max_split_bytes"), rs.getInt("max_split_records"));
    }

    boolean pinReading(
            Upload upload, SourceReading reading, SplitSizes sizes, byte @Nullable [] head) {
        var header = reading.header().stream().map(Rows::storable).toList();
        var wanted = reading.with(header);
        return database.read(
                "pin how the source of the job %s is read".formatted(upload.job()),
                handle -> {
                    if (pin(handle, upload, wanted, sizes, head != null)) {
                        putHead(handle, upload, head);
                        return true;
                    }
                    return isHeld(handle, upload) && requirePinned(handle, upload, wanted, sizes);
                });
    }

    /// As long as no split was read otherwise.
    private static boolean pin(
            Handle handle,
            Upload upload,
            SourceReading reading,
            SplitSizes sizes,
            boolean rebuildable) {
        return bound(
                                handle.createUpdate(
                                        """
                                        with received as (
                                            select id, upload_source from job
                                            where %s
                                            for no key update
                                        )
                                        update source
                                        set compression = :compression, encoding = :encoding,
                                            delimiter = :delimiter, quote = :quote,
                                            line_break = :lineBreak, format = :format,
                                            escape = :escape, comment = :comment,
                                            trailing_delimiter = :trailing, skipped = :skipped,
                                            confidence = :confidence, reasons = :reasons,
                                            header = :header, first_split_bytes = :firstBytes,
                                            max_split_bytes = :maxBytes,
                                            max_split_records = :maxRecords,
                                            rebuildable = :rebuildable
                                        from received
                                        where source.job_id = received.id
                                          and source.ordinal = received.upload_source
                                          and source.stored_splits = 0
                                        """
                                                .formatted(RECEIVED)),
                                upload)
                        .bind("compression", reading.compression())
                        .bind("encoding", reading.encoding())
                        .bind("delimiter", reading.dialect().delimiter())
                        .bind("quote", JobRows.text(reading.dialect().quote()))
                        .bind("lineBreak", JobRows.text(reading.dialect().lineBreak()))
                        .bind("format", reading.format())
                        .bind("escape", reading.dialect().escape())
                        .bind("comment", JobRows.text(reading.dialect().comment()))
                        .bind("trailing", reading.dialect().trailing())
                        .bind("skipped", reading.skipped())
                        .bind("confidence", reading.evidence().confidence())
                        .bindArray("reasons", String.class, reading.evidence().reasons())
                        .bindArray("header", String.class, reading.header())
                        .bind("firstBytes", sizes.firstBytes())
                        .bind("maxBytes", sizes.maxBytes())
                        .bind("maxRecords", sizes.maxRecords())
                        .bind("rebuildable", rebuildable)
                        .execute()
                == 1;
    }

    private static void putHead(Handle handle, Upload upload, byte @Nullable [] head) {
        if (head == null) {
            return;
        }
        handle.createUpdate(
                        """
                        insert into source_head (job_id, ordinal, bytes) values (:job, :source, :bytes)
                        on conflict (job_id, ordinal) do update set bytes = excluded.bytes
                        """)
                .bind("job", upload.job().uuid())
                .bind("source", upload.source())
                .bind("bytes", head)
                .execute();
    }

    private static boolean requirePinned(
            Handle handle, Upload upload, SourceReading reading, SplitSizes sizes) {
        var held = held(handle, upload.job(), upload.source());
        if (!reading.equals(held.reading()) || !sizes.equals(held.sizes())) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_CHANGED,
                    "The source of the job %s is read as %s, and cannot be read as %s any more"
                            .formatted(upload.job(), held.reading(), reading),
                    "Send the same file again, or load this one with a new job.",
                    null);
        }
        return true;
    }

    boolean touch(Upload upload) {
        return database.read(
                "touch the upload of the job %s".formatted(upload.job()),
                handle ->
                        bound(
                                                handle.createUpdate(
                                                        "update job set upload_alive_at = now() where "
                                                                + RECEIVED),
                                                upload)
                                        .execute()
                                == 1);
    }

    /// The totals are stored, and the job goes on to its next source or to loading, in one
    /// statement: an upload is over or it is not.
    boolean finish(Upload upload, IntakeTotals totals) {
        return database.change(
                upload.job(),
                "end the upload of the source %d of the job %s"
                        .formatted(upload.source(), upload.job()),
                handle ->
                        end(handle, upload, totals)
                                || endedBefore(handle, upload, totals)
                                || isWanted(handle, upload, totals));
    }

    private static boolean end(Handle handle, Upload upload, IntakeTotals totals) {
        return bound(
                                handle.createUpdate(
                                        """
                                        with finished as (
                                            update job
                                            set phase = case when upload_source + 1 < sources
                                                        then phase else 'LOADING' end,
                                                upload_receiver
                                                    = case when upload_source + 1 < sources
                                                      then null else upload_receiver end,
                                                upload_source
                                                    = least(upload_source + 1, sources - 1),
                                                upload_alive_at = now()
                                            from source
                                            where source.job_id = job.id
                                              and source.ordinal = job.upload_source
                                              and source.stored_splits = :splits and %s
                                            returning job.id
                                        )
                                        update source
                                        set records = :records, bytes = :bytes,
                                            received_bytes = :sourceBytes,
                                            content_hash = :contentHash
                                        from finished
                                        where source.job_id = finished.id
                                          and source.ordinal = :source
                                        """
                                                .formatted(RECEIVED)),
                                upload)
                        .bind("source", upload.source())
                        .bind("splits", totals.splits())
                        .bind("records", totals.records())
                        .bind("bytes", totals.bytes())
                        .bind("sourceBytes", totals.sourceBytes())
                        .bind("contentHash", totals.contentHash())
                        .execute()
                == 1;
    }

    /// Whether the source has had its end before, which must be the same.
    private static boolean endedBefore(Handle handle, Upload upload, IntakeTotals totals) {
        var hash =
                handle.createQuery(
                                """
                                select content_hash
                                from source join job on job.id = source.job_id
                                where job.id = :job and ordinal = :source and not is_final
                                  and (content_hash = :hash
                                       or content_hash is not null and upload_term = :term)
                                """)
                        .bind("job", upload.job().uuid())
                        .bind("source", upload.source())
                        .bind("hash", totals.contentHash())
                        .bind("term", upload.term())
                        .mapTo(String.class)
                        .findOne();
        if (hash.isPresent() && !hash.get().equals(totals.contentHash())) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "The upload of the job %s ended with the content %s before, and with %s now"
                            .formatted(upload.job(), hash.get(), totals.contentHash()));
        }
        return hash.isPresent();
    }

    /// Why an upload did not end.
    ///
    /// @return false when the job is final
    private static boolean isWanted(Handle handle, Upload upload, IntakeTotals totals) {
        if (!isHeld(handle, upload)) {
            return false;
        }
        throw new MillraceException(
                ErrorCode.INTERNAL_ERROR,
                "Intake cut the source %d of the job %s into %d splits, but the catalog has %d"
                        .formatted(
                                upload.source(),
                                upload.job(),
                                totals.splits(),
                                PostgresSplits.of(handle, upload.job(), upload.source()).size()));
    }

    /// Whether the upload's job still wants it, for a statement that changed nothing.
    ///
    /// @return false when the job is final
    /// @throws MillraceException LEASE_LOST when it was interrupted or taken over
    static boolean isHeld(Handle handle, Upload upload) {
        var held =
                bound(
                                handle.createQuery(
                                        """
                                        select case when is_final then null
                                               else upload_term = :term
                                                    and upload_receiver is not null end
                                        from job where id = :job
                                        """),
                                upload)
                        .mapTo(Boolean.class)
                        .findOne();
        if (held.isEmpty()) {
            return false;
        }
        if (!held.get()) {
            throw new MillraceException(
                    ErrorCode.LEASE_LOST,
                    "The upload of the job %s was interrupted, or another took it over"
                            .formatted(upload.job()));
        }
        return true;
    }

    static <S extends SqlStatement<S>> S bound(S statement, Upload upload) {
        return statement.bind("job", upload.job().uuid()).bind("term", upload.term());
    }
}
