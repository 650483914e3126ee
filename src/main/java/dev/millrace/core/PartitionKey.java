package dev.millrace.core;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// How a table is cut into partitions: a column, or one of a few functions of a column. Free
/// expressions are not taken: this text becomes part of a CREATE TABLE.
///
/// @param function a name in [#FUNCTIONS], or empty for the column itself
/// @param column the name of the model's column
public record PartitionKey(String function, String column) {
    /// The functions of one column that a partition key may use, as ClickHouse names them.
    public static final Set<String> FUNCTIONS =
            Set.of(
                    "toYYYYMM",
                    "toYYYYMMDD",
                    "toYear",
                    "toDate",
                    "toMonday",
                    "toStartOfMonth",
                    "toStartOfQuarter",
                    "toStartOfYear",
                    "toStartOfDay",
                    "toStartOfHour");

    private static final Pattern CALL = Pattern.compile("(\\w+)\\s*\\((.*)\\)", Pattern.DOTALL);

    /// @throws MillraceException INVALID_MODEL for another function
    public PartitionKey {
        if (!function.isEmpty() && !FUNCTIONS.contains(function)) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "A partition key knows no function '%s'".formatted(function));
        }
    }

    /// Reads `column` or `function(column)`.
    ///
    /// @throws MillraceException INVALID_MODEL when it is neither, or no such column exists
    public static PartitionKey parse(String text, List<Column> columns) {
        var whole = text.strip();
        var call = CALL.matcher(whole);
        var names = columns.stream().map(Column::name).toList();
        if (names.contains(whole)) {
            return new PartitionKey("", whole);
        }
        if (call.matches()
                && FUNCTIONS.contains(call.group(1))
                && names.contains(call.group(2).strip())) {
            return new PartitionKey(call.group(1), call.group(2).strip());
        }
        throw new MillraceException(
                ErrorCode.INVALID_MODEL,
                "The partition key '%s' is neither a column of the model nor a known function of one"
                        .formatted(text),
                "Use a column's name, or one of %s of a column."
                        .formatted(String.join(", ", FUNCTIONS.stream().sorted().toList())),
                null);
    }

    /// As it was written.
    public String text() {
        return function.isEmpty() ? column : function + "(" + column + ")";
    }
}
