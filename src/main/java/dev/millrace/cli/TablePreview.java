package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first rows of a table, a join or a query, as a person sees them.
final class TablePreview {
    private TablePreview() {}

    /// @param connection an id or a name, or null for the ClickHouse that Millrace loads into
    static JsonNode of(Api api, @Nullable String connection, ObjectNode body) {
        return api.post(ExploreFlags.path(connection, "/preview"), body);
    }

    static void print(JsonNode preview, Terminal terminal) {
        var rows = new ArrayList<List<String>>();
        var names = new ArrayList<String>();
        var types = new ArrayList<String>();
        for (var column : preview.path("columns")) {
            names.add(column.path("name").asText());
            types.add(column.path("type").asText());
        }
        rows.add(names);
        rows.add(types);
        for (var row : preview.path("rows")) {
            var cells = new ArrayList<String>();
            row.forEach(cell -> cells.add(text(cell)));
            rows.add(cells);
        }
        var out = terminal.out();
        out.print(TextTable.ofShort(rows));
        var shown = preview.path("rows").size();
        out.println(
                preview.path("more").asBoolean()
                        ? "The first %s; there are more."
                                .formatted(shown == 1 ? "row" : shown + " rows")
                        : "%d %s.".formatted(shown, shown == 1 ? "row" : "rows"));
        if (preview.hasNonNull("incomplete")) {
            out.println(
                    terminal.in(Terminal.Colour.YELLOW, "Incomplete")
                            + ": "
                            + preview.path("incomplete").path("message").asText());
        }
        out.flush();
    }

    private static String text(JsonNode cell) {
        return cell.isNull() ? "NULL" : cell.isValueNode() ? cell.asText() : cell.toString();
    }
}
