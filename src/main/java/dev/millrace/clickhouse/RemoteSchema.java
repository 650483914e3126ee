package dev.millrace.clickhouse;

import dev.millrace.core.ResultColumn;
import dev.millrace.core.Schema;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a ClickHouse says of itself in its tables `system.databases`, `tables` and `columns`, which
/// show each user what that user may see (its documentation, "SHOW" of the access rights).
///
/// @param database the connection's
/// @param hidden databases that are not listed
/// @param ask runs a statement that ends with FORMAT TabSeparated
record RemoteSchema(
        String database, Set<String> hidden, Function<String, List<List<@Nullable String>>> ask)
        implements Schema {

    @Override
    public List<DatabaseEntry> databases() {
        return ask("SELECT name, engine, comment FROM system.databases ORDER BY name").stream()
                .map(row -> new DatabaseEntry(text(row, 0), text(row, 1), text(row, 2)))
                .filter(each -> !hidden.contains(each.name()))
                .toList();
    }

    @Override
    public List<TableEntry> tables(String database, TableWish wish) {
        if (hidden.contains(database)) {
            return List.of();
        }
        var sql =
                new StringBuilder(
                        "SELECT name, engine, total_rows, total_bytes, sorting_key, primary_key,"
                                + " partition_key, comment FROM system.tables WHERE database = ");
        sql.append(Sql.literal(database)).append(" AND NOT is_temporary");
        if (wish.afterName() != null) {
            sql.append(" AND name > ").append(Sql.literal(wish.afterName()));
        }
        if (wish.contains() != null) {
            sql.append(" AND positionCaseInsensitiveUTF8(name, ")
                    .append(Sql.literal(wish.contains()))
                    .append(") > 0");
        }
        sql.append(" ORDER BY name LIMIT ").append(wish.limit());
        return ask(sql.toString()).stream().map(RemoteSchema::table).toList();
    }

    private static TableEntry table(List<@Nullable String> row) {
        return new TableEntry(
                text(row, 0),
                text(row, 1),
                number(row, 2),
                number(row, 3),
                text(row, 4),
                text(row, 5),
                text(row, 6),
                text(row, 7));
    }

    @Override
    public List<ColumnEntry> columns(String database, String table) {
        var sql =
                """
                SELECT name, type, position, is_in_sorting_key, is_in_primary_key,
                    is_in_partition_key, default_kind, default_expression, comment
                FROM system.columns WHERE database = %s AND table = %s ORDER BY position\
                """
                        .formatted(Sql.literal(database), Sql.literal(table));
        return hidden.contains(database)
                ? List.of()
                : ask(sql).stream().map(RemoteSchema::column).toList();
    }

    private static ColumnEntry column(List<@Nullable String> row) {
        return new ColumnEntry(
                text(row, 0),
                text(row, 1),
                Integer.parseInt(text(row, 2)),
                text(row, 3).equals("1"),
                text(row, 4).equals("1"),
                text(row, 5).equals("1"),
                text(row, 6),
                text(row, 7),
                text(row, 8));
    }

    @Override
    public List<ResultColumn> describe(String query) {
        return ask("DESCRIBE TABLE (\n" + trimmed(query) + "\n)").stream()
                .map(row -> new ResultColumn(text(row, 0), text(row, 1)))
                .toList();
    }

    @Override
    public void plan(String query) {
        ask("EXPLAIN " + trimmed(query) + "\n");
    }

    @Override
    public List<@Nullable String> values(List<TypedText> texts) {
        if (texts.isEmpty()) {
            return List.of();
        }
        return ask(texts.stream()
                        .map(each ->
                                "toString(accurateCast(%s, %s))"
                                        .formatted(
                                                Sql.literal(each.text()), Sql.literal(each.type())))
                        .collect(Collectors.joining(", ", "SELECT ", "")))
                .getFirst();
    }

    private List<List<@Nullable String>> ask(String sql) {
        return ask.apply(sql + " FORMAT TabSeparated");
    }

    /// A query as it can stand within another: without the semicolon at its end.
    static String trimmed(String query) {
        var text = query.strip();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).stripTrailing();
        }
        return text;
    }

    private static String text(List<@Nullable String> row, int column) {
        return Objects.requireNonNullElse(row.get(column), "");
    }

    private static @Nullable Long number(List<@Nullable String> row, int column) {
        var text = row.get(column);
        // beyond a signed number's end nobody's table goes
        return text == null ? null : (Long) Long.parseUnsignedLong(text);
    }
}
