package dev.millrace.export;

import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ResultColumn;
import dev.millrace.core.SqlText;
import dev.millrace.render.CsvRows;

/// A column of a file: how the database has to give its values, so that ClickHouse's own format
/// writes them exactly.
///
/// @param name in the query's result
/// @param format of the file
/// @param guarded whether its texts are guarded from being taken for formulas
record FileColumn(String name, ColumnType type, ExportFormat format, boolean guarded) {
    private static final String FORMULA = "('=', '+', '-', '@', '\\t', '\\r')";

    /// @throws MillraceException EXPORT_UNSUPPORTED for a type that no file of ours holds
    static FileColumn of(ResultColumn column, ExportFormat format, boolean guarded) {
        try {
            return new FileColumn(column.name(), ColumnTypes.parse(column.type()), format, guarded);
        } catch (MillraceException e) {
            throw new MillraceException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "The column '%s' is a %s, which is no type that Millrace writes exactly"
                            .formatted(column.name(), column.type()),
                    "Export a query that makes a text of it, such as toJSONString(%s), or leaves it out."
                            .formatted(SqlText.identifier(column.name())),
                    e);
        }
    }

    /// What it is called in the file.
    String header() {
        return guarded && !name.isEmpty() && "=+-@\t\r".indexOf(name.charAt(0)) >= 0
                ? "'" + name
                : name;
    }

    boolean isScalar() {
        return type.base() instanceof ColumnType.Scalar;
    }

    /// @param source the query's alias
    /// @param rendered whether Millrace writes the text
    String selected(String source, boolean rendered) {
        var value = source + "." + SqlText.identifier(name);
        var expression = expression(type, value, 0);
        return "%s AS %s"
                .formatted(
                        rendered ? spelledOut(expression) : expression,
                        SqlText.identifier(header()));
    }

    /// Each value by itself, not by a dictionary.
    private String spelledOut(String expression) {
        var each = expression;
        if (type instanceof ColumnType.LowCardinality(ColumnType of)) {
            var plain =
                    guarded && !isNumber()
                            ? (of.isNullable() ? "Nullable(String)" : "String")
                            : of.name();
            each = "CAST(%s, %s)".formatted(expression, SqlText.literal(plain));
        }
        return isAskedAsText() ? text(each) : each;
    }

    /// Whether its values come as texts where others come as they are: those that are rare, and
    /// those of which ClickHouse alone has the texts.
    private boolean isAskedAsText() {
        return switch (type.base()) {
            case ColumnType.Whole(int bits, _) -> bits > 64;
            case ColumnType.Decimal(int precision, _) -> precision > 18;
            case ColumnType.Enumeration _, ColumnType.Uuid _ -> true;
            case ColumnType.IpV4 _, ColumnType.IpV6 _ -> true;
            case ColumnType.Floating _, ColumnType.Bool _ -> false;
            case ColumnType.Text _, ColumnType.FixedText _ -> false;
            case ColumnType.Date _, ColumnType.Date32 _, ColumnType.Timestamp _ -> false;
            case ColumnType.Array _, ColumnType.Nullable _, ColumnType.LowCardinality _ -> false;
        };
    }

    CsvRows.Column rendered() {
        return new CsvRows.Column(header(), !isNumber());
    }

    private boolean isNumber() {
        return switch (type.base()) {
            case ColumnType.Whole _, ColumnType.Floating _, ColumnType.Decimal _ -> true;
            case ColumnType.Text _, ColumnType.FixedText _, ColumnType.Enumeration _ -> false;
            case ColumnType.Bool _, ColumnType.Uuid _ -> false;
            case ColumnType.IpV4 _, ColumnType.IpV6 _ -> false;
            case ColumnType.Date _, ColumnType.Date32 _, ColumnType.Timestamp _ -> false;
            case ColumnType.Array _, ColumnType.Nullable _, ColumnType.LowCardinality _ -> false;
        };
    }

    private String expression(ColumnType of, String value, int depth) {
        if (of instanceof ColumnType.Array(ColumnType element)) {
            var variable = "_v" + depth;
            var each = expression(element, variable, depth + 1);
            return each.equals(variable)
                    ? value
                    : "arrayMap(%s -> %s, %s)".formatted(variable, each, value);
        }
        return switch (format) {
            case CSV, TSV, XLSX -> guarded && depth == 0 ? guarded(of.base(), value) : value;
            case JSONL -> value;
            case PARQUET -> parquet(of.base(), value);
            case AVRO -> avro(of.base(), value);
        };
    }

    private static String guarded(ColumnType of, String value) {
        return switch (of) {
            case ColumnType.Text _, ColumnType.FixedText _, ColumnType.Enumeration _ ->
                    "if(substring(toString(%1$s), 1, 1) IN %2$s, concat('\\'', toString(%1$s)), toString(%1$s))"
                            .formatted(value, FORMULA);
            case ColumnType.Whole _, ColumnType.Floating _, ColumnType.Decimal _ -> value;
            case ColumnType.Bool _, ColumnType.Uuid _ -> value;
            case ColumnType.IpV4 _, ColumnType.IpV6 _ -> value;
            case ColumnType.Date _, ColumnType.Date32 _, ColumnType.Timestamp _ -> value;
            case ColumnType.Array _, ColumnType.Nullable _, ColumnType.LowCardinality _ -> value;
        };
    }

    /// ClickHouse writes wide integers, addresses and UUIDs as bytes that nobody else can tell from
    /// others, and before 25 days and seconds as bare numbers.
    private String parquet(ColumnType of, String value) {
        return switch (of) {
            case ColumnType.Whole(int bits, _) -> bits > 64 ? text(value) : value;
            case ColumnType.Floating _, ColumnType.Decimal _, ColumnType.Bool _ -> value;
            case ColumnType.Text _ -> utf8(value);
            case ColumnType.FixedText _ -> utf8(text(value));
            case ColumnType.Enumeration _, ColumnType.Uuid _ -> text(value);
            case ColumnType.IpV4 _, ColumnType.IpV6 _ -> text(value);
            case ColumnType.Date _ -> "toDate32(%s)".formatted(value);
            case ColumnType.Date32 _ -> value;
            case ColumnType.DateTime _ -> "toDateTime64(%s, 3, 'UTC')".formatted(value);
            case ColumnType.DateTime64 _ -> value;
            case ColumnType.Array _, ColumnType.Nullable _, ColumnType.LowCardinality _ -> value;
        };
    }

    /// Avro has signed numbers of 32 and 64 bits, and times of milli- and microseconds.
    private String avro(ColumnType of, String value) {
        return switch (of) {
            case ColumnType.Whole(int bits, boolean signed) ->
                    bits < 32 || (signed && bits <= 64)
                            ? value
                            : bits == 32 ? "toInt64(%s)".formatted(value) : text(value);
            case ColumnType.Decimal _ -> text(value);
            case ColumnType.Floating _, ColumnType.Bool _ -> value;
            case ColumnType.Text _ -> utf8(value);
            case ColumnType.FixedText _ -> utf8(text(value));
            case ColumnType.Enumeration _, ColumnType.Uuid _ -> text(value);
            case ColumnType.IpV4 _, ColumnType.IpV6 _ -> text(value);
            case ColumnType.Date _, ColumnType.Date32 _ -> text(value);
            case ColumnType.DateTime _ -> "toDateTime64(%s, 3, 'UTC')".formatted(value);
            case ColumnType.DateTime64(int precision, _) ->
                    precision == 3 || precision == 6
                            ? value
                            : "concat(toString(%s, 'UTC'), 'Z')".formatted(value);
            case ColumnType.Array _, ColumnType.Nullable _, ColumnType.LowCardinality _ -> value;
        };
    }

    private static String text(String value) {
        return "toString(%s)".formatted(value);
    }

    /// A text that is none fails the query: a file of a format that promises UTF-8 would hold
    /// something else.
    private String utf8(String value) {
        return "if(ifNull(isValidUTF8(%1$s), 1), %1$s, toString(throwIf(NOT ifNull(isValidUTF8(%1$s), 1), %2$s)))"
                .formatted(
                        value,
                        SqlText.literal(
                                "the column '%s' has a text that is not UTF-8, which %s cannot hold"
                                        .formatted(name, format.label())));
    }
}
