package dev.millrace.explore;

import dev.millrace.core.Schema.ColumnEntry;
import java.util.List;

/// A join as SQL, and the columns that it gives. Immutable.
public record Join(String sql, List<Column> columns) {
    /// @param table by its name in the wish
    /// @param column in that table
    public record Column(String name, String type, String table, String column) {}

    /// A table of a join.
    ///
    /// @param name as the wish calls it
    /// @param alias as the SQL calls it: nothing else there can be taken for it
    /// @param mayMiss whether it has no row beside some of the others'
    record Side(
            JoinWish.Table wish,
            String database,
            String name,
            String alias,
            List<ColumnEntry> columns,
            boolean mayMiss) {}

    /// A column of a side.
    record Found(Side side, ColumnEntry column) {}
}
