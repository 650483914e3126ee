package dev.millrace.clickhouse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a table is, as the server's system tables tell it.
///
/// @param partitionKey as ClickHouse writes the expression; empty for none
/// @param sortingKey the same
/// @param columns by name, in the table's order
record TableLayout(
        String engine, String partitionKey, String sortingKey, Map<String, TableColumn> columns) {

    /// A column of a table.
    ///
    /// @param defaultKind `DEFAULT`, `MATERIALIZED`, `ALIAS`, `EPHEMERAL`, or empty for none
    record TableColumn(String name, String type, String defaultKind, String defaultExpression) {
        /// Whether a row that does not name this column gets a value that somebody meant.
        boolean mayBeLeftOut() {
            return isNullable() || !defaultKind.isEmpty();
        }

        private boolean isNullable() {
            return type.startsWith("Nullable(") || type.startsWith("LowCardinality(Nullable(");
        }

        /// What a row has in it that does not name this column.
        String withoutValue() {
            if (!defaultExpression.isEmpty()) {
                return defaultExpression;
            }
            return isNullable()
                    ? "NULL"
                    : "defaultValueOfTypeName(%s)".formatted(Sql.literal(type));
        }

        /// Whether parts hold it.
        boolean isStored() {
            return !defaultKind.equals("ALIAS") && !defaultKind.equals("EPHEMERAL");
        }

        String declaration() {
            return "%s %s %s %s"
                    .formatted(Sql.identifier(name), type, defaultKind, defaultExpression);
        }
    }

    /// A table's layout, or empty when there is no such table.
    static Optional<TableLayout> read(
            ClickHouseConnection connection, String database, String table) {
        var columns =
                connection.rows(
                        Statement.of(
                                "SELECT name, type, default_kind, default_expression"
                                        + " FROM system.columns"
                                        + where("table", database, table)
                                        + " ORDER BY position"),
                        r ->
                                new TableColumn(
                                        r.getString("name"),
                                        r.getString("type"),
                                        r.getString("default_kind"),
                                        r.getString("default_expression")));
        return connection
                .rows(
                        Statement.of(
                                "SELECT engine, partition_key, sorting_key"
                                        + " FROM system.tables"
                                        + where("name", database, table)),
                        r ->
                                new TableLayout(
                                        r.getString("engine"),
                                        r.getString("partition_key"),
                                        r.getString("sorting_key"),
                                        byName(columns)))
                .stream()
                .findFirst();
    }

    private static String where(String nameColumn, String database, String table) {
        return " WHERE database = %s AND %s = %s"
                .formatted(Sql.literal(database), nameColumn, Sql.literal(table));
    }

    private static Map<String, TableColumn> byName(List<TableColumn> columns) {
        return columns.stream()
                .collect(
                        Collectors.toMap(
                                TableColumn::name,
                                Function.identity(),
                                (a, b) -> b,
                                LinkedHashMap::new));
    }

    /// The statement that adds columns to a table, behind those that it has.
    static String addition(String table, List<TableColumn> columns) {
        return columns.stream()
                .map(c -> "ADD COLUMN IF NOT EXISTS " + c.declaration())
                .collect(Collectors.joining(", ", "ALTER TABLE %s ".formatted(table), ""));
    }

    /// The columns of this table that another lacks.
    List<TableColumn> missingFrom(TableLayout other) {
        return columns.values().stream().filter(c -> !other.columns.containsKey(c.name())).toList();
    }
}
