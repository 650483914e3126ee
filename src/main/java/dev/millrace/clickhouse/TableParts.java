package dev.millrace.clickhouse;

import java.util.List;
import java.util.UUID;

/// The parts that a table consists of, as `system.parts` tells them.
final class TableParts {
    private static final UUID NOBODY = new UUID(0, 0);

    private final ClickHouseConnection connection;
    private final String database;
    private final String table;

    TableParts(ClickHouseConnection connection, String database, String table) {
        this.connection = connection;
        this.database = database;
        this.table = table;
    }

    /// One part. Block numbers are given to the parts of a table in their order, whatever their
    /// partition; a part that was merged out of others has the range of theirs.
    ///
    /// @param dataVersion its first block, or the number of the last mutation that it has seen
    /// @param active false for one that others have taken the place of, which is kept for a while
    /// @param uuid what it was given when it was written into staging; all zeros for others
    record Part(
            String name,
            String partition,
            long firstBlock,
            long lastBlock,
            long level,
            long dataVersion,
            boolean active,
            long rows,
            UUID uuid) {
        /// Whether it is as it was first written: neither merged nor changed since.
        boolean isOriginal() {
            return firstBlock == lastBlock && level == 0 && dataVersion == firstBlock;
        }

        /// Whether another's rows are among those of this one.
        boolean covers(Part other) {
            return partition.equals(other.partition)
                    && firstBlock <= other.firstBlock
                    && other.lastBlock <= lastBlock;
        }
    }

    /// Those that have a block above this one or came from staging, inactive ones too.
    List<Part> above(long block) {
        return query("(max_block_number > %d OR uuid != toUUID('%s'))".formatted(block, NOBODY));
    }

    /// Those that are active now.
    List<Part> active() {
        return query("active");
    }

    private List<Part> query(String condition) {
        var sql =
                """
                SELECT name, partition_id, toInt64(min_block_number) AS first_block,
                    toInt64(max_block_number) AS last_block, toInt64(level) AS merges,
                    toInt64(data_version) AS version, toInt64(active) AS is_active,
                    toInt64(rows) AS n, toString(uuid) AS id
                FROM system.parts WHERE %s AND %s\
                """
                        .formatted(where(), condition);
        return connection.rows(
                Statement.look(sql),
                r ->
                        new Part(
                                r.getString("name"),
                                r.getString("partition_id"),
                                r.getLong("first_block"),
                                r.getLong("last_block"),
                                r.getLong("merges"),
                                r.getLong("version"),
                                r.getLong("is_active") == 1,
                                r.getLong("n"),
                                UUID.fromString(r.getString("id"))));
    }

    /// The highest block number that any part of it has, inactive ones included; 0 for none.
    long lastBlock() {
        var sql =
                "SELECT toInt64(max(max_block_number)) AS block FROM system.parts WHERE " + where();
        return connection.row(Statement.look(sql), r -> r.getLong("block"));
    }

    /// How many merges run in it.
    long merging() {
        var sql =
                "SELECT toInt64(count()) AS n FROM system.merges WHERE %s AND NOT is_mutation"
                        .formatted(where());
        return connection.row(Statement.look(sql), r -> r.getLong("n"));
    }

    /// The query that shows a person which parts have come since a block.
    String look(long block) {
        return "SELECT name, active, rows, modification_time FROM system.parts WHERE %s AND"
                        .formatted(where())
                + " max_block_number > %d ORDER BY min_block_number".formatted(block);
    }

    private String where() {
        return "database = %s AND table = %s".formatted(Sql.literal(database), Sql.literal(table));
    }
}
