package dev.millrace.clickhouse;

import java.util.function.UnaryOperator;

/// An array as a model writes it, which has been checked: elements in brackets, in either kind of
/// quotes or in none, with escapes. ClickHouse's CAST takes fewer spellings, so that it gets an
/// array of literals instead.
final class ArrayText {
    private final String text;
    private final UnaryOperator<String> literal;
    private final StringBuilder sql = new StringBuilder();
    private int at;

    private ArrayText(String text, UnaryOperator<String> literal) {
        this.text = text;
        this.literal = literal;
    }

    /// The array, or arrays of arrays, as an expression of SQL.
    ///
    /// @param literal what stands for an element's text that is not NULL
    static String toSql(String text, UnaryOperator<String> literal) {
        return new ArrayText(text, literal).toSql();
    }

    private String toSql() {
        while (at < text.length()) {
            var c = text.charAt(at);
            switch (c) {
                case '[', ']', ',' -> {
                    sql.append(c);
                    at++;
                }
                case ' ', '\t' -> at++;
                case '\'', '"' -> sql.append(literal.apply(quoted(c)));
                default -> {
                    var element = plain();
                    var isNull = element.equalsIgnoreCase("NULL");
                    sql.append(isNull ? "NULL" : literal.apply(element));
                }
            }
        }
        return sql.toString();
    }

    private String plain() {
        var start = at;
        while (text.charAt(at) != ',' && text.charAt(at) != ']') {
            at++;
        }
        return text.substring(start, at).strip();
    }

    private String quoted(char quote) {
        var element = new StringBuilder();
        for (at++; text.charAt(at) != quote; at++) {
            if (text.charAt(at) == '\\') {
                at++;
                element.append(unescaped(text.charAt(at)));
            } else {
                element.append(text.charAt(at));
            }
        }
        at++;
        return element.toString();
    }

    private static char unescaped(char c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '0' -> '\0';
            default -> c;
        };
    }
}
