package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ResultColumn;
import dev.millrace.core.Schema;
import dev.millrace.explore.Discovery;
import dev.millrace.explore.Join;
import io.javalin.http.Context;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What there is behind a connection, over HTTP.
final class ExploreRoutes {
    static final String[] TABLE_PARAMETERS = {"database", "name", "cursor", "limit"};
    static final String[] COLUMN_PARAMETERS = {"database", "table"};

    private static final int USUAL_ROWS = 100;

    private final Discovery discovery;

    ExploreRoutes(Discovery discovery) {
        this.discovery = discovery;
    }

    void databases(Context ctx) throws IOException {
        CallerWatch.run(
                ctx,
                () ->
                        Json.answer(
                                ctx,
                                200,
                                Json.items(
                                        Json.array(
                                                discovery.databases(connection(ctx)),
                                                ExploreRoutes::database))));
    }

    private static JsonNode database(Schema.DatabaseEntry database) {
        return Json.object()
                .put("name", database.name())
                .put("engine", database.engine())
                .put("comment", database.comment());
    }

    void tables(Context ctx) throws IOException {
        var limit = QueryParameters.limit(ctx);
        var wish =
                new Schema.TableWish(
                        QueryParameters.text(ctx, "cursor"),
                        QueryParameters.text(ctx, "name"),
                        limit + 1);
        CallerWatch.run(
                ctx,
                () -> {
                    var found =
                            discovery.tables(
                                    connection(ctx), QueryParameters.text(ctx, "database"), wish);
                    var page = QueryParameters.page(found, limit);
                    Json.answer(
                            ctx,
                            200,
                            Json.items(Json.array(page, ExploreRoutes::table))
                                    .put(
                                            "next",
                                            found.size() > limit ? page.getLast().name() : null));
                });
    }

    static JsonNode table(Schema.TableEntry table) {
        return Json.object()
                .put("name", table.name())
                .put("engine", table.engine())
                .put("view", table.isView())
                .put("rows", table.rows())
                .put("bytes", table.bytes())
                .put("sortingKey", table.sortingKey())
                .put("primaryKey", table.primaryKey())
                .put("partitionKey", table.partitionKey())
                .put("comment", table.comment());
    }

    void columns(Context ctx) throws IOException {
        var table = QueryParameters.text(ctx, "table");
        if (table == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The query parameter 'table' is missing",
                    "Name a table; the columns of a query come by POST, with it as the body.",
                    null);
        }
        CallerWatch.run(
                ctx,
                () ->
                        Json.answer(
                                ctx,
                                200,
                                Json.items(
                                        Json.array(
                                                discovery.columns(
                                                        connection(ctx),
                                                        QueryParameters.text(ctx, "database"),
                                                        table),
                                                ExploreRoutes::column))));
    }

    static JsonNode column(Schema.ColumnEntry column) {
        return Json.object()
                .put("name", column.name())
                .put("type", column.type())
                .put("position", column.position())
                .put("inSortingKey", column.inSortingKey())
                .put("inPrimaryKey", column.inPrimaryKey())
                .put("inPartitionKey", column.inPartitionKey())
                .put("defaultKind", nullIfEmpty(column.defaultKind()))
                .put("defaultExpression", nullIfEmpty(column.defaultExpression()))
                .put("comment", column.comment());
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    void columnsOfQuery(Context ctx) throws IOException {
        var query = RequestBody.readText(ctx);
        CallerWatch.run(
                ctx,
                () ->
                        Json.answer(
                                ctx,
                                200,
                                Json.items(
                                        Json.array(
                                                discovery.columnsOf(connection(ctx), query),
                                                ExploreRoutes::resultColumn))));
    }

    static JsonNode resultColumn(ResultColumn column) {
        return Json.object().put("name", column.name()).put("type", column.type());
    }

    void join(Context ctx) throws IOException {
        var wish = JoinBody.read(Json.read(ctx), "");
        CallerWatch.run(
                ctx, () -> Json.answer(ctx, 200, view(discovery.join(connection(ctx), wish))));
    }

    static ObjectNode view(Join join) {
        var view = Json.object().put("sql", join.sql());
        view.set(
                "columns",
                Json.array(
                        join.columns(),
                        each ->
                                Json.object()
                                        .put("name", each.name())
                                        .put("type", each.type())
                                        .put("table", each.table())
                                        .put("column", each.column())));
        return view;
    }

    void preview(Context ctx) throws IOException {
        var body = Json.read(ctx).withOnly("table", "join", "query", "limit");
        CallerWatch.run(
                ctx, () -> Json.answer(ctx, 200, SampleView.of(preview(connection(ctx), body))));
    }

    /// @param body has one of `table`, `join` and `query`, and perhaps `limit`
    Discovery.Preview preview(String connection, JsonObject body) {
        var limit = body.count("limit");
        var rows = limit == null ? USUAL_ROWS : limit;
        if (rows < 1 || rows > Discovery.MOST_ROWS) {
            throw invalid("'limit' is %d: 1 to %d".formatted(rows, Discovery.MOST_ROWS), null);
        }
        var query = body.text("query");
        var said = (query == null ? 0 : 1) + (body.says("table") ? 1 : 0);
        if (said + (body.says("join") ? 1 : 0) != 1) {
            throw invalid(
                    "The body has none or several of 'table', 'join' and 'query'",
                    "Give one of them.");
        }
        if (query != null) {
            return discovery.preview(connection, query, rows);
        }
        var wish =
                body.says("join")
                        ? JoinBody.read(
                                JsonObject.of(
                                        body.required("join"), "join", ErrorCode.INVALID_JOIN),
                                "join.")
                        : JoinBody.alone(
                                JsonObject.of(
                                        body.required("table"), "table", ErrorCode.INVALID_JOIN),
                                "table");
        return discovery.previewJoin(connection, wish, rows);
    }

    private static MillraceException invalid(String what, @Nullable String remedy) {
        return new MillraceException(ErrorCode.INVALID_REQUEST, what, remedy, null);
    }

    private static String connection(Context ctx) {
        return ctx.pathParam("connection");
    }
}
