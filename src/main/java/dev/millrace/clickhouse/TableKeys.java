package dev.millrace.clickhouse;

import dev.millrace.core.ModelDefinition;
import dev.millrace.core.PartitionKey;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How a model's table is sorted and partitioned, as expressions of SQL.
///
/// @param sorting names with commas between, or empty for none
/// @param names how many of them
/// @param partition an expression, or empty for none
record TableKeys(String sorting, int names, String partition) {
    static TableKeys of(ModelDefinition definition) {
        var sorting =
                definition.orderBy().stream()
                        .map(Sql::identifier)
                        .collect(Collectors.joining(", "));
        return new TableKeys(
                sorting, definition.orderBy().size(), partition(definition.partitionBy()));
    }

    private static String partition(@Nullable PartitionKey key) {
        if (key == null) {
            return "";
        }
        var column = Sql.identifier(key.column());
        return key.function().isEmpty() ? column : "%s(%s)".formatted(key.function(), column);
    }

    String partitionClause() {
        return partition.isEmpty() ? "" : "PARTITION BY " + partition;
    }

    /// What stands behind ORDER BY. ClickHouse keeps superfluous parentheses, and a table's keys
    /// are compared as texts.
    String sortingClause() {
        return switch (names) {
            case 0 -> "tuple()";
            case 1 -> sorting;
            default -> "(" + sorting + ")";
        };
    }
}
