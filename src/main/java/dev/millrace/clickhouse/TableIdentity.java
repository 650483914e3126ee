package dev.millrace.clickhouse;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
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
                        Statement.of(sql),
                        r ->
                                new TableIdentity(
                                        UUID.fromString(r.getString("id")),
                                        behindName(
                                                r.getString("create_table_query"),
                                                database,
                                                table)))
                .stream()
                .findFirst();
    }

    /// ClickHouse quotes a name only when it has to.
    private static String behindName(String create, String database, String table) {
        for (var left : new String[] {database, Sql.identifier(database)}) {
            for (var right : new String[] {table, Sql.identifier(table)}) {
                var head = "CREATE TABLE %s.%s ".formatted(left, right);
                if (create.startsWith(head)) {
                    return create.substring(head.length());
                }
            }
        }
        throw new MillraceException(
                ErrorCode.CLICKHOUSE_REFUSED,
                "%s is not a table: %s".formatted(Sql.identifier(database, table), create));
    }
}
