package dev.millrace.clickhouse;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Which table has a name at this moment, and how it is made: an `EXCHANGE TABLES` changes the
/// first, an ALTER the second.
///
/// @param uuid the table's own, which stays with its rows whatever it is called
/// @param definition what stands behind the name in its CREATE TABLE: the same for two tables that
///   can take each other's place
record TableIdentity(UUID uuid, String definition) {
    static Optional<TableIdentity> read(
            ClickHouseConnection connection, String database, String table) {
        var sql =
                "SELECT toString(uuid) AS id, create_table_query FROM system.tables"
                        + " WHERE database = %s AND name = %s"
                                .formatted(Sql.literal(database), Sql.literal(table));
        return connection
                .rows(
                        Statement.look(sql),
                        r ->
                                new TableIdentity(
                                        UUID.fromString(r.getString("id")),
                                        definition(
                                                r.getString("create_table_query"),
                                                new TableName(database, table))))
                .stream()
                .findFirst();
    }

    private static String definition(String create, TableName table) {
        return behindName(create, table)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.CLICKHOUSE_REFUSED,
                                "%s is not a table: %s".formatted(table.quoted(), create)));
    }

    /// What stands behind the name in a CREATE TABLE, or empty when it is none of this table.
    /// ClickHouse quotes a name only when it has to.
    static Optional<String> behindName(String create, TableName name) {
        for (var left : List.of(name.database(), Sql.identifier(name.database()))) {
            for (var right : List.of(name.table(), Sql.identifier(name.table()))) {
                var head = "CREATE TABLE %s.%s ".formatted(left, right);
                if (create.startsWith(head)) {
                    return Optional.of(create.substring(head.length()));
                }
            }
        }
        return Optional.empty();
    }
}
