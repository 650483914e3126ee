package dev.millrace.core;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a user says of a model: its columns and how its table is laid out. Valid once constructed.
///
/// @param columns 1 to 10,000, with distinct names
/// @param table the table's name in Millrace's database, or null for `data_<model_id>`; of an
///   existing table also `database.table`
/// @param existingTable whether the table is the user's own: Millrace neither makes nor alters nor
///   drops it
/// @param eventId the column whose text names a row in a rejection, or null for none
/// @param key the columns that together tell one row from every other, none of them Nullable; empty
///   when nothing is said. Nothing enforces it in a table that keeps all rows
/// @param keep which rows the table keeps; [Keep#LATEST] needs a key, and keys of sorting and
///   partitions that only look at it
/// @param orderBy the table's sorting key: names of columns that are not Nullable; may be empty. A
///   table that keeps the latest rows is sorted by its key when it is
/// @param partitionBy the table's partition key, or null for one partition
/// @param unknownColumns what becomes of a source's columns that the model does not have
public record ModelDefinition(
        List<Column> columns,
        @Nullable String table,
        boolean existingTable,
        @Nullable String eventId,
        List<String> key,
        Keep keep,
        List<String> orderBy,
        @Nullable PartitionKey partitionBy,
        UnknownColumns unknownColumns) {
    public static final int MAX_COLUMNS = 10_000;

    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]{0,127}";
    private static final Pattern TABLE = Pattern.compile(NAME);
    private static final Pattern EXISTING_TABLE = Pattern.compile("(%1$s\\.)?%1$s".formatted(NAME));

    public ModelDefinition {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        orderBy = List.copyOf(orderBy);
        if (columns.isEmpty() || columns.size() > MAX_COLUMNS) {
            throw invalid("A model has 1 to %,d columns, not %,d", MAX_COLUMNS, columns.size());
        }
        var byName = new HashMap<String, Column>();
        for (var column : columns) {
            if (byName.put(column.name(), column) != null) {
                throw invalid("Column '%s' is there twice", column.name());
            }
        }
        requireSourceNames(columns, byName.keySet());
        requireTable(table, existingTable);
        if (table != null && table.equals("rejected_rows")) {
            throw invalid("The table 'rejected_rows' is Millrace's own");
        }
        if (eventId != null && !byName.containsKey(eventId)) {
            throw invalid("The event id column '%s' is not a column of the model", eventId);
        }
        requireKey("key", key, byName);
        requireKey("ordering key", orderBy, byName);
        if (partitionBy != null) {
            requireKey("partition key", List.of(partitionBy.column()), byName);
        }
        if (keep == Keep.LATEST) {
            orderBy = orderBy.isEmpty() ? key : orderBy;
            requireLatest(key, orderBy, partitionBy);
        }
    }

    /// A definition without a key that ignores unknown columns.
    public ModelDefinition(
            List<Column> columns,
            @Nullable String table,
            @Nullable String eventId,
            List<String> orderBy,
            @Nullable PartitionKey partitionBy) {
        this(
                columns,
                table,
                false,
                eventId,
                List.of(),
                Keep.ALL,
                orderBy,
                partitionBy,
                UnknownColumns.IGNORE);
    }

    private static void requireTable(@Nullable String table, boolean existing) {
        if (existing && table == null) {
            throw invalid("An existing table needs its name");
        }
        if (table != null && !(existing ? EXISTING_TABLE : TABLE).matcher(table).matches()) {
            throw invalid(
                    "'%s' cannot name a table: use letters, digits and _, 128 at most, not a digit"
                            + " first%s",
                    table, existing ? "; a database and a dot may stand before it" : "");
        }
    }

    /// Rows of one key must meet: ClickHouse compares by the sorting key, within a partition.
    private static void requireLatest(
            List<String> key, List<String> orderBy, @Nullable PartitionKey partitionBy) {
        if (key.isEmpty()) {
            throw invalid("A table that keeps the latest rows needs a key");
        }
        if (!Set.copyOf(orderBy).equals(Set.copyOf(key))) {
            throw invalid(
                    "A table that keeps the latest rows is sorted by its key %s, not by %s",
                    key, orderBy);
        }
        if (partitionBy != null && !key.contains(partitionBy.column())) {
            throw invalid(
                    "A table that keeps the latest rows is partitioned by a column of its key, not"
                            + " by '%s'",
                    partitionBy.column());
        }
    }

    /// No source name may be exactly another column's name, nor another's source name: a header
    /// with it could never be read. Names that are merely alike may be; a header decides.
    private static void requireSourceNames(List<Column> columns, Set<String> names) {
        var columnOf = new HashMap<String, String>();
        for (var column : columns) {
            for (var sourceName : column.reading().sourceNames()) {
                var other = names.contains(sourceName) ? sourceName : columnOf.get(sourceName);
                if (other != null && !other.equals(column.name())) {
                    throw invalid(
                            "Column '%s': its source name '%s' means the column '%s' already",
                            column.name(), sourceName, other);
                }
                columnOf.put(sourceName, column.name());
            }
        }
    }

    private static void requireKey(String what, List<String> names, Map<String, Column> columns) {
        var seen = new HashSet<String>();
        for (var name : names) {
            var column = columns.get(name);
            if (column == null) {
                throw invalid("The %s '%s' is not a column of the model", what, name);
            }
            if (column.type().isNullable()) {
                throw invalid(
                        "The %s '%s' is %s; only columns that cannot be NULL can be in it",
                        what, name, column.type().name());
            }
            if (!seen.add(name)) {
                throw invalid("The %s has '%s' twice", what, name);
            }
        }
    }

    /// The same with a table of this name.
    public ModelDefinition in(String name) {
        return new ModelDefinition(
                columns,
                name,
                existingTable,
                eventId,
                key,
                keep,
                orderBy,
                partitionBy,
                unknownColumns);
    }

    /// The columns by name, in their order; made anew, for whoever has many to look up.
    public Map<String, Column> columnsByName() {
        var byName = LinkedHashMap.<String, Column>newLinkedHashMap(columns.size());
        columns.forEach(column -> byName.put(column.name(), column));
        return byName;
    }

    /// The position of a column, or -1; looks at one after the other.
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
