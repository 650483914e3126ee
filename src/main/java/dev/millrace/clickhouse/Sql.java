package dev.millrace.clickhouse;

/// Names and values as ClickHouse's SQL wants them written.
final class Sql {
    private Sql() {}

    /// A name in backquotes; it may hold any character.
    static String identifier(String name) {
        return quoted(name, '`');
    }

    /// A name within a database.
    static String identifier(String database, String name) {
        return identifier(database) + "." + identifier(name);
    }

    /// A String literal.
    static String literal(String value) {
        return quoted(value, '\'');
    }

    private static String quoted(String text, char quote) {
        var sql = new StringBuilder(text.length() + 8).append(quote);
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == quote || c == '\\' || c == 0) {
                sql.append('\\');
            }
            sql.append(c == 0 ? '0' : c);
        }
        return sql.append(quote).toString();
    }
}
