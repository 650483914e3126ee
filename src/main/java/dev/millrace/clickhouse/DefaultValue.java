package dev.millrace.clickhouse;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnType.Timestamp;
import dev.millrace.core.MillraceException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A column's default as an expression of ClickHouse's, for the rows that Millrace sends no value
/// of it with: those that were there before the column, and those of jobs that run with an older
/// version of the model. It is the same value that a load gives.
final class DefaultValue {
    /// The digits of a number that is 0, whatever its exponent.
    private static final Pattern ZERO = Pattern.compile("([+-]?)[0.]+(?:[eE].*)?");

    private DefaultValue() {}

    /// The expression, or null when the column has no default.
    ///
    /// @throws MillraceException INVALID_MODEL for a time that ClickHouse cannot read
    static @Nullable String of(Column column) {
        var text = column.reading().defaultText();
        if (text == null) {
            return null;
        }
        try {
            return "CAST(%s AS %s)"
                    .formatted(value(column, column.type().base(), text), column.type().name());
        } catch (MillraceException e) {
            throw new MillraceException(
                    e.code(), "Column '%s': %s".formatted(column.name(), e.what()), e.remedy(), e);
        }
    }

    private static String value(Column column, ColumnType type, String text) {
        return switch (type) {
            case ColumnType.Array(var element) ->
                    inUtc(ArrayText.toSql(text, e -> literal(column, innermost(element), e)), type);
            case Timestamp _ -> inUtc(literal(column, type, text), type);
            case ColumnType.Scalar _ -> literal(column, type, text);
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new IllegalStateException(type.name() + " has no base");
        };
    }

    private static ColumnType innermost(ColumnType element) {
        return element.base() instanceof ColumnType.Array(var inner)
                ? innermost(inner)
                : element.base();
    }

    private static String inUtc(String value, ColumnType type) {
        return "CAST(%s AS %s)".formatted(value, inUtc(type));
    }

    private static String literal(Column column, ColumnType type, String text) {
        return Sql.literal(readable(column, type, text));
    }

    /// A single value's text as CAST reads it.
    private static String readable(Column column, ColumnType type, String text) {
        return switch (type) {
            case Timestamp timestamp ->
                    UtcTimes.of(timestamp, column.reading().clockChange()).rewrite(text);
            // CAST knows the words in small letters
            case ColumnType.Bool _ -> text.toLowerCase(Locale.ROOT);
            // and neither signs of unsigned numbers nor large exponents of 0
            case ColumnType.Whole _ -> new BigInteger(text).toString();
            case ColumnType.Decimal _ ->
                    ZERO.matcher(text).matches() ? "0" : new BigDecimal(text).toPlainString();
            case ColumnType.Floating _ -> {
                var zero = ZERO.matcher(text);
                yield zero.matches() ? (zero.group(1).equals("-") ? "-0" : "0") : text;
            }
            case ColumnType.Text _, ColumnType.FixedText _, ColumnType.Enumeration _ -> text;
            case ColumnType.Uuid _, ColumnType.IpV4 _, ColumnType.IpV6 _ -> text;
            case ColumnType.Date _, ColumnType.Date32 _ -> text;
            case ColumnType.Nullable _, ColumnType.LowCardinality _, ColumnType.Array _ ->
                    throw new IllegalStateException(type.name() + " is no single value");
        };
    }

    /// A type's name, its times in UTC.
    private static String inUtc(ColumnType type) {
        return switch (type) {
            case ColumnType.DateTime _ -> "DateTime('UTC')";
            case ColumnType.DateTime64(var precision, _) ->
                    "DateTime64(%d, 'UTC')".formatted(precision);
            case ColumnType.Scalar scalar -> scalar.name();
            case ColumnType.Nullable(var of) -> "Nullable(%s)".formatted(inUtc(of));
            case ColumnType.LowCardinality(var of) -> inUtc(of);
            case ColumnType.Array(var element) -> "Array(%s)".formatted(inUtc(element));
        };
    }
}
