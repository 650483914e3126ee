package dev.millrace.explore;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a column is compared, as SQL writes it.
public enum Operator {
    EQUAL("=", 1, 1),
    UNEQUAL("!=", 1, 1),
    LESS("<", 1, 1),
    AT_MOST("<=", 1, 1),
    MORE(">", 1, 1),
    AT_LEAST(">=", 1, 1),
    IN("IN", 1, Integer.MAX_VALUE),
    NOT_IN("NOT IN", 1, Integer.MAX_VALUE),
    BETWEEN("BETWEEN", 2, 2),
    LIKE("LIKE", 1, 1),
    NOT_LIKE("NOT LIKE", 1, 1),
    ILIKE("ILIKE", 1, 1),
    IS_NULL("IS NULL", 0, 0),
    IS_NOT_NULL("IS NOT NULL", 0, 0);

    private final String sql;
    private final int least;
    private final int most;

    Operator(String sql, int least, int most) {
        this.sql = sql;
        this.least = least;
        this.most = most;
    }

    public String sql() {
        return sql;
    }

    /// Whether it can stand between two columns of a join.
    public boolean joins() {
        return this == EQUAL || this == LESS || this == AT_MOST || this == MORE || this == AT_LEAST;
    }

    /// Whether its value is a pattern of text, whatever the column's type.
    boolean takesPattern() {
        return this == LIKE || this == NOT_LIKE || this == ILIKE;
    }

    boolean takes(int values) {
        return values >= least && values <= most;
    }

    /// How many values it takes, for a sentence.
    String takes() {
        if (most == Integer.MAX_VALUE) {
            return "one value or more";
        }
        return switch (most) {
            case 0 -> "no value";
            case 1 -> "one value";
            default -> most + " values";
        };
    }

    /// In any case, with any spaces; `<>` and `==` too.
    public static Optional<Operator> find(String text) {
        var words = text.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
        var known = words.equals("<>") ? "!=" : words.equals("==") ? "=" : words;
        return Arrays.stream(values()).filter(each -> each.sql.equals(known)).findFirst();
    }

    /// All of them, for a sentence.
    public static String known() {
        return Arrays.stream(values()).map(Operator::sql).collect(Collectors.joining(", "));
    }
}
