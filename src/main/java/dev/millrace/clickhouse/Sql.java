package dev.millrace.clickhouse;

import dev.millrace.core.SqlText;

/// Names and values as ClickHouse's SQL wants them written.
final class Sql {
    private Sql() {}

    /// A name in backquotes; it may hold any character.
    static String identifier(String name) {
        return SqlText.identifier(name);
    }

    /// A name within a database.
    static String identifier(String database, String name) {
        return identifier(database) + "." + identifier(name);
    }

    /// A String literal.
    static String literal(String value) {
        return SqlText.literal(value);
    }
}
