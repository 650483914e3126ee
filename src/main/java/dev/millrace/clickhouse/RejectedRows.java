package dev.millrace.clickhouse;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Rejection;
import dev.millrace.core.SplitId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// The table `rejected_rows`, where users query the rejections of all jobs. A split's rejections
/// are one insert of one block: they are there whole or not at all. Thread-safe.
final class RejectedRows {
    private static final ColumnType TEXT = new ColumnType.Text();
    private static final int MAX_TRIES = 3;
    private static final Map<String, String> INSERT_SETTINGS =
            Map.of(
                    "async_insert", "0",
                    "insert_deduplicate", "1",
                    "wait_end_of_query", "1",
                    "max_insert_block_size", "16777216",
                    "min_insert_block_size_rows", "0",
                    "min_insert_block_size_bytes", "0");

    private final ClickHouseConnection connection;
    private final String table;

    RejectedRows(ClickHouseConnection connection) {
        this.connection = connection;
        this.table = Sql.identifier(connection.settings().database(), "rejected_rows");
    }

    /// Brings a split's rejections into the table, once. The first insert has the split's own
    /// token, so that two at once write once. When something else than nothing or everything is
    /// there, somebody has changed the table: it is deleted and inserted again, under another
    /// token, because the first one's is spent.
    void mirror(Job job, SplitId split, List<Rejection> rejections) {
        create();
        for (var i = 0; i < MAX_TRIES; i++) {
            var held = count(split);
            if (held == rejections.size()) {
                return;
            }
            if (held > 0) {
                delete(job, split);
            }
            var token = "%s-%d-%d".formatted(job.id().uuid(), split.source(), split.number());
            insert(job, split, rejections, i == 0 ? token : token + "-" + UUID.randomUUID());
        }
        if (count(split) != rejections.size()) {
            throw new MillraceException(
                    ErrorCode.CLICKHOUSE_REFUSED,
                    "%s does not keep the %d rejections of split %s"
                            .formatted(table, rejections.size(), split));
        }
    }

    /// Removes all that is mirrored of some jobs.
    void delete(Set<JobId> jobs) {
        create();
        var ids =
                jobs.stream()
                        .map(job -> Sql.literal(job.publicId()))
                        .collect(Collectors.joining(", "));
        connection.execute(
                Statement.of("ALTER TABLE %s DELETE WHERE job_id IN (%s)".formatted(table, ids))
                        .with("mutations_sync", "2"));
    }

    private void create() {
        Databases.ensure(connection, connection.settings().database());
        connection.execute(
                Statement.of(
                        """
                        CREATE TABLE IF NOT EXISTS %s (
                            job_id String, source UInt16, split UInt32, row UInt64,
                            event_id String, column String, type String, error String,
                            observed String, message String, raw String,
                            loaded_at DateTime DEFAULT now())
                        ENGINE = MergeTree ORDER BY (job_id, source, row)
                        SETTINGS non_replicated_deduplication_window = 100000\
                        """
                                .formatted(table)));
    }

    private long count(SplitId split) {
        var sql = "SELECT toInt64(count()) AS n FROM %s WHERE %s".formatted(table, isOf(split));
        return connection.row(Statement.of(sql), r -> r.getLong("n"));
    }

    private void delete(Job job, SplitId split) {
        connection.execute(
                Statement.ofJob(
                                job.id(),
                                job.epoch(),
                                "ALTER TABLE %s DELETE WHERE %s".formatted(table, isOf(split)))
                        .with("mutations_sync", "2"));
    }

    private void insert(Job job, SplitId split, List<Rejection> rejections, String token) {
        if (rejections.isEmpty()) {
            return;
        }
        connection.insert(
                Statement.ofJob(job.id(), job.epoch(), table)
                        .with(INSERT_SETTINGS)
                        .with("insert_deduplication_token", token),
                block(split, rejections));
    }

    private static String isOf(SplitId split) {
        return "job_id = %s AND source = %d AND split = %d"
                .formatted(Sql.literal(split.job().publicId()), split.source(), split.number());
    }

    private static NativeBlock block(SplitId split, List<Rejection> all) {
        JobId job = split.job();
        var columns =
                List.of(
                        texts("job_id", all, r -> job.publicId()),
                        numbers("source", 16, all, r -> split.source()),
                        numbers("split", 32, all, r -> split.number()),
                        numbers("row", 64, all, Rejection::row),
                        texts("event_id", all, Rejection::eventId),
                        texts("column", all, Rejection::column),
                        texts("type", all, Rejection::type),
                        texts("error", all, r -> r.error().name()),
                        texts("observed", all, Rejection::observed),
                        texts("message", all, Rejection::message),
                        texts("raw", all, Rejection::raw));
        return new NativeBlock(columns, all.size(), null);
    }

    private static ColumnData texts(
            String name, List<Rejection> all, Function<Rejection, String> value) {
        var bytes = new GrowingBytes(all.size() * 16);
        all.forEach(r -> bytes.addText(value.apply(r)));
        return new ColumnData(
                new Column(name, TEXT), List.of(new ColumnData.Run(bytes.array(), bytes.length())));
    }

    private static ColumnData numbers(
            String name, int bits, List<Rejection> all, ToLongFunction<Rejection> value) {
        var bytes = new GrowingBytes(all.size() * bits / 8);
        all.forEach(r -> bytes.addLittle(value.applyAsLong(r), bits / 8));
        var column = new Column(name, new ColumnType.Whole(bits, false));
        return new ColumnData(column, List.of(new ColumnData.Run(bytes.array(), bytes.length())));
    }
}
