package dev.millrace.clickhouse;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A column's default as an expression of ClickHouse's, for the rows that Millrace sends no value
/// of it with: those that were there before the column, and those of jobs that run with an older
/// version of the model. It is the same value that a load gives.
final class DefaultValue {
    /// A plus sign, or zeros, before the digits of a number in an array; not those of an exponent.
    private static final Pattern PADDING = Pattern.compile("(?<![\\w.])(\\+0*|0+)(?=\\d)");

    private DefaultValue() {}

    /// The expression, or null when the column has no default.
    static @Nullable String of(Column column) {
        var text = column.reading().defaultText();
        return text == null
                ? null
                : "CAST(%s AS %s)"
                        .formatted(value(column.type().base(), text), column.type().name());
    }

    private static String value(ColumnType type, String text) {
        return switch (type) {
            // CAST reads a time without a zone in the server's zone, and none with an offset
            case ColumnType.DateTime _ ->
                    "parseDateTimeBestEffort(%s, 'UTC')".formatted(Sql.literal(text));
            // CAST knows the words in small letters
            case ColumnType.Bool _ -> Sql.literal(text.toLowerCase(Locale.ROOT));
            case ColumnType.Array array ->
                    "CAST(%s AS %s)".formatted(Sql.literal(elements(array, text)), inUtc(array));
            case ColumnType.Scalar _ -> Sql.literal(text);
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new IllegalStateException(type.name() + " has no base");
        };
    }

    /// An array's text without what CAST does not read: quotes around numbers, their plus signs and
    /// leading zeros.
    private static String elements(ColumnType type, String text) {
        return switch (type.base()) {
            case ColumnType.Array(var element) -> elements(element, text);
            case ColumnType.Whole _, ColumnType.Floating _, ColumnType.Decimal _ ->
                    PADDING.matcher(text.replace("'", "")).replaceAll("");
            case ColumnType.Scalar _ -> text;
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new IllegalStateException(type.name() + " has no base");
        };
    }

    /// A type's name, with the zone in which a text without one is read.
    private static String inUtc(ColumnType type) {
        return switch (type) {
            case ColumnType.DateTime _ -> "DateTime('UTC')";
            case ColumnType.Scalar scalar -> scalar.name();
            case ColumnType.Nullable(var of) -> "Nullable(%s)".formatted(inUtc(of));
            case ColumnType.LowCardinality(var of) -> inUtc(of);
            case ColumnType.Array(var element) -> "Array(%s)".formatted(inUtc(element));
        };
    }
}
