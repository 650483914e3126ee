package dev.millrace.catalog;

import dev.millrace.core.Before;
import dev.millrace.core.Cause;
import dev.millrace.core.Compression;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Export;
import dev.millrace.core.ExportCatalog;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportProgress;
import dev.millrace.core.ExportResult;
import dev.millrace.core.ExportTarget;
import dev.millrace.core.ExportWishes;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.ObjectName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/// Exports. Thread-safe.
final class PostgresExports implements ExportCatalog {
    private static final String SELECT = "select * from export ";

    private final Database database;

    PostgresExports(Database database) {
        this.database = database;
    }

    @Override
    public Export create(NewExport export) {
        return database.read(
                "make an export",
                handle -> {
                    if (export.request() != null) {
                        var made = made(handle, export.request());
                        if (made.isPresent()) {
                            return made.get();
                        }
                    }
                    var id = Rows.newId(candidate -> insert(handle, candidate, export));
                    return get(handle, id);
                });
    }

    private static Optional<Export> made(Handle handle, UUID request) {
        return handle.createQuery(SELECT + "where request = :request")
                .bind("request", request)
                .map((rs, _) -> export(rs))
                .findFirst();
    }

    private static boolean insert(Handle handle, UUID id, NewExport export) {
        var wishes = export.wishes();
        var target = export.target();
        return handle.createUpdate(
                                """
                                insert into export
                                    (id, connection, connection_name, query, format, compression,
                                     guard_formulas, wants_sha256, target, target_connection,
                                     target_connection_name, target_replace, owner, workspace,
                                     request)
                                values (:id, :connection, :name, :query, :format, :compression,
                                        :guard, :sha256, cast(:target as text), cast(:targetId as uuid),
                                        cast(:targetName as text), :replace, :owner, :workspace,
                                        cast(:request as uuid))
                                on conflict (public_id) do nothing
                                """)
                        .bind("id", id)
                        .bind("connection", export.connection().uuid())
                        .bind("name", export.connectionName())
                        .bind("query", Rows.storable(wishes.query()))
                        .bind("format", wishes.format())
                        .bind("compression", wishes.packing())
                        .bind("guard", wishes.guardFormulas())
                        .bind("sha256", wishes.sha256())
                        .bind("target", target == null ? null : target.object().toString())
                        .bind("targetId", target == null ? null : target.connection().uuid())
                        .bind("targetName", target == null ? null : target.connectionName())
                        .bind("replace", target != null && target.replace())
                        .bind("owner", export.owner())
                        .bind("workspace", PostgresModels.WORKSPACE)
                        .bind("request", export.request())
                        .execute()
                == 1;
    }

