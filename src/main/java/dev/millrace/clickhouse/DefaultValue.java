package dev.millrace.clickhouse;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnType.Timestamp;
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
                        .formatted(value(column, column.type().base(), text), column.type().name());
    }

    private static String value(Column column, ColumnType type, String text) {
        return switch (type) {
            case Timestamp _, ColumnType.Array _ ->
                    "CAST(%s AS %s)"
                            .formatted(Sql.literal(readable(column, type, text)), inUtc(type));
            case ColumnType.Scalar _ -> Sql.literal(readable(column, type, text));
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new IllegalStateException(type.name() + " has no base");
        };
    }

    /// A text as CAST reads it.
    private static String readable(Column column, ColumnType type, String text) {
        return switch (type.base()) {
            case ColumnType.Array(var element) -> inArray(column, element, text);
            case Timestamp timestamp ->
                    UtcTimes.of(timestamp, column.reading().clockChange()).rewrite(text);
            // CAST knows the words in small letters
            case ColumnType.Bool _ -> text.toLowerCase(Locale.ROOT);
            case ColumnType.Whole _, ColumnType.Floating _, ColumnType.Decimal _ -> text;
            case ColumnType.Text _, ColumnType.FixedText _, ColumnType.Enumeration _ -> text;
            case ColumnType.Uuid _, ColumnType.IpV4 _, ColumnType.IpV6 _ -> text;
            case ColumnType.Date _, ColumnType.Date32 _ -> text;
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new IllegalStateException(type.name() + " has no base");
        };
    }

    /// The same in an array, where CAST reads no quotes around numbers, nor their plus signs and
    /// leading zeros.
    private static String inArray(Column column, ColumnType element, String text) {
        return switch (element.base()) {
            case ColumnType.Whole _, ColumnType.Floating _, ColumnType.Decimal _ ->
                    PADDING.matcher(text.replace("'", "")).replaceAll("");
            case Timestamp _, ColumnType.Array _ -> readable(column, element, text);
            case ColumnType.Text _, ColumnType.FixedText _, ColumnType.Enumeration _ -> text;
            case ColumnType.Uuid _, ColumnType.IpV4 _, ColumnType.IpV6 _ -> text;
            case ColumnType.Bool _, ColumnType.Date _, ColumnType.Date32 _ -> text;
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new IllegalStateException(element.name() + " has no base");
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
