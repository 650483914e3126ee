package dev.millrace.export;

/// Names and texts as ClickHouse's SQL wants them written, whatever is in them.
final class Quoted {
    private Quoted() {}

    /// In backquotes.
    static String name(String name) {
        return quoted(name, '`');
    }

    static String text(String text) {
        return quoted(text, '\'');
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
