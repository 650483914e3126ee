package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a model asks of a column's values besides their type. Not thread-safe.
final class Constraints {
    private final ColumnParser parser;

    /// The parser of a column whose values are asked as they stand in Native format; null where the
    /// text is asked.
    private final @Nullable FixedParser fixed;

    private final List<Constraint> constraints = new ArrayList<>();

    /// Whether a value is allowed: a text by its bytes, a value of fixed width by those of Native
    /// format.
    private interface Test {
        boolean holds(byte[] bytes, int start, int end);
    }

    /// @param says what a value must be, to stand after "must be"
    private record Constraint(Test test, String says) {}

    /// @return null when the column has none
    /// @throws MillraceException INVALID_MODEL when one does not suit the column's type
    static @Nullable Constraints of(Column column, ColumnParser parser) {
        return column.constraints().isNone() ? null : new Constraints(column, parser);
    }

    private Constraints(Column column, ColumnParser parser) {
        this.parser = parser;
        this.fixed = parser instanceof FixedParser f && f.order() != Order.TEXT ? f : null;
        var wanted = column.constraints();
        var order = Order.of(column.type().base());
        addBounds(column, wanted, order);
        addAllowed(column, wanted.allowed(), order);
        addPattern(column, wanted.pattern(), order);
        addLength(column, wanted, order);
    }

    private void addBounds(Column column, ColumnConstraints wanted, Order order) {
        var min = wanted.min() == null ? null : value(column, "min", wanted.min());
        var max = wanted.max() == null ? null : value(column, "max", wanted.max());
        if ((min != null || max != null) && order == Order.NONE) {
            throw unsuited(column, "min and max are for numbers, days, times, addresses and texts");
        }
        if (min != null) {
            add((b, s, e) -> order.atLeast(b, s, e, min), "at least " + wanted.min());
        }
        if (max != null) {
            add((b, s, e) -> order.atMost(b, s, e, max), "at most " + wanted.max());
        }
        if (min != null && max != null && !order.atMost(min, 0, min.length, max)) {
            throw unsuited(column, "min is greater than max");
        }
    }

    private void addAllowed(Column column, List<String> allowed, Order order) {
        if (allowed.isEmpty()) {
            return;
        }
        if (column.type().base() instanceof ColumnType.Array) {
            throw unsuited(column, "allowed values are not for arrays");
        }
        var values = allowed.stream().map(a -> value(column, "allowed value", a)).toList();
        add(
                order == Order.FLOATING ? anyNumberOf(values) : anyOf(values),
                allowed.stream()
                        .limit(20)
                        .map(a -> "'" + a + "'")
                        .collect(
                                Collectors.joining(
                                        ", ", "one of ", allowed.size() > 20 ? ", …" : "")));
    }

    private static Test anyOf(List<byte[]> values) {
        var table = new TextTable(values);
        return (b, s, e) -> table.find(b, s, e) >= 0;
    }

    /// Floats by value, as bounds compare them: -0 is 0.
    private static Test anyNumberOf(List<byte[]> values) {
        var numbers =
                values.stream()
                        .map(v -> {
                            var number = new byte[Double.BYTES];
                            Order.putCanonical(v, 0, v.length, number);
                            return number;
                        })
                        .toList();
        var isListed = anyOf(numbers);
        var number = new byte[Double.BYTES];
        return (b, s, e) -> {
            Order.putCanonical(b, s, e - s, number);
            return isListed.holds(number, 0, number.length);
        };
    }

    private void addPattern(Column column, @Nullable String pattern, Order order) {
        if (pattern == null) {
            return;
        }
        if (order != Order.TEXT) {
            throw unsuited(column, "a pattern is for texts");
        }
        var excess = PatternSize.excess(pattern);
        if (excess != null) {
            throw unsuited(column, excess);
        }
        try {
            var compiled = Pattern.compile(pattern);
            add(
                    (b, s, e) -> compiled.matches(Arrays.copyOfRange(b, s, e)),
                    "a text that fits the pattern " + pattern);
        } catch (PatternSyntaxException e) {
            throw unsuited(column, "'%s' is no pattern: %s".formatted(pattern, e.getMessage()));
        }
    }

    private void addLength(Column column, ColumnConstraints wanted, Order order) {
        var min = wanted.minLength();
        var max = wanted.maxLength();
        if (min == null && max == null) {
            return;
        }
        var isText = order == Order.TEXT;
        if (!isText && !(parser instanceof ArrayParser)) {
            throw unsuited(column, "a length is for texts and arrays");
        }
        var least = min == null ? 0 : min;
        var most = max == null ? Integer.MAX_VALUE : max;
        if (least < 0 || most < least) {
            throw unsuited(column, "a length is from 0, and the least no more than the most");
        }
        var what = isText ? "characters" : "elements";
        var says = min == null ? "" : "at least %d %s long".formatted(min, what);
        if (max != null) {
            says += "%sat most %d %s long".formatted(min == null ? "" : " and ", max, what);
        }
        add(
                (b, s, e) -> {
                    var length =
                            parser instanceof ArrayParser array
                                    ? array.elements()
                                    : Utf8.characters(b, s, e);
                    return length >= least && length <= most;
                },
                says);
    }

    private void add(Test test, String says) {
        constraints.add(new Constraint(test, says));
    }

    /// What the value that was read last should have been, to stand after "must be"; null when it
    /// is allowed.
    @Nullable String broken(byte[] text, int start, int end, int row) {
        var bytes = text;
        var from = start;
        var to = end;
        if (fixed != null) {
            bytes = fixed.values;
            from = row * fixed.widthBytes;
            to = from + fixed.widthBytes;
        }
        for (var constraint : constraints) {
            if (!constraint.test().holds(bytes, from, to)) {
                return constraint.says();
            }
        }
        return null;
    }

    /// A value of the model's as the tests see one.
    private byte[] value(Column column, String what, String text) {
        var bytes = text.getBytes(UTF_8);
        if (parser.readModelValue(bytes) != null) {
            throw unsuited(
                    column,
                    "the %s '%s' is no %s"
                            .formatted(what, text, TypeName.of(column.type().base())));
        }
        return fixed == null ? bytes : Arrays.copyOf(fixed.values, fixed.widthBytes);
    }

    private static MillraceException unsuited(Column column, String why) {
        return new MillraceException(
                ErrorCode.INVALID_MODEL,
                "Column '%s' %s: %s".formatted(column.name(), TypeName.of(column.type()), why));
    }
}
