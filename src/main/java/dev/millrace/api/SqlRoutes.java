package dev.millrace.api;

import dev.millrace.explore.Discovery;
import dev.millrace.explore.Explore;
import io.javalin.http.Context;
import java.io.IOException;

/// Read-only queries over HTTP.
final class SqlRoutes {
    private static final String DEFAULT_FORMAT = "CSVWithNames";

    private final Explore explore;
    private final Discovery discovery;

    SqlRoutes(Explore explore, Discovery discovery) {
        this.explore = explore;
        this.discovery = discovery;
    }

    void query(Context ctx) throws IOException {
        var format = QueryParameters.text(ctx, "format", DEFAULT_FORMAT);
        var sql = RequestBody.readText(ctx);
        ctx.contentType(contentType(format));
        var connection = QueryParameters.text(ctx, "connection");
        var out = ctx.res().getOutputStream();
        CallerWatch.run(
                ctx,
                () -> {
                    if (connection == null) {
                        explore.query(sql, format, out);
                    } else {
                        discovery.query(connection, sql, format, out);
                    }
                });
    }

    /// The media type of an output format, by the families in which ClickHouse names them.
    static String contentType(String format) {
        if (format.startsWith("CSV")) {
            return "text/csv; charset=utf-8";
        }
        if (format.startsWith("TSV") || format.startsWith("TabSeparated")) {
            return "text/tab-separated-values; charset=utf-8";
        }
        if (format.endsWith("EachRow") || format.equals("JSONLines") || format.equals("NDJSON")) {
            return "application/x-ndjson";
        }
        if (format.startsWith("JSON")) {
            return "application/json";
        }
        if (format.startsWith("Pretty") || format.equals("Vertical") || format.equals("Markdown")) {
            return "text/plain; charset=utf-8";
        }
        return "application/octet-stream";
    }
}
