package dev.millrace.clickhouse;

import com.clickhouse.client.api.query.GenericRecord;
import dev.millrace.clickhouse.TableLayout.TableColumn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What `system.tables` and `system.columns` say of some tables, read by one statement: each costs
/// the server some milliseconds, however little it asks for.
final class TableFacts {
    /// A row of `system.tables`.
    ///
    /// @param views the materialized views that hang on it, a line each
    record Table(
            String engine,
            String engineFull,
            String partitionKey,
            String sortingKey,
            String createQuery,
            String views) {}

    private record Placed(long position, TableColumn column) {}

    private final Map<TableName, Table> tables = new HashMap<>();
    private final Map<TableName, List<Placed>> columns = new HashMap<>();

    private TableFacts() {}

    static TableFacts read(ClickHouseConnection connection, List<TableName> names) {
        var facts = new TableFacts();
        if (!names.isEmpty()) {
            connection.rows(Statement.look(sql(names)), facts::take);
        }
        return facts;
    }

    /// Databases and tables are asked for side by side, which ClickHouse answers without looking at
    /// others; a pair that nobody asked for is not asked for here either.
    private static String sql(List<TableName> names) {
        return """
        SELECT 'table' AS kind, database AS d, name AS t, engine AS a, engine_full AS b,
            partition_key AS c, sorting_key AS e, create_table_query AS f,
            arrayStringConcat(arraySort(arrayMap((x, y) -> concat(x, '.', y),
                dependencies_database, dependencies_table)), '\n') AS g, toInt64(0) AS n
        FROM system.tables WHERE database IN (%1$s) AND name IN (%2$s)
        UNION ALL
        SELECT 'column', database, table, name, type, default_kind, default_expression, '', '',
            toInt64(position)
        FROM system.columns WHERE database IN (%1$s) AND table IN (%2$s)\
        """
                .formatted(literals(names, TableName::database), literals(names, TableName::table));
    }

    private static String literals(List<TableName> names, Function<TableName, String> part) {
        return names.stream()
                .map(part)
                .distinct()
                .map(Sql::literal)
                .collect(Collectors.joining(", "));
    }

    private TableName take(GenericRecord row) {
        var name = new TableName(row.getString("d"), row.getString("t"));
        if (row.getString("kind").equals("table")) {
            tables.put(
                    name,
                    new Table(
                            row.getString("a"),
                            row.getString("b"),
                            row.getString("c"),
                            row.getString("e"),
                            row.getString("f"),
                            row.getString("g")));
        } else {
            var column =
                    new TableColumn(
                            row.getString("a"),
                            row.getString("b"),
                            row.getString("c"),
                            row.getString("e"));
            columns.computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(new Placed(row.getLong("n"), column));
        }
        return name;
    }

    Optional<Table> table(TableName name) {
        return Optional.ofNullable(tables.get(name));
    }

    /// In the table's order.
    List<TableColumn> columns(TableName name) {
        return columns.getOrDefault(name, List.of()).stream()
                .sorted(Comparator.comparingLong(Placed::position))
                .map(Placed::column)
                .toList();
    }
}
