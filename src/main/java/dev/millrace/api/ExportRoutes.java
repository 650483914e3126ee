package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.connect.Connections;
import dev.millrace.core.Before;
import dev.millrace.core.Compression;
import dev.millrace.core.Connection;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Export;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportTarget;
import dev.millrace.core.ExportWishes;
import dev.millrace.core.Job;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectName;
import dev.millrace.export.CallersFile;
import dev.millrace.export.Exports;
import dev.millrace.export.TableQuery;
import dev.millrace.jobs.Jobs;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

/// Exports over HTTP.
final class ExportRoutes {
    private final Exports exports;
    private final Connections connections;
    private final InstantSource clock;

    ExportRoutes(Exports exports, Connections connections, InstantSource clock) {
        this.exports = exports;
        this.connections = connections;
        this.clock = clock;
    }

    /// All that is worked at: loads, and the exports that are here.
    WorkList beside(Jobs jobs, Function<Job, ObjectNode> view) {
        return new WorkList(jobs, exports, view, this::view);
    }

    /// Whether there is an export of this id. The `last` of all is meant among loads only.
    boolean knows(String id) {
        return !id.equals("last") && exports.find(id).isPresent();
    }

    void list(Context ctx) {
        var limit = QueryParameters.limit(ctx);
        var cursor = QueryParameters.text(ctx, "cursor");
        var found = exports.list(cursor == null ? null : behind(exports.get(cursor)), limit + 1);
        var page = QueryParameters.page(found, limit);
        Json.answer(
                ctx,
                200,
                Json.items(Json.array(page, this::view))
                        .put("next", found.size() > limit ? page.getLast().id().publicId() : null));
    }

    private static Before behind(Export export) {
        return new Before(export.createdAt(), export.number());
    }

    void create(Context ctx) throws IOException {
        var body =
                Json.read(ctx)
                        .withOnly(
                                "connection",
                                "table",
                                "query",
                                "format",
                                "compression",
                                "guardFormulas",
                                "checksum",
                                "target");
        var target = target(ctx, body.object("target"));
        var named = body.text("connection");
        var connection = connections.find(named == null ? Connection.EMBEDDED : named);
        var packing = body.text("compression");
        var wishes =
                new ExportWishes(
                        connection.name(),
                        query(body),
                        ExportFormat.parse(body.requiredText("format")),
                        packing == null ? Compression.NONE : ExportWishes.packing(packing),
                        Objects.requireNonNullElse(body.flag("guardFormulas"), false),
                        sha256(body.text("checksum")));
        var export =
                exports.create(
                        connection,
                        wishes,
                        target,
                        Authentication.owner(ctx),
                        KeyedRequests.name(ctx));
        ctx.header("Location", path(export));
        Json.answer(ctx, target == null ? 201 : 202, view(export));
    }

    private static boolean sha256(@Nullable String checksum) {
        return switch (checksum) {
            case null -> true;
            case "sha256" -> true;
            case "crc32c" -> false;
            default ->
                    throw new MillraceException(
                            ErrorCode.INVALID_REQUEST,
                            "'%s' is no checksum of an export".formatted(checksum),
                            "Say sha256 or crc32c.",
                            null);
        };
    }

