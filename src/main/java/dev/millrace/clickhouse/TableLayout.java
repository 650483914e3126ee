package dev.millrace.clickhouse;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
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
/// @param hasTtl whether rows, or values of a column, leave by themselves when they are old
/// @param createQuery the statement that would make it again, as ClickHouse writes it
/// @param views the materialized views that hang on it, each `database.name`
/// @param columns by name, in the table's order
record TableLayout(
        TableEngine engine,
        String partitionKey,
        String sortingKey,
        boolean hasTtl,
        String createQuery,
        List<String> views,
        Map<String, TableColumn> columns) {

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
    static Optional<TableLayout> read(ClickHouseConnection connection, TableName table) {
        return Optional.ofNullable(read(connection, List.of(table)).get(table));
    }

    /// The layouts of tables, as far as they are there, all in one answer.
    static Map<TableName, TableLayout> read(
            ClickHouseConnection connection, List<TableName> tables) {
        var facts = TableFacts.read(connection, tables);
        var layouts = new HashMap<TableName, TableLayout>();
        for (var table : tables) {
            facts.table(table).ifPresent(t -> layouts.put(table, of(t, facts.columns(table))));
        }
        return layouts;
    }

    private static TableLayout of(TableFacts.Table table, List<TableColumn> columns) {
        return new TableLayout(
                TableEngine.parse(table.engine(), table.engineFull()),
                table.partitionKey(),
                table.sortingKey(),
                hasTtl(table.createQuery()),
                table.createQuery(),
                lines(table.views()),
                byName(columns));
    }

    private static boolean hasTtl(String createTable) {
        return TableEngine.withoutQuoted(createTable).contains(" TTL ");
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
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

    /// Whether every row says which job it came with, and which row of the job it is, also after
    /// merges.
    boolean hasLineage() {
        return hasJob()
                && isMaterialized(Lineage.ROW, Lineage.ROW_TYPE)
                && (!engine.merges() || keepsLatest());
    }

    /// Whether every row says which job it came with.
    boolean hasJob() {
        var there = columns.get(Lineage.JOB);
        return there != null && Lineage.isJobType(there.type()) && isMaterialized(there);
    }

    /// The type of the job's column of a table that [#hasJob].
    String jobType() {
        return requireNonNull(columns.get(Lineage.JOB)).type();
    }

    /// Whether rows of one key give way to the one that came last by Millrace's own version.
    boolean keepsLatest() {
        return engine.name().equals(TableEngine.REPLACING)
                && engine.arguments().equals(Lineage.VERSION)
                && isMaterialized(Lineage.VERSION, Lineage.VERSION_TYPE);
    }

    /// Whether the table itself can always tell exactly what it holds of a job: nothing but a
    /// statement takes a row away.
    boolean keepsEveryRow() {
        return hasLineage() && !engine.merges() && !hasTtl;
    }

    /// Whether rows can be inserted so that views see them, and be told afterwards as far as ever.
    boolean canGoThroughViews() {
        return !keepsLatest();
    }

    boolean isMaterialized(String column, String type) {
        var there = columns.get(column);
        return there != null && there.type().equals(type) && isMaterialized(there);
    }

    private static boolean isMaterialized(TableColumn column) {
        return column.defaultKind().equals("MATERIALIZED");
    }

    /// The columns of this table that another lacks.
    List<TableColumn> missingFrom(TableLayout other) {
        return columns.values().stream().filter(c -> !other.columns.containsKey(c.name())).toList();
    }
}
