package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.connect.Connections;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ResultColumn;
import dev.millrace.core.Schema;
import dev.millrace.explore.Discovery;
import dev.millrace.explore.JoinWish;
import dev.millrace.explore.Operator;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Routes by the names that users of the earlier two-way file tool know, each a thin alias of ours.
/// The body says where: `connection`, a connection's name; or, as it was, `host`, `port`,
/// `database`, `user`, and `password` or `jwt_token`, which takes the scope that making a
/// connection does, and is held against `connections.hosts` as that is. Without either it is
/// `embedded`.
final class OldRoutes {
    private static final int ROWS = 100;
    private static final int TABLES = 10_000;
    private static final String[] WHERE = {
        "connection", "host", "port", "secure", "database", "user", "password", "jwt_token"
    };

    private final Connections connections;
    private final Discovery discovery;

    OldRoutes(Connections connections, Discovery discovery) {
        this.connections = connections;
        this.discovery = discovery;
    }

    /// What is done at the place that a body names.
    private interface Asked {
        ObjectNode answer(Discovery discovery, String connection, JsonObject body);
    }

    /// `{"tables": ["a", "b"]}`
    void tables(Context ctx) throws IOException {
        answer(ctx, OldRoutes::tables);
    }

    private static ObjectNode tables(Discovery discovery, String connection, JsonObject body) {
        body.withOnly(WHERE);
        var wish = new Schema.TableWish(null, null, TABLES);
        var tables = discovery.tables(connection, body.text("database"), wish);
        return Json.object()
                .set("tables", Json.texts(tables.stream().map(Schema.TableEntry::name).toList()));
    }

    /// Of `table` or `query`: `{"columns": [{"name": "a", "type": "UInt64"}]}`
    void columns(Context ctx) throws IOException {
        answer(ctx, OldRoutes::columns);
    }

    private static ObjectNode columns(Discovery discovery, String connection, JsonObject body) {
        body.withOnly(and("table", "query"));
        var query = body.text("query");
        var columns =
                query != null
                        ? discovery.columnsOf(connection, query)
                        : discovery
                                .columns(
                                        connection,
                                        body.text("database"),
                                        body.requiredText("table"))
                                .stream()
                                .map(each -> new ResultColumn(each.name(), each.type()))
                                .toList();
        return Json.object().set("columns", Json.array(columns, ExploreRoutes::resultColumn));
    }

    /// Of `tables`, `columns` and `join_conditions`: `{"query": "SELECT …"}`
    void joinQuery(Context ctx) throws IOException {
        answer(ctx, OldRoutes::joinQuery);
    }

    private static ObjectNode joinQuery(Discovery discovery, String connection, JsonObject body) {
        body.withOnly(and("tables", "columns", "join_conditions"));
        return Json.object().put("query", discovery.join(connection, join(body)).sql());
    }

    /// Of `table` and `columns`, of `tables`, `columns` and `join_conditions`, or of `query`:
    /// `{"columns": ["a"], "rows": [["1"]]}`
    void preview(Context ctx) throws IOException {
        answer(ctx, OldRoutes::preview);
    }

    private static ObjectNode preview(Discovery discovery, String connection, JsonObject body) {
        body.withOnly(and("table", "query", "tables", "columns", "join_conditions"));
        var query = body.text("query");
        var view =
                SampleView.of(
                        query != null
                                ? discovery.preview(connection, query, ROWS)
                                : discovery.previewJoin(connection, join(body), ROWS));
        var names =
                view.path("columns").valueStream().map(each -> each.path("name").asText()).toList();
        view.set("columns", Json.texts(names));
        return view.retain("columns", "rows", "more", "incomplete");
    }

    private void answer(Context ctx, Asked asked) throws IOException {
        var body = Json.readIfAny(ctx);
        CallerWatch.run(ctx, () -> Json.answer(ctx, 200, answer(ctx, asked, body)));
    }

