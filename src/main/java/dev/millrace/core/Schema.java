package dev.millrace.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What there is in the database behind a connection, as far as its user may see it: what may not
/// be seen is not listed. Thread-safe. Every method throws what those of [Database] throw.
public interface Schema {
    /// The database that names without one belong to.
    String database();

    /// By name.
    List<DatabaseEntry> databases();

    /// Tables and views by name; none of a database that is not there or not seen.
    List<TableEntry> tables(String database, TableWish wish);

    /// In their order; none of a table that is not there or not seen.
    List<ColumnEntry> columns(String database, String table);

    /// The columns that a query would have, without running it.
    ///
    /// @throws MillraceException also QUERY_REFUSED when it is no query
    List<ResultColumn> describe(String query);

    /// Has the server make its plan for a query, without running it: it then says what is wrong
    /// that a look at its columns does not show.
    void plan(String query);

    /// Values as the server reads texts as types, written as it writes them.
    ///
    /// @return as many as there are, null where the server gives NULL
    /// @throws MillraceException QUERY_REFUSED when one of them is none of its type
    List<@Nullable String> values(List<TypedText> texts);

    /// @param comment empty when there is none
    record DatabaseEntry(String name, String engine, String comment) {}

    /// Which tables, and how many.
    ///
    /// @param afterName the name behind which to begin, or null
    /// @param contains what their names contain, in any case; null for all
    record TableWish(@Nullable String afterName, @Nullable String contains, int limit) {}

    /// @param rows null when the server does not know, as of a view
    /// @param bytes on its disk, null when the server does not know
    /// @param sortingKey like the other keys as the server writes it; empty when there is none
    record TableEntry(
            String name,
            String engine,
            @Nullable Long rows,
            @Nullable Long bytes,
            String sortingKey,
            String primaryKey,
            String partitionKey,
            String comment) {
        /// Whether it shows what others hold.
        public boolean isView() {
            return engine.endsWith("View");
        }
    }

    /// @param position from 1
    /// @param defaultKind `DEFAULT`, `MATERIALIZED`, `ALIAS`, `EPHEMERAL`, or empty
    /// @param defaultExpression empty when there is none
    record ColumnEntry(
            String name,
            String type,
            int position,
            boolean inSortingKey,
            boolean inPrimaryKey,
            boolean inPartitionKey,
            String defaultKind,
            String defaultExpression,
            String comment) {
        /// Whether `SELECT *` shows it.
        public boolean isShown() {
            return defaultKind.isEmpty() || defaultKind.equals("DEFAULT");
        }

        /// Whether it can be read at all.
        public boolean isReadable() {
            return !defaultKind.equals("EPHEMERAL");
        }
    }

    record TypedText(String text, String type) {}
}
