package dev.millrace.catalog;

import dev.millrace.core.Cause;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Digest;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Escape;
import dev.millrace.core.Evidence;
import dev.millrace.core.Format;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.JobLinks;
import dev.millrace.core.JobState;
import dev.millrace.core.JobTimes;
import dev.millrace.core.LedgerTotals;
import dev.millrace.core.LoadMode;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.Source;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.Undo;
import dev.millrace.core.UploadStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/// Reads jobs. Thread-safe.
final class JobRows {
    /// Every job with the source that is received now, or was last; to be narrowed by what the
    /// caller appends. The others of a job that has several are read by [#mapper].
    static final String SELECT =
            """
            select job.*, source.*,
                   exists (select from source_pull where source_pull.job_id = job.id) as is_pulled
            from job join source on source.job_id = job.id and source.ordinal = job.upload_source
            """;

    private final ModelVersions models;
    private final Duration uploadExpiry;

    /// @param uploadExpiry how long an upload waits for its beginning, or for its rest
    JobRows(ModelVersions models, Duration uploadExpiry) {
        this.models = models;
        this.uploadExpiry = uploadExpiry;
    }

    Job get(Handle handle, JobId id) {
        return find(handle, id)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND, "There is no job %s".formatted(id)));
    }

    Optional<Job> find(Handle handle, JobId id) {
        return handle.createQuery(SELECT + "where job.id = :id")
                .bind("id", id.uuid())
                .map(mapper(handle))
                .findOne();
    }

    /// Maps rows of [#SELECT].
    RowMapper<Job> mapper(Handle handle) {
        return (rs, _) -> map(rs, handle);
    }

    private Job map(ResultSet rs, Handle handle) throws SQLException {
        return new Job(
                new JobId(Rows.uuid(rs, "id")),
                rs.getLong("number"),
                models.get(handle, Rows.uuid(rs, "model_id"), rs.getInt("model_version")),
                options(rs),
                JobState.valueOf(rs.getString("state")),
                Phase.valueOf(rs.getString("phase")),
                rs.getInt("attempt"),
                rs.getInt("first_attempt"),
                rs.getInt("epoch"),
                sources(rs, handle),
                rs.getInt("upload_source"),
                rs.getInt("splits"),
                rs.getBoolean("splits_kept"),
                totals(rs),
                cause(rs, "cause"),
                rs.getString("server_id"),
                rs.getString("note"),
                new JobLinks(
                        idOrNull(rs, "parent"),
                        idOrNull(rs, "duplicate_of"),
                        idOrNull(rs, "replaced_by")),
                undo(rs),
                new JobTimes(
                        Rows.instant(rs, "created_at"),
                        Rows.instantOrNull(rs, "started_at"),
                        Rows.instantOrNull(rs, "published_at"),
                        Rows.instantOrNull(rs, "finished_at")),
                rs.getString("owner"),
                rs.getString("workspace"));
    }

    private List<Source> sources(ResultSet rs, Handle handle) throws SQLException {
        return rs.getInt("sources") == 1
                ? List.of(source(rs))
                : handle.createQuery(
                                """
                                select job.phase, job.is_final, job.upload_source,
                                       job.upload_receiver, job.upload_alive_at, source.*,
                                       exists (select from source_pull
                                               where source_pull.job_id = job.id) as is_pulled
                                from job join source on source.job_id = job.id
                                where job.id = :id
                                order by source.ordinal
                                """)
                        .bind("id", Rows.uuid(rs, "id"))
                        .map((row, _) -> source(row))
                        .list();
    }

    private Source source(ResultSet rs) throws SQLException {
        return new Source(
                rs.getInt("ordinal"),
                rs.getString("name"),
                told(rs),
                reading(rs),
                rs.getLong("declared_bytes"),
                rs.getLong("received_bytes"),
                rs.getLong("records"),
                rs.getLong("bytes"),
                rs.getString("content_hash"),
                upload(rs),
                rs.getObject("same_as", Integer.class));
    }

    private static SourceOptions told(ResultSet rs) throws SQLException {
        return new SourceOptions(
                constant(Format.class, rs.getString("given_format")),
                constant(Encoding.class, rs.getString("given_encoding")),
                rs.getString("given_delimiter"),
                character(rs.getString("given_quote")),
                constant(Escape.class, rs.getString("given_escape")),
                character(rs.getString("given_comment")),
                rs.getObject("given_trailing", Boolean.class),
                rs.getObject("given_skip", Integer.class),
                rs.getString("given_sheet"),
                columns(rs));
    }

    private static <T extends Enum<T>> @Nullable T constant(Class<T> type, @Nullable String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }

    private @Nullable UploadStatus upload(ResultSet rs) throws SQLException {
        var ahead = rs.getInt("ordinal") - rs.getInt("upload_source");
        if (ahead < 0 || Phase.valueOf(rs.getString("phase")) != Phase.UPLOADING) {
            return new UploadStatus(
                    UploadStatus.State.COMPLETE, rs.getLong("received_bytes"), null);
        }
        if (rs.getBoolean("is_final")) {
            return null;
        }
        if (ahead > 0) {
            return new UploadStatus(UploadStatus.State.WAITING, 0, null);
        }
        if (rs.getString("upload_receiver") != null) {
            return new UploadStatus(UploadStatus.State.RECEIVING, offset(rs), null);
        }
        return new UploadStatus(
                rs.getString("store_id") == null
                        ? UploadStatus.State.WAITING
                        : UploadStatus.State.INTERRUPTED,
                offset(rs),
                rs.getBoolean("is_pulled")
                        ? null
                        : Rows.instant(rs, "upload_alive_at").plus(uploadExpiry));
    }

    /// Where an upload that is not complete may go on.
    static long offset(ResultSet rs) throws SQLException {
        return rs.getBoolean("rebuildable") ? rs.getLong("received_bytes") : 0;
    }

    /// How a row's source is read, or null when that is not pinned.
    static @Nullable SourceReading reading(ResultSet rs) throws SQLException {
        var compression = rs.getString("compression");
        return compression == null
                ? null
                : new SourceReading(
                        Compression.valueOf(compression),
                        Encoding.valueOf(rs.getString("encoding")),
                        format(rs),
                        dialect(rs),
                        rs.getInt("skipped"),
                        Rows.texts(rs, "header"),
                        format(rs).isDelimited() && columns(rs) == null,
                        evidence(rs));
    }

    private static Format format(ResultSet rs) throws SQLException {
        var format = constant(Format.class, rs.getString("format"));
        return format == null ? Format.CSV : format;
    }

    private static Dialect dialect(ResultSet rs) throws SQLException {
        var escape = constant(Escape.class, rs.getString("escape"));
        return new Dialect(
                rs.getString("delimiter"),
                sign(rs.getString("quote")),
                lineBreak(rs),
                escape == null ? Escape.NONE : escape,
                sign(Objects.requireNonNullElse(rs.getString("comment"), "")),
                rs.getBoolean("trailing_delimiter"));
    }

    private static Evidence evidence(ResultSet rs) throws SQLException {
        return rs.getArray("reasons") == null
                ? Evidence.NONE
                : new Evidence(rs.getInt("confidence"), Rows.texts(rs, "reasons"));
    }

    /// Those of earlier builds know one only.
    private static char lineBreak(ResultSet rs) throws SQLException {
        var text = rs.getString("line_break");
        return text == null ? '\n' : text.charAt(0);
    }

    private static @Nullable List<String> columns(ResultSet rs) throws SQLException {
        return rs.getArray("given_columns") == null ? null : Rows.texts(rs, "given_columns");
    }

    private static LedgerTotals totals(ResultSet rs) throws SQLException {
        return new LedgerTotals(
                rs.getInt("ledger_splits"),
                rs.getLong("ledger_read"),
                rs.getLong("ledger_bytes_read"),
                new Digest(
                        rs.getLong("ledger_rows"),
                        rs.getLong("ledger_row_sum"),
                        rs.getLong("ledger_row_hash")),
                rs.getLong("ledger_rejected"),
                rs.getLong("ledger_source_bytes"),
                rs.getLong("ledger_kept"));
    }

    private static LoadOptions options(ResultSet rs) throws SQLException {
        return new LoadOptions(
                LoadMode.valueOf(rs.getString("mode")),
                IfLoaded.valueOf(rs.getString("if_loaded")),
                new MaxRejected(
                        rs.getObject("max_rejected_rows", Long.class),
                        rs.getObject("max_rejected_percent", Double.class)),
                rs.getBoolean("through_views"),
                rs.getBoolean("dry_run"));
    }

    private static @Nullable JobId idOrNull(ResultSet rs, String column) throws SQLException {
        var id = rs.getObject(column, UUID.class);
        return id == null ? null : new JobId(id);
    }

    private static @Nullable Undo undo(ResultSet rs) throws SQLException {
        var state = rs.getString("undo");
        return state == null
                ? null
                : new Undo(
                        Undo.State.valueOf(state), Rows.instant(rs, "undo_at"), cause(rs, "undo"));
    }

    /// @param of what its columns' names begin with
    private static @Nullable Cause cause(ResultSet rs, String of) throws SQLException {
        var code = rs.getString(of + "_code");
        return code == null
                ? null
                : new Cause(
                        ErrorCode.valueOf(code),
                        rs.getString(of + "_message"),
                        rs.getString(of + "_remedy"));
    }

    private static @Nullable Character character(@Nullable String text) {
        return text == null ? null : sign(text);
    }

    /// What [#text] stores.
    static char sign(String text) {
        return text.isEmpty() ? Dialect.NO_QUOTE : text.charAt(0);
    }

    /// A delimiter or quote as it is stored: [Dialect#NO_QUOTE], which PostgreSQL cannot hold, as
    /// an empty text.
    static @Nullable String text(@Nullable Character character) {
        if (character == null) {
            return null;
        }
        return character == Dialect.NO_QUOTE ? "" : character.toString();
    }
}