    private ObjectNode answer(Context ctx, Asked asked, JsonObject body) {
        if (!body.says("host")) {
            var name = body.text("connection");
            return asked.answer(discovery, name == null ? "embedded" : name, body);
        }
        if (body.says("connection")) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "Both a connection and a host are given",
                    "Give one of them.",
                    null);
        }
        requireAdmin(ctx);
        try (var database = connections.visit(reach(body), ConnectionRoutes.secretOf(said(body)))) {
            return asked.answer(new Discovery(_ -> database), "", body);
        }
    }

    private static void requireAdmin(Context ctx) {
        if (!Scope.ADMIN.isCoveredBy(Authentication.caller(ctx).scopes())) {
            throw new MillraceException(
                    ErrorCode.FORBIDDEN,
                    "A host that is no connection's needs the scope 'admin'",
                    "Name a connection, which an administrator has made.",
                    null);
        }
    }

    private static ClickHouseReach reach(JsonObject body) {
        return ConnectionRoutes.reachOf(said(body));
    }

    /// As our own form of a connection has it.
    private static JsonObject said(JsonObject body) {
        var secure = Boolean.TRUE.equals(body.flag("secure"));
        var port = body.count("port");
        var form =
                Json.object()
                        .put(
                                "url",
                                "%s://%s:%d"
                                        .formatted(
                                                secure ? "https" : "http",
                                                body.requiredText("host"),
                                                port != null ? port : secure ? 8443 : 8123));
        copy(body, "database", form, "database");
        copy(body, "user", form, "user");
        copy(body, "password", form, "password");
        copy(body, "jwt_token", form, "accessToken");
        if (!body.says("user") && !body.says("jwt_token")) {
            form.put("user", "default");
        }
        return new JsonObject(form, body.what(), ErrorCode.INVALID_CONNECTION);
    }

    private static void copy(JsonObject from, String key, ObjectNode to, String name) {
        var text = from.text(key);
        if (text != null) {
            to.put(name, text);
        }
    }

    private static String[] and(String... more) {
        var all = Arrays.copyOf(WHERE, WHERE.length + more.length);
        System.arraycopy(more, 0, all, WHERE.length, more.length);
        return all;
    }

    /// `table` alone, or `tables` with `join_conditions` such as `{"left": "a.id", "right": "b.a",
    /// "type": "LEFT"}`, each of which brings in the next table.
    private static JoinWish join(JsonObject body) {
        var table = body.text("table");
        var names = table != null ? List.of(table) : body.texts("tables");
        if (names.isEmpty()) {
            throw JoinBody.invalid("tables", "there is none", "Name one table or more.");
        }
        var database = body.text("database");
        var columns = body.texts("columns");
        var links = body.objects("join_conditions", "join_conditions");
        return new JoinWish(
                IntStream.range(0, names.size())
                        .mapToObj(i -> table(names.get(i), database, "tables[%d]".formatted(i)))
                        .toList(),
                IntStream.range(0, columns.size())
                        .mapToObj(i ->
                                new JoinWish.Chosen(
                                        ref(columns.get(i), names, "columns[%d]".formatted(i)),
                                        null))
                        .toList(),
                links(links, names),
                List.of(),
                List.of(),
                null);
    }

    /// `orders`, or `shop.orders`; the rest calls it as it is written.
    private static JoinWish.Table table(String text, @Nullable String database, String place) {
        var parts = text.split("\\.", -1);
        return parts.length == 2
                ? new JoinWish.Table(parts[0], parts[1], text, place)
                : new JoinWish.Table(database, text, null, place);
    }

    private static List<JoinWish.Link> links(List<JsonObject> conditions, List<String> names) {
        var links = new ArrayList<JoinWish.Link>();
        for (var each : conditions) {
            each.withOnly("left", "right", "operator", "type");
            links.add(
                    new JoinWish.Link(
                            JoinBody.kind(each, "type"),
                            List.of(
                                    new JoinWish.Condition(
                                            ref(
                                                    each.requiredText("left"),
                                                    names,
                                                    each.what() + ".left"),
                                            operator(each),
                                            ref(
                                                    each.requiredText("right"),
                                                    names,
                                                    each.what() + ".right"))),
                            each.what()));
        }
        return links;
    }

    private static Operator operator(JsonObject condition) {
        var operator = JoinBody.operator(condition);
        if (!operator.joins()) {
            throw JoinBody.invalid(
                    condition.what() + ".operator",
                    "'%s' does not join".formatted(operator.sql()),
                    "Known: =, <, <=, >, >=.");
        }
        return operator;
    }

    /// `column`, or `table.column` of one of the tables.
    private static JoinWish.Ref ref(String text, List<String> tables, String place) {
        return tables.stream()
                .filter(table -> text.startsWith(table + "."))
                .findFirst()
                .map(table -> new JoinWish.Ref(table, text.substring(table.length() + 1), place))
                .orElseGet(() -> new JoinWish.Ref(null, text, place));
    }
}
