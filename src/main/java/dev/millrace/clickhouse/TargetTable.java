package dev.millrace.clickhouse;

import dev.millrace.clickhouse.TableLayout.TableColumn;
import dev.millrace.core.Column;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The table that a model's rows are published to. Thread-safe.
final class TargetTable {
    private final ClickHouseConnection connection;
    private final Model model;
    private final String database;

    TargetTable(ClickHouseConnection connection, Model model) {
        this.connection = connection;
        this.model = model;
        this.database = connection.settings().database();
    }

    /// Its quoted name.
    String name() {
        return Sql.identifier(database, model.table());
    }

    TableLayout layout() {
        return TableLayout.read(connection, database, model.table())
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.CLICKHOUSE_REFUSED,
                                "The table %s is gone".formatted(name()),
                                "Update the model: that makes its table again.",
                                null));
    }

    /// What the table holds of a job.
    Digest digest(JobId job, int epoch) {
        return connection.digest(
                Statement.ofJob(job, epoch, Lineage.digest(name(), Lineage.isOf(job))));
    }

    /// See [dev.millrace.core.Sink#prepare].
    void prepare() {
        Databases.ensure(connection, database);
        create();
        var found = layout();
        requireOurs(found, "Give the model another table, or rename that one.");
        requireSame(found);
        add(missing(found));
    }

    /// See [dev.millrace.core.Sink#drop].
    void drop() {
        var found = TableLayout.read(connection, database, model.table());
        if (found.isEmpty()) {
            return;
        }
        requireOurs(found.get(), "Delete the model without its table, and look what that one is.");
        // whoever asks for it means every row, however many there are
        connection.execute(
                Statement.of("DROP TABLE IF EXISTS %s SYNC".formatted(name()))
                        .with("max_table_size_to_drop", "0"));
    }

    private void create() {
        var definition = model.definition();
        var columns =
                definition.columns().stream()
                        .map(TargetTable::declaration)
                        .collect(Collectors.joining(",\n"));
        declare(
                """
                CREATE TABLE IF NOT EXISTS %s (
                %s,
                %s)
                ENGINE = MergeTree %s ORDER BY %s\
                """
                        .formatted(
                                name(),
                                columns,
                                Lineage.declaration(),
                                partitioning(partitionKey(definition)),
                                sorting(definition)));
    }

    /// Runs a statement that ClickHouse refuses when the model's columns or keys cannot be.
    private void declare(String sql) {
        try {
            connection.execute(Statement.of(sql).ofColumns());
        } catch (MillraceException e) {
            throw isModelsFault(e)
                    ? new MillraceException(ErrorCode.INVALID_MODEL, e.what(), e.remedy(), e)
                    : e;
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

    private void requireOurs(TableLayout found, String remedy) {
        var why =
                !found.engine().equals("MergeTree")
                        ? "its engine is %s, not MergeTree".formatted(found.engine())
                        : !isLineage(found, Lineage.JOB, Lineage.JOB_TYPE)
                                ? lacks(Lineage.JOB, Lineage.JOB_TYPE)
                                : !isLineage(found, Lineage.ROW, Lineage.ROW_TYPE)
                                        ? lacks(Lineage.ROW, Lineage.ROW_TYPE)
                                        : null;
        if (why != null) {
            throw new MillraceException(
                    ErrorCode.TABLE_NOT_OURS,
                    "The table %s is there, and Millrace did not make it: %s"
                            .formatted(name(), why),
                    remedy,
                    null);
        }
    }

    private static boolean isLineage(TableLayout found, String name, String type) {
        var column = found.columns().get(name);
        return column != null
                && column.type().equals(type)
                && column.defaultKind().equals("MATERIALIZED");
    }

    private static String lacks(String name, String type) {
        return "it has no column %s %s MATERIALIZED".formatted(name, type);
    }

    private void requireSame(TableLayout found) {
        var definition = model.definition();
        requireKey("sorted", found.sortingKey(), normal(sortingKey(definition)));
        requireKey("partitioned", found.partitionKey(), normal(partitionKey(definition)));
        for (var column : definition.columns()) {
            var there = found.columns().get(column.name());
            if (there != null && !there.type().equals(column.type().name())) {
                throw refused(
                        "its column '%s' is %s, not %s"
                                .formatted(column.name(), there.type(), column.type().name()));
            }
        }
        requireFilled(found);
    }

    /// Refuses a column that the model's rows would fill with what ClickHouse puts there when
    /// nobody says anything: one that this version of the model lacks, and that can neither be NULL
    /// nor has a default of its own.
    void requireFilled(TableLayout found) {
        var unfilled =
                found.columns().values().stream()
                        .filter(c -> model.definition().indexOf(c.name()) < 0 && !c.mayBeLeftOut())
                        .map(c -> "'%s' %s".formatted(c.name(), c.type()))
                        .toList();
        if (!unfilled.isEmpty()) {
            throw refused(
                    ("its column %s is not in version %d of the model, is not Nullable and has no"
                                    + " default in the table")
                            .formatted(String.join(", its column ", unfilled), model.version()));
        }
    }

    private void requireKey(String how, String found, String wanted) {
        if (!found.equals(wanted)) {
            throw refused("it is %s by (%s), not by (%s)".formatted(how, found, wanted));
        }
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
            throw refused(
                    "it has rows, and they would have no value for the new column '%s' %s"
                            .formatted(exact.get().name(), exact.get().type().name()));
        }
        var additions =
                columns.stream()
                        .map(c -> "ADD COLUMN IF NOT EXISTS " + declaration(c))
                        .collect(Collectors.joining(", "));
        declare("ALTER TABLE %s %s".formatted(name(), additions));
    }

    private boolean hasRows() {
        var sql = "SELECT toInt64(count()) AS n FROM (SELECT 1 FROM %s LIMIT 1)".formatted(name());
        return connection.row(Statement.of(sql), r -> r.getLong("n")) > 0;
    }

    private MillraceException refused(String why) {
        return new MillraceException(
                ErrorCode.MODEL_CHANGE_REFUSED,
                "The table %s cannot take the model's rows: %s".formatted(name(), why),
                "A column that comes or goes must be Nullable or have a default in the table; for"
                        + " other changes make a new model.",
                null);
    }

    private static String declaration(Column column) {
        var value = DefaultValue.of(column);
        return "%s %s%s"
                .formatted(
                        Sql.identifier(column.name()),
                        column.type().name(),
                        value == null ? "" : " DEFAULT " + value);
    }

    private static String sortingKey(ModelDefinition definition) {
        return definition.orderBy().stream().map(Sql::identifier).collect(Collectors.joining(", "));
    }

    private static String partitionKey(ModelDefinition definition) {
        var key = definition.partitionBy();
        if (key == null) {
            return "";
        }
        var column = Sql.identifier(key.column());
        return key.function().isEmpty() ? column : "%s(%s)".formatted(key.function(), column);
    }

    private static String partitioning(String key) {
        return key.isEmpty() ? "" : "PARTITION BY " + key;
    }

    /// ClickHouse keeps superfluous parentheses, and a table's keys are compared as texts.
    private static String sorting(ModelDefinition definition) {
        var key = sortingKey(definition);
        return switch (definition.orderBy().size()) {
            case 0 -> "tuple()";
            case 1 -> key;
            default -> "(" + key + ")";
        };
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
            throw refused(
                    ("it got the column '%s' %s after the load began, and the load's rows have no"
                                    + " value for it")
                            .formatted(column.name(), column.type()));
        }
    }
}
