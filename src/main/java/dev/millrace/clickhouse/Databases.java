package dev.millrace.clickhouse;

/// Makes a database when it is not there. Asked first, because a user who may not make databases
/// may well use one.
final class Databases {
    private Databases() {}

    static void ensure(ClickHouseConnection connection, String database) {
        var sql =
                "SELECT toInt64(count()) AS n FROM system.databases WHERE name = "
                        + Sql.literal(database);
        if (connection.row(Statement.look(sql), r -> r.getLong("n")) == 0) {
            connection.execute(
                    Statement.of(
                            "CREATE DATABASE IF NOT EXISTS %s ENGINE = Atomic"
                                    .formatted(Sql.identifier(database))));
        }
    }
}
