package dev.millrace.clickhouse;

/// A table's name within its database, neither of them quoted.
record TableName(String database, String table) {
    /// As SQL wants it written.
    String quoted() {
        return Sql.identifier(database, table);
    }
}
