package dev.millrace.api;

import dev.millrace.connect.Connections;
import dev.millrace.core.Compression;
import dev.millrace.core.Export;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportWishes;
import dev.millrace.explore.Discovery;
import dev.millrace.export.Exports;
import dev.millrace.export.TableQuery;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;

/// From ClickHouse to a file as users of the earlier tool ask for it: exports.
final class OldExports {
    static final String EXPORT_HEADER = "Millrace-Export";

    private static final String[] WHAT = {
        "table", "tables", "columns", "join_conditions", "query", "format", "compression"
    };

    private final Connections connections;
    private final Discovery discovery;
    private final Exports exports;
    private final ExportRoutes routes;

    OldExports(Connections connections, Discovery discovery, Exports exports, ExportRoutes routes) {
        this.connections = connections;
        this.discovery = discovery;
        this.exports = exports;
        this.routes = routes;
    }

    /// `POST /clickhouse/export`: the file of an export that is made for it.
    void file(Context ctx) throws IOException {
        var export = make(ctx, Json.readIfAny(ctx).withOnly(OldPlace.and(WHAT)));
        ctx.header(EXPORT_HEADER, export.id().publicId());
        routes.send(ctx, export);
    }

    /// An export that waits for who receives its file.
    ///
    /// @param body may say `source` besides
    Export make(Context ctx, JsonObject body) {
        var connection = OldPlace.of(ctx, body).lasting(connections, Authentication.owner(ctx));
        var format = body.text("format");
        var packing = body.text("compression");
        var wishes =
                new ExportWishes(
                        connection.name(),
                        query(connection.id().uuid().toString(), body),
                        ExportFormat.parse(format == null ? ExportFormat.CSV.label() : format),
                        packing == null ? Compression.NONE : ExportWishes.packing(packing),
                        false,
                        true);
        return exports.create(
                connection, wishes, null, Authentication.owner(ctx), KeyedRequests.name(ctx));
    }

    private String query(String connection, JsonObject body) {
        var query = body.text("query");
        if (query != null) {
            return query;
        }
        var table = body.text("table");
        return table != null && body.texts("columns").isEmpty() && !table.contains(".")
                ? TableQuery.of(body.text("database"), table, List.of())
                : discovery.join(connection, OldJoin.of(body)).sql();
    }

    /// What `POST /start-ingestion` may say of one.
    static String[] known() {
        var all = new String[WHAT.length + 1];
        System.arraycopy(WHAT, 0, all, 0, WHAT.length);
        all[WHAT.length] = "source";
        return OldPlace.and(all);
    }
}
