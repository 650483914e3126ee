package dev.millrace.core;

/// Names and values as ClickHouse's SQL wants them written, whatever characters they hold.
public final class SqlText {
    private SqlText() {}

    /// A name in backquotes.
    public static String identifier(String name) {
        return quoted(name, '`');
    }

    /// A String literal.
    public static String literal(String value) {
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
