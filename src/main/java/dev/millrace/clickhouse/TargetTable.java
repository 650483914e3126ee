package dev.millrace.clickhouse;

import dev.millrace.clickhouse.TableLayout.TableColumn;
import dev.millrace.core.Column;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.LoadMode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The table that a model's rows are published to. Thread-safe.
final class TargetTable {
    private final ClickHouseConnection connection;
    private final Model model;
    private final String database;
    private final String table;
    private final TableKeys keys;

    TargetTable(ClickHouseConnection connection, Model model) {
        this.connection = connection;
        this.model = model;
        var named = model.table();
        var dot = named.indexOf('.');
        this.database = dot < 0 ? connection.settings().database() : named.substring(0, dot);
        this.table = named.substring(dot + 1);
        this.keys = TableKeys.of(model.definition());
    }

    /// Its quoted name.
    String name() {
        return Sql.identifier(database, table);
    }

    TableName tableName() {
        return new TableName(database, table);
    }

    String database() {
        return database;
    }

    /// Its name without the database, not quoted.
    String table() {
        return table;
    }

    TableParts parts() {
        return new TableParts(connection, database, table);
    }

    TableLayout layout() {
        return TableLayout.read(connection, tableName()).orElseThrow(this::gone);
    }

    /// The same out of what was read of several tables.
    TableLayout layout(Map<TableName, TableLayout> found) {
        var layout = found.get(tableName());
        if (layout == null) {
            throw gone();
        }
        return layout;
    }

    TableIdentity identity() {
        return TableIdentity.read(connection, database, model.table()).orElseThrow(this::gone);
    }

    private MillraceException gone() {
        return new MillraceException(
                ErrorCode.CLICKHOUSE_REFUSED,
                "The table %s is gone".formatted(name()),
                "Update the model: that makes its table again.",
                null);
    }

    /// The partitions that have any rows.
    Set<String> partitions() {
        return Partitions.of(connection, database, model.table());
    }

    /// See [dev.millrace.core.Sink#prepare].
    Map<String, String> prepare() {
        if (model.definition().existingTable()) {
            return withoutValues(
                    existing(TableLayout.read(connection, tableName()).orElse(null))
                            .require(normal(keys.sorting()), normal(keys.partition())));
        }
        Databases.ensure(connection, database);
        var before = TableLayout.read(connection, tableName());
        if (before.isEmpty()) {
            create();
        }
        var found = before.orElseGet(this::layout);
        fit(found)
                .requireOurs(
                        "Give the model another table, rename that one, or say \"existingTable\":"
                                + " true to load into it as it is.");
        fit(found).requireSame(normal(keys.sorting()), normal(keys.partition()));
        add(missing(found));
        return before.map(TargetTable::withoutValues).orElse(Map.of());
    }

    private ExistingTable existing(@Nullable TableLayout found) {
        requireOneName();
        return new ExistingTable(model, name(), found);
    }

