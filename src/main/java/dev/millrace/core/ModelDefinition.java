package dev.millrace.core;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a user says of a model: its columns and how its table is laid out. Valid once constructed.
///
/// @param columns 1 to 10,000, with distinct names
/// @param table the table's name in Millrace's database, or null for `data_<model_id>`
/// @param eventId the column whose text names a row in a rejection, or null for none
/// @param orderBy the table's sorting key: names of columns that are not Nullable; may be empty
/// @param partitionBy the table's partition key, or null for one partition
public record ModelDefinition(
        List<Column> columns,
        @Nullable String table,
        @Nullable String eventId,
        List<String> orderBy,
        @Nullable PartitionKey partitionBy) {
    private static final int MAX_COLUMNS = 10_000;
    private static final Pattern TABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    public ModelDefinition {
        columns = List.copyOf(columns);
        orderBy = List.copyOf(orderBy);
        if (columns.isEmpty() || columns.size() > MAX_COLUMNS) {
            throw invalid("A model has 1 to %,d columns, not %,d", MAX_COLUMNS, columns.size());
        }
        var names = new HashSet<String>();
        for (var column : columns) {
            if (!names.add(column.name())) {
                throw invalid("Column '%s' is there twice", column.name());
            }
        }
        if (table != null && !TABLE.matcher(table).matches()) {
            throw invalid(
                    "'%s' cannot name a table: use letters, digits and _, 128 at most, not a digit"
                            + " first",
                    table);
        }
        if (table != null && table.equals("rejected_rows")) {
            throw invalid("The table 'rejected_rows' is Millrace's own");
        }
        if (eventId != null && !names.contains(eventId)) {
            throw invalid("The event id column '%s' is not a column of the model", eventId);
        }
        for (var key : orderBy) {
            var column = columns.stream().filter(c -> c.name().equals(key)).findFirst();
            if (column.isEmpty()) {
                throw invalid("The ordering key '%s' is not a column of the model", key);
            }
            if (column.get().type().isNullable()) {
                throw invalid("The ordering key '%s' is Nullable; ClickHouse sorts by others", key);
            }
        }
        if (partitionBy != null) {
            var key = partitionBy.column();
            if (columns.stream().anyMatch(c -> c.name().equals(key) && c.type().isNullable())) {
                throw invalid("The partition key '%s' is Nullable", key);
            }
        }
    }

    /// The position of a column, or -1.
    public int indexOf(String name) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).name().equals(name))
                .findFirst()
                .orElse(-1);
    }

    private static MillraceException invalid(String message, Object... args) {
        return new MillraceException(ErrorCode.INVALID_MODEL, message.formatted(args));
    }
}
