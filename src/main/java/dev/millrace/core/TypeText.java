package dev.millrace.core;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A type as ClickHouse writes one, taken apart: a name, and in parentheses its arguments, which
/// are types, numbers or quoted names. Knows the grammar and no type.
///
/// @param name letters, digits and `_`
/// @param arguments empty when there are no parentheses
record TypeText(String name, List<Argument> arguments) {

    /// The characters that stand escaped in a quoted text, and in the same places the letters that
    /// stand for them behind a backslash.
    private static final String ESCAPED = "\b\f\n\r\t\0'\\";

    private static final String ESCAPES = "bfnrt0'\\";

    /// One of a type's arguments.
    sealed interface Argument {}

    /// `UInt8`, or `Decimal(9, 2)`.
    record Type(TypeText text) implements Argument {}

    /// `9`.
    record Numeral(long value) implements Argument {}

    /// `'UTC'`.
    record Quoted(String value) implements Argument {}

    /// `'a' = 1`.
    record Named(String value, long number) implements Argument {}

    TypeText {
        arguments = List.copyOf(arguments);
    }

    /// @throws MillraceException INVALID_MODEL saying where the text is no type
    static TypeText parse(String text) {
        var reader = new Reader(text);
        var type = reader.type(0);
        if (reader.at < text.length()) {
            throw reader.fault("something follows the type");
        }
        return type;
    }

    /// The arguments of a type that takes only numbers.
    ///
    /// @throws MillraceException INVALID_MODEL for any other
    List<Long> numerals() {
        return arguments.stream()
                .map(argument -> {
                    if (argument instanceof Numeral(long value)) {
                        return value;
                    }
                    throw ColumnTypes.invalid(
                            "%s is not a column type: %s takes numbers".formatted(this, name));
                })
                .toList();
    }

    /// The type as ClickHouse writes it.
    @Override
    public String toString() {
        var list = arguments.stream().map(TypeText::written).collect(Collectors.joining(", "));
        return list.isEmpty() ? name : name + "(" + list + ")";
    }

    private static String written(Argument argument) {
        return switch (argument) {
            case Type(TypeText text) -> text.toString();
            case Numeral(long value) -> Long.toString(value);
            case Quoted(String value) -> quoted(value);
            case Named(String value, long number) -> quoted(value) + " = " + number;
        };
    }

    /// A text in single quotes, escaped as ClickHouse does in a type's name.
    static String quoted(String value) {
        var quoted = new StringBuilder("'");
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            var escape = ESCAPED.indexOf(c);
            if (escape < 0) {
                quoted.append(c);
            } else {
                quoted.append('\\').append(ESCAPES.charAt(escape));
            }
        }
        return quoted.append('\'').toString();
    }

    private static final class Reader {
        private static final int MAX_DEPTH = 16;

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
            skipSpaces();
        }

        TypeText type(int depth) {
            if (depth > MAX_DEPTH) {
                throw fault("types stand inside each other more than %d deep".formatted(MAX_DEPTH));
            }
            var from = at;
            while (at < text.length() && isOfName(text.charAt(at))) {
                at++;
            }
            if (from == at) {
                throw fault("a type's name should stand");
            }
            var name = text.substring(from, at);
            skipSpaces();
            return new TypeText(name, is('(') ? arguments(depth) : List.of());
        }

        private List<Argument> arguments(int depth) {
            var arguments = new ArrayList<Argument>();
            do {
                step();
                arguments.add(argument(depth));
            } while (is(','));
            if (!is(')')) {
                throw fault("a ) is missing");
            }
            step();
            return arguments;
        }

        private Argument argument(int depth) {
            if (is('\'')) {
                var value = quoted();
                if (!is('=')) {
                    return new Quoted(value);
                }
                step();
                return new Named(value, number());
            }
            return at < text.length() && (is('-') || isDigit(text.charAt(at)))
                    ? new Numeral(number())
                    : new Type(type(depth + 1));
        }

        private long number() {
            var from = at;
            at += is('-') ? 1 : 0;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            try {
                var number = Long.parseLong(text.substring(from, at));
                skipSpaces();
                return number;
            } catch (NumberFormatException _) {
                throw fault("a number should stand");
            }
        }

        /// Reads what stands in single quotes; a backslash or a second quote escapes a quote.
        private String quoted() {
            var value = new StringBuilder();
            at++;
            while (at < text.length()) {
                var c = text.charAt(at++);
                if (c == '\\' && at < text.length()) {
                    value.append(unescaped(text.charAt(at)));
                    at++;
                } else if (c != '\'') {
                    value.append(c);
                } else if (is('\'')) {
                    value.append(c);
                    at++;
                } else {
                    skipSpaces();
                    return value.toString();
                }
            }
            throw fault("a quote does not close");
        }

        private char unescaped(char c) {
            var escape = ESCAPES.indexOf(c);
            if (escape < 0 && c != '"') {
                throw fault("a backslash stands before what needs none");
            }
            return escape < 0 ? c : ESCAPED.charAt(escape);
        }

        private boolean is(char c) {
            return at < text.length() && text.charAt(at) == c;
        }

        private void step() {
            at++;
            skipSpaces();
        }

        private void skipSpaces() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private static boolean isOfName(char c) {
            return c == '_' || isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        MillraceException fault(String what) {
            return new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "'%s' is not a column type: at character %d %s".formatted(text, at + 1, what));
        }
    }
}