    /// A table with two names would be taken for two, and locked as two.
    private void requireOneName() {
        var settings = connection.settings();
        if (model.table().equals(settings.database() + "." + table)) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The table '%s' is in Millrace's database".formatted(model.table()),
                    "Name it '%s'.".formatted(table),
                    null);
        }
        if (database.equals(settings.stagingDatabase())) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The tables of the database %s are Millrace's own".formatted(database));
        }
    }

    private static Map<String, String> withoutValues(TableLayout found) {
        return found.columns().values().stream()
                .collect(Collectors.toMap(TableColumn::name, TableColumn::withoutValue));
    }

    private TableFit fit(TableLayout found) {
        return new TableFit(model, name(), found);
    }

    /// See [dev.millrace.core.Sink#drop].
    void drop() {
        if (model.definition().existingTable()) {
            throw new MillraceException(
                    ErrorCode.TABLE_NOT_OURS,
                    "The table %s is the user's own".formatted(name()),
                    "Delete the model without its table.",
                    null);
        }
        var found = TableLayout.read(connection, tableName());
        if (found.isEmpty()) {
            return;
        }
        fit(found.get())
                .requireOurs("Delete the model without its table, and look what that one is.");
        // whoever asks for it means every row, however many there are
        connection.execute(
                Statement.of("DROP TABLE IF EXISTS %s SYNC".formatted(name()))
                        .with("max_table_size_to_drop", "0"));
    }

    private void create() {
        var columns =
                model.definition().columns().stream()
                        .map(TargetTable::declaration)
                        .collect(Collectors.joining(",\n"));
        declare(
                """
                CREATE TABLE IF NOT EXISTS %s (
                %s,
                %s)
                ENGINE = %s %s ORDER BY %s\
                """
                        .formatted(
                                name(),
                                columns,
                                lineage(),
                                engine(),
                                keys.partitionClause(),
                                keys.sortingClause()),
                model.definition().columns());
    }

    private String lineage() {
        return switch (model.definition().keep()) {
            case ALL -> Lineage.declaration();
            case LATEST -> Lineage.versionDeclaration() + ",\n" + Lineage.declaration();
        };
    }

    private String engine() {
        return switch (model.definition().keep()) {
            case ALL -> TableEngine.PLAIN;
            case LATEST -> "%s(%s)".formatted(TableEngine.REPLACING, Lineage.VERSION);
        };
    }

    /// Runs a statement that ClickHouse refuses when the model's columns or keys cannot be.
    private void declare(String sql, List<Column> columns) {
        try {
            connection.execute(Statement.of(sql).ofColumns());
        } catch (MillraceException e) {
            if (Refusal.in(e) == null || e.code() != ErrorCode.CLICKHOUSE_REFUSED) {
                throw e;
            }
            requireDefaults(columns.stream().filter(c -> DefaultValue.of(c) != null).toList(), e);
            throw isModelsFault(e)
                    ? new MillraceException(ErrorCode.INVALID_MODEL, e.what(), e.remedy(), e)
                    : e;
        }
    }

    /// Finds the default, if any, for which ClickHouse refused a statement: in halves, since a
    /// model has thousands.
    private void requireDefaults(List<Column> columns, MillraceException refusal) {
        if (columns.isEmpty() || isTaken(columns)) {
            return;
        }
        if (columns.size() > 1) {
            requireDefaults(columns.subList(0, columns.size() / 2), refusal);
            requireDefaults(columns.subList(columns.size() / 2, columns.size()), refusal);
            return;
        }
        var column = columns.getFirst();
        throw new MillraceException(
                ErrorCode.INVALID_MODEL,
                "ClickHouse refused the default '%s' of column '%s' %s"
                        .formatted(
                                column.reading().defaultText(),
                                column.name(),
                                column.type().name()),
                "Write numbers without padding, true or false, days as '2020-01-31', and arrays as"
                        + " ['a', 'b'].",
                refusal);
    }

    private boolean isTaken(List<Column> columns) {
        var values = columns.stream().map(DefaultValue::of).collect(Collectors.joining(", "));
        try {
            connection.execute(Statement.of("SELECT " + values).ofColumns());
            return true;
        } catch (MillraceException e) {
            if (Refusal.in(e) == null || e.code() != ErrorCode.CLICKHOUSE_REFUSED) {
                throw e;
            }
            return false;
        }
    }

    private static boolean isModelsFault(MillraceException e) {
        var refusal = Refusal.in(e);
        return refusal != null
                && Stream.of(
                                Refusal.CANNOT_PARSE_TEXT,
                                Refusal.CANNOT_PARSE_DATE,
                                Refusal.CANNOT_PARSE_DATETIME,
                                Refusal.CANNOT_PARSE_NUMBER,
                                Refusal.CANNOT_READ_ARRAY_FROM_TEXT,
                                Refusal.BAD_ARGUMENTS,
                                Refusal.ILLEGAL_TYPE_OF_ARGUMENT,
                                Refusal.ILLEGAL_COLUMN,
                                Refusal.DATA_TYPE_CANNOT_BE_USED_IN_KEY)
                        .anyMatch(code -> code == refusal.code());
    }

    private List<Column> missing(TableLayout found) {
        return model.definition().columns().stream()
                .filter(c -> !found.columns().containsKey(c.name()))
                .toList();
    }

    /// Rows that are there have no value for a new column, so it must be able to say so, or have a
    /// default. A DEFAULT that a table has is never altered later, whatever the model then says:
    /// rows that were there before the column would change their value with it, and so would those
    /// of jobs that run with an older version.
    private void add(List<Column> columns) {
        if (columns.isEmpty()) {
            return;
        }
        var exact = columns.stream().filter(c -> !c.isOptional()).findFirst();
        if (exact.isPresent() && hasRows()) {
            throw TableFit.refused(
                    name(),
                    "it has rows, and they would have no value for the new column '%s' %s"
                            .formatted(exact.get().name(), exact.get().type().name()));
        }
        var additions =
                columns.stream()
                        .map(c -> "ADD COLUMN IF NOT EXISTS " + declaration(c))
                        .collect(Collectors.joining(", "));
        declare("ALTER TABLE %s %s".formatted(name(), additions), columns);
    }

    private boolean hasRows() {
        var sql = "SELECT toInt64(count()) AS n FROM (SELECT 1 FROM %s LIMIT 1)".formatted(name());
        return connection.row(Statement.of(sql), r -> r.getLong("n")) > 0;
    }

    private static String declaration(Column column) {
        var value = DefaultValue.of(column);
        return "%s %s%s"
                .formatted(
                        Sql.identifier(column.name()),
                        column.type().name(),
                        value == null ? "" : " DEFAULT " + value);
    }

    /// Refuses a table of which a column would be filled with what nobody meant, and a user's own
    /// that does not fit the model any more.
    void requireFilled(TableLayout found) {
        if (model.definition().existingTable()) {
            existing(found).require(normal(keys.sorting()), normal(keys.partition()));
        } else {
            fit(found).requireFilled();
        }
    }

    /// Refuses a table that cannot be put aside, and be told from the one that takes its place, for
    /// a mode that does so.
    void requireOurs(TableLayout found, LoadMode mode) {
        if (model.definition().existingTable() || !found.hasLineage()) {
            throw new MillraceException(
                    ErrorCode.TABLE_NOT_OURS,
                    "The rows of %s cannot be replaced (%s): it is the user's own table"
                            .formatted(name(), mode),
                    "Append, or let Millrace make the table.",
                    null);
        }
    }

    /// Refuses a table with dependent materialized views: they see rows that are inserted, and none
    /// that are attached.
    void requireNoViews(TableLayout found) {
        if (!found.views().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.TABLE_HAS_VIEWS,
                    "The materialized views %s on the table %s would not see the load's rows"
                            .formatted(String.join(", ", found.views()), name()),
                    "Append with --through-views, which inserts the rows instead of attaching"
                            + " them, with the weaker promise that docs/concepts.md states; or drop"
                            + " the views.",
                    null);
        }
    }

    /// A key as ClickHouse itself would write it.
    private String normal(String key) {
        if (key.isEmpty()) {
            return "";
        }
        var sql = "SELECT formatQuerySingleLine(%s) AS q".formatted(Sql.literal("SELECT " + key));
        var query =
                connection.row(Statement.of(sql), r -> Objects.requireNonNull(r.getString("q")));
        return query.substring("SELECT ".length());
    }

    /// A column that staging is to get, refused when its rows would get a value that nobody meant.
    void requireAddable(TableColumn column) {
        if (!column.mayBeLeftOut()) {
            throw TableFit.refused(
                    name(),
                    ("it got the column '%s' %s after the load began, and the load's rows have no"
                                    + " value for it")
                            .formatted(column.name(), column.type()));
        }
    }
}
