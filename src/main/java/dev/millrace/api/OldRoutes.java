package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.connect.Connections;
import dev.millrace.core.ResultColumn;
import dev.millrace.core.Schema;
import dev.millrace.explore.Discovery;
import io.javalin.http.Context;
import java.io.IOException;

/// Looking around by the names that users of the earlier two-way file tool know, each a thin alias
/// of ours. The body says where: see [OldPlace].
final class OldRoutes {
    private static final int ROWS = 100;
    private static final int TABLES = 10_000;

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
        body.withOnly(OldPlace.and());
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
        body.withOnly(OldPlace.and("table", "query"));
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
        body.withOnly(OldPlace.and("tables", "columns", "join_conditions"));
        return Json.object().put("query", discovery.join(connection, OldJoin.of(body)).sql());
    }

    /// Of `table` and `columns`, of `tables`, `columns` and `join_conditions`, or of `query`:
    /// `{"columns": ["a"], "rows": [["1"]]}`
    void preview(Context ctx) throws IOException {
        answer(ctx, OldRoutes::preview);
    }

    private static ObjectNode preview(Discovery discovery, String connection, JsonObject body) {
        body.withOnly(OldPlace.and("table", "query", "tables", "columns", "join_conditions"));
        var query = body.text("query");
        var view =
                SampleView.of(
                        query != null
                                ? discovery.preview(connection, query, ROWS)
                                : discovery.previewJoin(connection, OldJoin.of(body), ROWS));
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
        var place = OldPlace.of(ctx, body);
        var host = place.host();
        if (host == null) {
            return asked.answer(discovery, String.valueOf(place.name()), body);
        }
        try (var database = connections.visit(OldPlace.reach(host), OldPlace.secret(host))) {
            return asked.answer(new Discovery(_ -> database), "", body);
        }
    }
}
