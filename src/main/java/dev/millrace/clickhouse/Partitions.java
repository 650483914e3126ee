package dev.millrace.clickhouse;

import dev.millrace.core.Digest;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Partitions of tables, by the ids that ClickHouse gives them.
final class Partitions {
    private Partitions() {}

    /// Those of a table that have any rows, in order.
    static Set<String> of(ClickHouseConnection connection, String database, String table) {
        var sql =
                "SELECT DISTINCT partition_id FROM system.parts WHERE active AND rows > 0"
                        + " AND database = %s AND table = %s"
                                .formatted(Sql.literal(database), Sql.literal(table));
        return new TreeSet<>(
                connection.rows(Statement.look(sql), r -> r.getString("partition_id")));
    }

    /// Runs a query of [Lineage#digest] for each partition.
    ///
    /// @param statement made by [#digests]
    static Map<String, Digest> digests(ClickHouseConnection connection, Statement statement) {
        var digests = new HashMap<String, Digest>();
        connection.rows(
                statement.ofColumns(),
                r ->
                        digests.put(
                                r.getString("partition_id"),
                                new Digest(
                                        r.getLong("rows"),
                                        r.getLong("row_sum"),
                                        r.getLong("row_hash"))));
        return digests;
    }

    /// The query of [Lineage#digest] with one row for each partition that has any.
    static String digests(String table, String condition) {
        return "SELECT _partition_id AS partition_id, "
                + Lineage.digest(table, condition).substring("SELECT ".length())
                + " GROUP BY _partition_id";
    }

    /// The condition on a table's rows that finds those in some partitions.
    static String isIn(Collection<String> partitions) {
        return "_partition_id IN (%s)"
                .formatted(
                        partitions.isEmpty()
                                ? "''"
                                : partitions.stream()
                                        .map(Sql::literal)
                                        .collect(Collectors.joining(", ")));
    }
}
