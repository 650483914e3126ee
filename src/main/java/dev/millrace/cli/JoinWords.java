package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Parts of a join as a command line says them. A name is letters, digits, `_` and `$`, or anything
/// in backquotes, where a backquote and a backslash have a backslash before them; a value is a text
/// in single quotes, likewise, or a word. For one thread.
final class JoinWords {
    private static final List<String> OPERATORS =
            List.of("<=", ">=", "<>", "!=", "==", "=", "<", ">");

    private final String flag;
    private final String text;
    private int at;

    private JoinWords(String flag, String text) {
        this.flag = flag;
        this.text = text;
    }

    /// `[DATABASE.]TABLE[=ALIAS]`
    static ObjectNode table(String text, String flag) {
        var words = new JoinWords(flag, text);
        var node = Json.object();
        var first = words.name();
        if (words.takes(".")) {
            node.put("database", first).put("table", words.name());
        } else {
            node.put("table", first);
        }
        if (words.takes("=")) {
            node.put("alias", words.name());
        }
        words.end();
        return node;
    }

    /// `[TABLE.]COLUMN [as NAME], …`
    static List<ObjectNode> columns(String text, String flag) {
        var words = new JoinWords(flag, text);
        var columns = new ArrayList<ObjectNode>();
        do {
            var column = words.column();
            if (words.takesWord("as")) {
                column.put("as", words.name());
            }
            columns.add(column);
        } while (words.takes(","));
        words.end();
        return columns;
    }

    /// `[inner|left|right|full] COLUMN OPERATOR COLUMN [and …]`
    static ObjectNode join(String text, String flag) {
        var words = new JoinWords(flag, text);
        var node = Json.object();
        for (var kind : List.of("inner", "left", "right", "full")) {
            if (words.takesKind(kind)) {
                node.put("kind", kind.toUpperCase(Locale.ROOT));
                break;
            }
        }
        var conditions = node.putArray("conditions");
        do {
            var condition = conditions.addObject();
            condition.set("left", words.column());
            condition.put("operator", words.operator());
            condition.set("right", words.column());
        } while (words.takesWord("and"));
        words.end();
        return node;
    }

    /// `COLUMN OPERATOR VALUE`
    static ObjectNode filter(String text, String flag) {
        var words = new JoinWords(flag, text);
        var node = words.column();
        if (words.takesWord("is")) {
            var not = words.takesWord("not");
            words.require("null");
            node.put("operator", not ? "IS NOT NULL" : "IS NULL");
        } else if (words.takesWord("between")) {
            var values = node.put("operator", "BETWEEN").putArray("values");
            values.add(words.value());
            words.require("and");
            values.add(words.value());
        } else {
            words.comparison(node);
        }
        words.end();
        return node;
    }

    private void comparison(ObjectNode node) {
        var not = takesWord("not");
        if (takesWord("in")) {
            var values = node.put("operator", not ? "NOT IN" : "IN").putArray("values");
            if (!takes("(")) {
                throw wrong("'(' is missing behind 'in'");
            }
            do {
                values.add(value());
            } while (takes(","));
            if (!takes(")")) {
                throw wrong("')' is missing");
            }
        } else if (takesWord("like")) {
            node.put("operator", not ? "NOT LIKE" : "LIKE").put("value", value());
        } else if (!not && takesWord("ilike")) {
            node.put("operator", "ILIKE").put("value", value());
        } else {
            node.put("operator", operator()).put("value", value());
        }
    }

    /// `COLUMN [asc|desc], …`
    static List<ObjectNode> orderings(String text, String flag) {
        var words = new JoinWords(flag, text);
        var orderings = new ArrayList<ObjectNode>();
        do {
            var column = words.column();
            var down = words.takesWord("desc");
            if (!down) {
                words.takesWord("asc");
            }
            orderings.add(down ? column.put("descending", true) : column);
        } while (words.takes(","));
        words.end();
        return orderings;
    }

    private ObjectNode column() {
        var first = name();
        return takes(".")
                ? Json.object().put("table", first).put("column", name())
                : Json.object().put("column", first);
    }

    private String operator() {
        skip();
        for (var each : OPERATORS) {
            if (takes(each)) {
                return each;
            }
        }
        throw wrong("an operator is missing, such as '='");
    }

    private String name() {
        skip();
        if (at < text.length() && text.charAt(at) == '`') {
            return quoted('`');
        }
        var from = at;
        while (at < text.length() && isOfName(text.charAt(at))) {
            at++;
        }
        if (from == at) {
            throw wrong("a name is missing");
        }
        return text.substring(from, at);
    }

    private static boolean isOfName(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || c == '_' || c == '$';
    }

    private String value() {
        skip();
        if (at < text.length() && text.charAt(at) == '\'') {
            return quoted('\'');
        }
        var from = at;
        while (at < text.length() && " ,()'`".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (from == at) {
            throw wrong("a value is missing; an empty text is ''");
        }
        return text.substring(from, at);
    }

    private String quoted(char quote) {
        var name = new StringBuilder();
        for (at++; at < text.length(); at++) {
            var c = text.charAt(at);
            if (c == quote) {
                at++;
                return name.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = text.charAt(++at);
            }
            name.append(c);
        }
        throw wrong("the closing %s is missing".formatted(quote));
    }

    /// A kind of join, which a table may have for its name too.
    private boolean takesKind(String kind) {
        var before = at;
        if (takesWord(kind)) {
            skip();
            if (at < text.length() && text.charAt(at) != '.') {
                return true;
            }
        }
        at = before;
        return false;
    }

    private boolean takesWord(String word) {
        skip();
        var end = at + word.length();
        if (text.regionMatches(true, at, word, 0, word.length())
                && (end == text.length() || !isOfName(text.charAt(end)))) {
            at = end;
            return true;
        }
        return false;
    }

    private void require(String word) {
        if (!takesWord(word)) {
            throw wrong("'%s' is missing".formatted(word));
        }
    }

    private boolean takes(String sign) {
        skip();
        if (text.startsWith(sign, at)) {
            at += sign.length();
            return true;
        }
        return false;
    }

    private void skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private void end() {
        skip();
        if (at < text.length()) {
            throw wrong("it goes on with '%s'".formatted(text.substring(at)));
        }
    }

    private Failure wrong(String what) {
        return new Failure(
                "%s '%s': %s at character %d".formatted(flag, text, what, at + 1),
                "Names with other characters than letters, digits, _ and $ stand in `backquotes`,"
                        + " values with spaces, commas and the like in 'quotes'.");
    }
}
