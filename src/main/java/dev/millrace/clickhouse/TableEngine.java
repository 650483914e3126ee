package dev.millrace.clickhouse;

/// A table's engine and what is said behind it, as `system.tables.engine_full` has it.
///
/// @param arguments what stands in the parentheses behind the name; empty for none
/// @param clauses everything behind that: keys, TTL, settings
record TableEngine(String name, String arguments, String clauses) {
    static final String PLAIN = "MergeTree";
    static final String REPLACING = "ReplacingMergeTree";

    /// @param text `engine_full`, which repeats the name, in backquotes where it must
    static TableEngine parse(String name, String text) {
        var end = text.startsWith("`") ? name.length() + 2 : name.length();
        var bare = withoutQuoted(text);
        if (end >= bare.length() || bare.charAt(end) != '(') {
            return new TableEngine(name, "", text.substring(Math.min(end, text.length())));
        }
        var close = closing(bare, end);
        return new TableEngine(name, text.substring(end + 1, close), text.substring(close + 1));
    }

    private static int closing(String bare, int open) {
        var depth = 0;
        for (var i = open; i < bare.length(); i++) {
            depth += bare.charAt(i) == '(' ? 1 : bare.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return bare.length() - 1;
    }

    /// As it was read.
    String text() {
        return name + (arguments.isEmpty() ? "" : "(%s)".formatted(arguments)) + clauses;
    }

    /// Whether rows leave the table by themselves when they are old.
    boolean hasTtl() {
        return withoutQuoted(clauses).contains(" TTL ");
    }

    /// Whether old rows are merged into one by their TTL.
    boolean rollsUp() {
        return hasTtl() && withoutQuoted(clauses).contains(" GROUP BY ");
    }

    /// Whether rows of the table are merged with each other.
    boolean merges() {
        return !name.equals(PLAIN);
    }

    /// SQL with everything between quotes made blank, so that positions stay.
    static String withoutQuoted(String sql) {
        var bare = new StringBuilder(sql);
        char quote = 0;
        for (var i = 0; i < bare.length(); i++) {
            var c = sql.charAt(i);
            if (quote == 0) {
                quote = c == '\'' || c == '`' || c == '"' ? c : 0;
                continue;
            }
            bare.setCharAt(i, ' ');
            if (c == '\\' && i + 1 < bare.length()) {
                bare.setCharAt(++i, ' ');
            } else if (c == quote) {
                quote = 0;
            }
        }
        return bare.toString();
    }
}
