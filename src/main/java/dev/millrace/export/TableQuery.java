package dev.millrace.export;

import dev.millrace.core.SqlText;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The SELECT of a table's rows.
public final class TableQuery {
    private TableQuery() {}

    /// @param database null for the connection's own
    /// @param columns none for all that `SELECT *` shows
    public static String of(@Nullable String database, String table, List<String> columns) {
        var list =
                columns.isEmpty()
                        ? "*"
                        : columns.stream()
                                .map(SqlText::identifier)
                                .collect(Collectors.joining(", "));
        var from = database == null ? "" : SqlText.identifier(database) + ".";
        return "SELECT %s FROM %s%s".formatted(list, from, SqlText.identifier(table));
    }
}
