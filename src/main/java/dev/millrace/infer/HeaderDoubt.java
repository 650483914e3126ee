package dev.millrace.infer;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Format;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.validate.FieldCheck;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Whether a source's first record may be values, where it was taken for the names.
///
/// It may be when some column is no text, and of each that is none the name is a value of its type:
/// `7, 2.50, 2024-01-31` over numbers and dates. It is not when three or more such names only rise,
/// or only fall, as the years do that a table has for columns. A source whose columns are all texts
/// tells nothing.
final class HeaderDoubt {
    private static final ColumnType NUMBER = new ColumnType.Floating(64);
    private static final int FEWEST_STEPS = 3;
    private static final int SHOWN_NAMES = 5;

    private HeaderDoubt() {}

    /// @param columns those of the source's fields, in their order
    /// @throws MillraceException AMBIGUOUS_DIALECT when it may be
    static void refuse(SourceReading reading, List<Column> columns, SourceOptions asked) {
        var format = reading.format();
        if (asked.columns() == null && (format.isDelimited() || format == Format.XLSX)) {
            refuse(reading.header(), columns);
        }
    }

    private static void refuse(List<String> header, List<Column> columns) {
        var names = new ArrayList<String>();
        for (var i = 0; i < header.size(); i++) {
            var column = columns.get(i);
            if (isText(column.type())) {
                continue;
            }
            var name = header.get(i);
            if (!isValue(name, column)) {
                return;
            }
            names.add(name);
        }
        if (!names.isEmpty() && !isScale(names)) {
            throw doubtful(names);
        }
    }

    private static boolean isText(ColumnType type) {
        return scalar(type) instanceof ColumnType.Text;
    }

    /// Without what stands around it; an array is itself.
    private static ColumnType scalar(ColumnType type) {
        return switch (type) {
            case ColumnType.Nullable nullable -> nullable.of();
            case ColumnType.LowCardinality few -> scalar(few.of());
            case ColumnType.Array _, ColumnType.Scalar _ -> type;
        };
    }

    /// Of a column of numbers any number is: the narrowest type for the others may not hold it.
    private static boolean isValue(String name, Column column) {
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        return isValue(bytes, column)
                || (isNumber(scalar(column.type()))
                        && isValue(bytes, new Column(column.name(), NUMBER)));
    }

    private static boolean isNumber(ColumnType type) {
        return type instanceof ColumnType.Whole
                || type instanceof ColumnType.Decimal
                || type instanceof ColumnType.Floating;
    }

    private static boolean isValue(byte[] name, Column column) {
        return new FieldCheck(column).fits(name, 0, name.length, false);
    }

    /// Whether each name is more than the one before it, or each is less.
    private static boolean isScale(List<String> names) {
        if (names.size() < FEWEST_STEPS) {
            return false;
        }
        var rising = true;
        var falling = true;
        for (var i = 1; i < names.size(); i++) {
            var step = compare(names.get(i), names.get(i - 1));
            rising &= step > 0;
            falling &= step < 0;
        }
        return rising || falling;
    }

    /// As numbers where both are, else as texts, as which ISO's dates come in their order.
    private static int compare(String one, String other) {
        try {
            return new BigDecimal(one.strip()).compareTo(new BigDecimal(other.strip()));
        } catch (NumberFormatException e) {
            return one.compareTo(other);
        }
    }

    private static MillraceException doubtful(List<String> names) {
        var shown =
                names.stream()
                        .limit(SHOWN_NAMES)
                        .map("'%s'"::formatted)
                        .collect(Collectors.joining(", "));
        return new MillraceException(
                ErrorCode.AMBIGUOUS_DIALECT,
                "The first record may be the header or the first row: %s%s %s"
                        .formatted(
                                shown,
                                names.size() > SHOWN_NAMES ? ", …" : "",
                                names.size() == 1
                                        ? "is such a value as its column has"
                                        : "are such values as their columns have"),
                "Say --no-header if it is a row, or --header if these are names.",
                null);
    }
}
