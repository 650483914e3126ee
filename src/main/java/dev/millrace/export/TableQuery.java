package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SqlText;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The SELECT of a table's rows.
public final class TableQuery {
    private TableQuery() {}

    /// @param database null for the connection's own
    /// @param columns none for all that `SELECT *` shows
    /// @throws MillraceException INVALID_REQUEST for an empty name
    public static String of(@Nullable String database, String table, List<String> columns) {
        var list =
                columns.isEmpty()
                        ? "*"
                        : columns.stream().map(TableQuery::name).collect(Collectors.joining(", "));
        var from = database == null ? "" : name(database) + ".";
        return "SELECT %s FROM %s%s".formatted(list, from, name(table));
    }

    private static String name(String text) {
        if (text.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The name of the table, its database or a column is empty",
                    "Leave out what is not to be said.",
                    null);
        }
        return SqlText.identifier(text);
    }
}