    /// Where the server is to write the file. Whoever may only look may not have it do so.
    private @Nullable ExportTarget target(Context ctx, @Nullable JsonObject target) {
        if (target == null) {
            return null;
        }
        Authentication.require(ctx, Scope.LOAD);
        target.withOnly("connection", "uri", "replace");
        var connection = connections.find(target.requiredText("connection"));
        var object = ObjectName.parse(target.requiredText("uri"));
        if (object.key().isEmpty() || object.key().endsWith("/")) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'%s' names no object".formatted(object),
                    "Name the object that the file becomes, such as s3://bucket/folder/file.csv.",
                    null);
        }
        return new ExportTarget(
                connection.id(),
                connection.name(),
                object,
                Objects.requireNonNullElse(target.flag("replace"), false));
    }

    /// The SELECT of what a body names: a `table` or a `query`.
    static String query(JsonObject body) {
        var query = body.text("query");
        if (body.says("table") == (query != null)) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    query == null
                            ? "The body has neither a 'table' nor a 'query'"
                            : "The body has both a 'table' and a 'query'",
                    "Give one of them.",
                    null);
        }
        if (query != null) {
            return query;
        }
        var table =
                JsonObject.of(body.required("table"), "The table", ErrorCode.INVALID_REQUEST)
                        .withOnly("database", "table", "columns");
        return TableQuery.of(
                table.text("database"), table.requiredText("table"), table.texts("columns"));
    }

    void get(Context ctx) {
        Json.answer(ctx, 200, view(export(ctx)));
    }

    /// Whoever has `seen` a view of it is answered as soon as there is another; who has not, when
    /// it is final.
    void get(Context ctx, String id, Duration wait, @Nullable String seen) {
        var export = exports.get(id);
        if (wait.isPositive()) {
            ctx.attribute(Monitoring.WAITS, true);
            export =
                    exports.await(
                            export.id(),
                            now ->
                                    now.state().isFinal()
                                            || (seen != null && !version(now).equals(seen)),
                            wait);
        }
        Json.answer(ctx, 200, view(export));
    }

    /// Shows an export at once, whenever it is otherwise, and at least once a second, until it is
    /// not wanted any more.
    ///
    /// @param watcher takes the view and whether the export is final, and says whether to go on
    void follow(String id, BiPredicate<ObjectNode, Boolean> watcher) {
        var export = exports.get(id);
        while (watcher.test(view(export), export.state().isFinal())
                && !Thread.currentThread().isInterrupted()) {
            var seen = version(export);
            export =
                    exports.await(
                            export.id(),
                            now -> now.state().isFinal() || !version(now).equals(seen),
                            Duration.ofSeconds(1));
        }
    }

    void cancel(Context ctx) {
        cancel(ctx, ctx.pathParam("export"));
    }

    void cancel(Context ctx, String id) {
        requireOwn(ctx, exports.get(id));
        Json.answer(ctx, 200, view(exports.cancel(id)));
    }

    /// Sends the file while its query runs. What goes wrong behind the first bytes breaks the
    /// answer off, so that it never ends as one that is whole.
    void file(Context ctx) throws IOException {
        requireOwn(ctx, export(ctx));
        send(ctx, export(ctx));
    }

    /// Sends the file of an export that waits for it.
    void send(Context ctx, Export made) throws IOException {
        var export = exports.begin(made);
        ctx.contentType(
                switch (export.wishes().packing()) {
                    case NONE, BZIP2, ZIP -> export.wishes().format().mediaType();
                    case GZIP -> "application/gzip";
                    case ZSTD -> "application/zstd";
                });
        ctx.header(
                "Content-Disposition", "attachment; filename=\"%s\"".formatted(export.fileName()));
        exports.send(export, ctx.res().getOutputStream());
    }

    /// Writes the file into one of the caller's own, who must be on this machine.
    void write(Context ctx) throws IOException {
        var made = export(ctx);
        requireOwn(ctx, made);
        var body = Json.read(ctx).withOnly("path", "secret");
        var path = body.requiredText("path");
        if (!isFromHere(ctx)) {
            throw CallersFile.elsewhere(path, null);
        }
        try (var file = CallersFile.open(path, body.requiredText("secret"))) {
            var export = exports.begin(made);
            CallerWatch.run(ctx, () -> exports.send(export, file), () -> exports.abandon(export));
        }
        Json.answer(ctx, 200, view(export(ctx)));
    }

    private static boolean isFromHere(Context ctx) {
        return ServletContextRequest.getServletContextRequest(ctx.req())
                                .getConnectionMetaData()
                                .getRemoteSocketAddress()
                        instanceof InetSocketAddress remote
                && remote.getAddress().isLoopbackAddress();
    }

    /// A file is sent once: who takes or ends another's export takes it away.
    private static void requireOwn(Context ctx, Export export) {
        var caller = Authentication.caller(ctx);
        if (!caller.subject().equals(export.owner()) && !Scope.ADMIN.isCoveredBy(caller.scopes())) {
            throw new MillraceException(
                    ErrorCode.FORBIDDEN,
                    "The export %s is another's: '%s' has made it, and you are '%s'"
                            .formatted(export.id(), export.owner(), caller.subject()),
                    "Make one of your own, or use a token with the scope 'admin'.",
                    null);
        }
    }

    private Export export(Context ctx) {
        return exports.get(ctx.pathParam("export"));
    }

    private static String path(Export export) {
        return "/api/v1/exports/" + export.id().publicId();
    }

    private ObjectNode view(Export export) {
        var wishes = export.wishes();
        var view =
                Json.object()
                        .put("id", export.id().publicId())
                        .put("uuid", export.id().uuid().toString())
                        .put("kind", "export")
                        .put("version", version(export))
                        .put("state", export.state().name())
                        .put("connection", export.connectionName())
                        .put("query", wishes.query())
                        .put("format", wishes.format().label())
                        .put("compression", wishes.packing().name().toLowerCase(Locale.ROOT))
                        .put("guardFormulas", wishes.guardFormulas())
                        .put("checksum", wishes.sha256() ? "sha256" : "crc32c")
                        .put("fileName", export.fileName());
        var target = export.target();
        if (target == null) {
            view.putNull("target");
        } else {
            view.putObject("target")
                    .put("connection", target.connectionName())
                    .put("uri", target.object().toString())
                    .put("replace", target.replace());
        }
        putProgress(export, view);
        var result = export.result();
        view.put("sha256", result == null ? null : result.sha256())
                .put("crc32c", result == null ? null : result.crc32c())
                .put("verified", result == null ? null : result.verified().name());
        var cause = export.cause();
        if (cause == null) {
            view.putNull("cause");
        } else {
            view.putObject("cause")
                    .put("code", cause.code().name())
                    .put("message", cause.message())
                    .put("remedy", cause.remedy());
        }
        view.put("owner", export.owner())
                .put("createdAt", Json.time(export.createdAt()))
                .put("startedAt", Json.time(export.startedAt()))
                .put("finishedAt", Json.time(export.finishedAt()));
        view.putObject("links")
                .put("self", path(export))
                .put("file", target == null ? path(export) + "/file" : null);
        return view;
    }

    /// Differs whenever anything but the passing time does.
    private static String version(Export export) {
        var progress = export.progress();
        return "%s-%x-%x-%x"
                .formatted(
                        export.state().name().toLowerCase(Locale.ROOT),
                        progress.rows(),
                        progress.bytes(),
                        progress.readRows());
    }

    private void putProgress(Export export, ObjectNode view) {
        var progress = export.progress();
        view.put("rows", progress.rows())
                .put("bytes", progress.bytes())
                .put("readRows", progress.readRows())
                .put("readBytes", progress.readBytes())
                .put("totalRows", progress.totalRows())
                .put("progress", share(export));
        var seconds = seconds(export);
        view.put("seconds", seconds);
    }

    /// From 0 to 1, by what the database has read of what it is going to read; null when nobody
    /// knows. 1 is for the end.
    static @Nullable Double share(Export export) {
        var progress = export.progress();
        return switch (export.state()) {
            case SUCCESS, PARTIAL_SUCCESS -> (Double) 1.0;
            case PENDING -> (Double) 0.0;
            case RUNNING, FAILED, CANCELLED ->
                    progress.totalRows() == null || progress.totalRows() == 0
                            ? null
                            : (Double)
                                    Math.min(
                                            0.999,
                                            (double) progress.readRows() / progress.totalRows());
        };
    }

    private @Nullable Double seconds(Export export) {
        var started = export.startedAt();
        if (started == null) {
            return null;
        }
        var until = Objects.requireNonNullElse(export.finishedAt(), clock.instant());
        return Math.max(0, Duration.between(started, until).toMillis()) / 1000.0;
    }
}