    private static Export get(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "where id = :id")
                .bind("id", id)
                .map((rs, _) -> export(rs))
                .one();
    }

    @Override
    public Optional<Export> find(String idOrLast) {
        var text = Rows.storable(idOrLast);
        return database.read(
                "find the export '%s'".formatted(text),
                handle ->
                        handle.createQuery(
                                        SELECT
                                                + """
                                                where workspace = :workspace
                                                  and (public_id = :text
                                                       or id = cast(:uuid as uuid)
                                                       or :text = 'last')
                                                order by number desc
                                                limit 1
                                                """)
                                .bind("workspace", PostgresModels.WORKSPACE)
                                .bind("text", text)
                                .bind("uuid", Rows.uuidOrNull(text))
                                .map((rs, _) -> export(rs))
                                .findFirst());
    }

    @Override
    public List<Export> list(@Nullable Before before, int limit) {
        return database.read(
                "list exports",
                handle ->
                        handle.createQuery(
                                        SELECT
                                                + """
                                                where workspace = :workspace
                                                  and (created_at, number) < (:before, :number)
                                                order by created_at desc, number desc
                                                limit :limit
                                                """)
                                .bind("workspace", PostgresModels.WORKSPACE)
                                .bindMap(Rows.place(before))
                                .bind("limit", limit)
                                .map((rs, _) -> export(rs))
                                .list());
    }

    @Override
    public boolean start(JobId id, String runner) {
        return change(
                id,
                "begin the export %s",
                """
                update export
                set state = 'RUNNING', runner = :runner, started_at = now(), alive_at = now()
                where id = :id and state = 'PENDING' and target is null
                """,
                update -> update.bind("runner", runner));
    }

    @Override
    public Optional<Export> startNext(String runner) {
        return database.single(
                "begin an export into a store",
                handle ->
                        handle.createQuery(
                                        """
                                        update export
                                        set state = 'RUNNING', runner = :runner, started_at = now(),
                                            alive_at = now()
                                        where id = (
                                            select id from export
                                            where state = 'PENDING' and target is not null
                                            order by number
                                            limit 1
                                            for no key update skip locked)
                                        returning *
                                        """)
                                .bind("runner", runner)
                                .map((rs, _) -> export(rs))
                                .findFirst());
    }

    @Override
    public void noteUpload(JobId id, String upload) {
        change(
                id,
                "note the upload of the export %s",
                "update export set upload = :upload where id = :id",
                update -> update.bind("upload", upload));
    }

    @Override
    public void forgetUpload(JobId id) {
        change(
                id,
                "forget the upload of the export %s",
                "update export set upload = null where id = :id",
                update -> update);
    }

    @Override
    public boolean seal(JobId id, ExportResult result) {
        return change(
                id,
                "seal the export %s",
                """
                update export
                set rows = :rows, bytes = :bytes, read_rows = :readRows, read_bytes = :readBytes,
                    total_rows = cast(:totalRows as bigint), verified = :verified,
                    sha256 = :sha256, crc32c = :crc32c, alive_at = now()
                where id = :id and state = 'RUNNING' and crc32c is null
                """,
                update -> bind(update, result));
    }

    @Override
    public void unseal(JobId id) {
        change(
                id,
                "unseal the export %s",
                """
                update export set verified = null, sha256 = null, crc32c = null
                where id = :id and state = 'RUNNING'
                """,
                update -> update);
    }

    @Override
    public boolean confirm(JobId id) {
        return change(
                id,
                "end the export %s",
                """
                update export
                set state = 'SUCCESS', upload = null, finished_at = now()
                where id = :id and state = 'RUNNING' and crc32c is not null
                """,
                update -> update);
    }

    @Override
    public List<Leftover> leftovers(@Nullable String runnerPrefix, Duration silence) {
        return database.read(
                "find what exports have left",
                handle ->
                        handle.createQuery(
                                        SELECT
                                                + """
                                                where upload is not null
                                                    and state in ('FAILED', 'CANCELLED')
                                                  or state = 'RUNNING' and crc32c is not null
                                                    and target is not null
                                                    and (starts_with(runner,
                                                             cast(:prefix as text))
                                                         or alive_at < now()
                                                             - :millis * interval '1 millisecond')
                                                order by number
                                                limit 1000
                                                """)
                                .bind("prefix", runnerPrefix)
                                .bind("millis", silence.toMillis())
                                .map((rs, _) ->
                                        new Leftover(
                                                export(rs),
                                                Objects.requireNonNull(target(rs)),
                                                rs.getString("upload")))
                                .list());
    }

    @Override
    public boolean progress(JobId id, ExportProgress progress) {
        return change(
                id,
                "keep how far the export %s is",
                """
                update export
                set rows = :rows, bytes = :bytes, read_rows = :readRows, read_bytes = :readBytes,
                    total_rows = cast(:totalRows as bigint), alive_at = now()
                where id = :id and state = 'RUNNING'
                """,
                update -> bind(update, progress));
    }

    @Override
    public boolean succeed(JobId id, ExportResult result) {
        return change(
                id,
                "end the export %s",
                """
                update export
                set state = 'SUCCESS', rows = :rows, bytes = :bytes, read_rows = :readRows,
                    read_bytes = :readBytes, total_rows = cast(:totalRows as bigint), verified = :verified,
                    sha256 = :sha256, crc32c = :crc32c, upload = null, alive_at = now(),
                    finished_at = now()
                where id = :id and state = 'RUNNING'
                """,
                update -> bind(update, result));
    }

    @Override
    public boolean fail(JobId id, ExportProgress progress, Cause cause) {
        return change(
                id,
                "fail the export %s",
                """
                update export
                set state = 'FAILED', rows = :rows, bytes = :bytes, read_rows = :readRows,
                    read_bytes = :readBytes, total_rows = cast(:totalRows as bigint), cause_code = :code,
                    cause_message = :message, cause_remedy = :remedy, finished_at = now()
                where id = :id and state in ('PENDING', 'RUNNING') and crc32c is null
                """,
                update -> Rows.bindCause(bind(update, progress), cause));
    }

    @Override
    public boolean cancel(JobId id) {
        return change(
                id,
                "cancel the export %s",
                """
                update export set state = 'CANCELLED', finished_at = now()
                where id = :id and state in ('PENDING', 'RUNNING') and crc32c is null
                """,
                update -> update);
    }

    private interface Binding {
        Update bind(Update update);
    }

    private boolean change(JobId id, String doing, String sql, Binding more) {
        return database.single(
                        doing.formatted(id),
                        handle ->
                                more.bind(handle.createUpdate(sql).bind("id", id.uuid())).execute())
                == 1;
    }

    private static Update bind(Update update, ExportResult result) {
        return bind(update, result.progress())
                .bind("verified", result.verified())
                .bind("sha256", result.sha256())
                .bind("crc32c", result.crc32c());
    }

    private static Update bind(Update update, ExportProgress progress) {
        return update.bind("rows", progress.rows())
                .bind("bytes", progress.bytes())
                .bind("readRows", progress.readRows())
                .bind("readBytes", progress.readBytes())
                .bind("totalRows", progress.totalRows());
    }

    @Override
    public int failAll(String runnerPrefix, Cause cause) {
        return database.single(
                "fail the exports of a process that is gone",
                handle ->
                        Rows.bindCause(
                                        handle.createUpdate(
                                                """
                                                update export
                                                set state = 'FAILED', cause_code = :code,
                                                    cause_message = :message,
                                                    cause_remedy = :remedy, finished_at = now()
                                                where state = 'RUNNING' and crc32c is null
                                                  and starts_with(runner, :prefix)
                                                """),
                                        cause)
                                .bind("prefix", runnerPrefix)
                                .execute());
    }

    @Override
    public int failSilent(JobState state, Duration silence, Cause cause) {
        return database.single(
                "fail exports without a sign of life",
                handle ->
                        Rows.bindCause(
                                        handle.createUpdate(
                                                """
                                                update export
                                                set state = 'FAILED', cause_code = :code,
                                                    cause_message = :message,
                                                    cause_remedy = :remedy, finished_at = now()
                                                where state = :state and crc32c is null
                                                  and alive_at
                                                      < now() - :millis * interval '1 millisecond'
                                                """),
                                        cause)
                                .bind("state", state)
                                .bind("millis", silence.toMillis())
                                .execute());
    }

    @Override
    public int forget(Duration age) {
        return database.single(
                "forget exports",
                handle ->
                        handle.createUpdate(
                                        """
                                        delete from export
                                        where finished_at
                                              < now() - :millis * interval '1 millisecond'
                                        """)
                                .bind("millis", age.toMillis())
                                .execute());
    }

    private static Export export(ResultSet rs) throws SQLException {
        var progress =
                new ExportProgress(
                        rs.getLong("rows"),
                        rs.getLong("bytes"),
                        rs.getLong("read_rows"),
                        rs.getLong("read_bytes"),
                        rs.getObject("total_rows", Long.class));
        var state = JobState.valueOf(rs.getString("state"));
        var verified = state == JobState.SUCCESS ? rs.getString("verified") : null;
        var code = rs.getString("cause_code");
        return new Export(
                new JobId(Rows.uuid(rs, "id")),
                rs.getLong("number"),
                new ConnectionId(Rows.uuid(rs, "connection")),
                rs.getString("connection_name"),
                new ExportWishes(
                        rs.getString("connection_name"),
                        rs.getString("query"),
                        ExportFormat.valueOf(rs.getString("format")),
                        Compression.valueOf(rs.getString("compression")),
                        rs.getBoolean("guard_formulas"),
                        rs.getBoolean("wants_sha256")),
                target(rs),
                state,
                progress,
                verified == null
                        ? null
                        : new ExportResult(
                                progress,
                                ExportResult.Verified.valueOf(verified),
                                rs.getString("sha256"),
                                Objects.requireNonNull(rs.getString("crc32c"))),
                code == null
                        ? null
                        : new Cause(
                                ErrorCode.valueOf(code),
                                rs.getString("cause_message"),
                                rs.getString("cause_remedy")),
                rs.getString("owner"),
                rs.getString("workspace"),
                Rows.instant(rs, "created_at"),
                Rows.instantOrNull(rs, "started_at"),
                Rows.instantOrNull(rs, "finished_at"));
    }

    private static @Nullable ExportTarget target(ResultSet rs) throws SQLException {
        var object = rs.getString("target");
        return object == null
                ? null
                : new ExportTarget(
                        new ConnectionId(Rows.uuid(rs, "target_connection")),
                        rs.getString("target_connection_name"),
                        ObjectName.parse(object),
                        rs.getBoolean("target_replace"));
    }
}
