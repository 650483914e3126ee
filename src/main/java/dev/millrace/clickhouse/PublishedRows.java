package dev.millrace.clickhouse;

import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Publishable;
import java.util.Collection;
import java.util.Map;

/// What a load's table holds of it and of others, told apart by the job that each row carries;
/// asked and changed in the name of the load's epoch. Thread-safe.
final class PublishedRows {
    private final ClickHouseConnection connection;
    private final JobId job;
    private final int epoch;
    private final TargetTable target;

    PublishedRows(ClickHouseConnection connection, Publishable load) {
        this.connection = connection;
        this.job = load.job();
        this.epoch = load.staging().epoch();
        this.target = new TargetTable(connection, load.model());
    }

    /// What is there of the load.
    Digest digest() {
        return connection.digest(statement(Lineage.digest(target.name(), Lineage.isOf(job))));
    }

    /// The same by the partition's id, as far as there is anything.
    Map<String, Digest> byPartition() {
        return byPartition(Lineage.isOf(job));
    }

    /// What some partitions have of everybody else, the same.
    Map<String, Digest> othersByPartition(Collection<String> partitions) {
        return byPartition(
                "%s AND NOT (%s)".formatted(Partitions.isIn(partitions), Lineage.isOf(job)));
    }

    private Map<String, Digest> byPartition(String condition) {
        return Partitions.digests(
                connection, statement(Partitions.digests(target.name(), condition)));
    }

    /// The rows of everybody else.
    long others() {
        var sql =
                "SELECT toInt64(count()) AS n FROM %s WHERE NOT (%s)"
                        .formatted(target.name(), Lineage.isOf(job));
        return connection.row(statement(sql), r -> r.getLong("n"));
    }

    /// Takes the load's rows out.
    ///
    /// @param unlessLate a condition that reads a table which has this epoch's name, so that a
    ///   statement that arrives after the next fence fails; and reads it once, when the statement
    ///   begins, so that what the mutation keeps is a number and it can always finish. Or empty
    void delete(String unlessLate) {
        connection.execute(
                statement(
                                "ALTER TABLE %s DELETE WHERE %s%s"
                                        .formatted(target.name(), Lineage.isOf(job), unlessLate))
                        .with("mutations_sync", "2")
                        .with("mutations_execute_subqueries_on_initiator", "1"));
    }

    /// The condition of [#delete] that reads a table.
    static String unlessGone(String table) {
        return " AND (SELECT count() FROM %s) >= 0".formatted(table);
    }

    /// @param when behind which change
    /// @throws MillraceException PUBLISH_UNCERTAIN when the table holds something else of the load
    void require(CrashPoint at, Digest expected, String when) {
        var held = at.get(this::digest);
        if (!held.equals(expected)) {
            throw uncertain("holds %s of job %s %s, not %s".formatted(held, job, when, expected));
        }
    }

    /// That it cannot be told what became of the load, and where to look.
    MillraceException uncertain(String why) {
        return new MillraceException(
                ErrorCode.PUBLISH_UNCERTAIN,
                "%s %s".formatted(target.name(), why),
                "Look at what is there: " + Lineage.digest(target.name(), Lineage.isOf(job)),
                null);
    }

    MillraceException undoRefused(String why) {
        return new MillraceException(
                ErrorCode.UNDO_REFUSED, "Job %s cannot be undone: %s".formatted(job, why));
    }

    MillraceException notKept() {
        return undoRefused("what it replaced in %s is no longer kept".formatted(target.name()));
    }

    /// Runs a statement at a step of the load.
    void execute(CrashPoint at, String sql) {
        var statement = statement(sql).ofColumns();
        at.run(() -> connection.execute(statement));
    }

    private Statement statement(String sql) {
        return Statement.ofJob(job, epoch, sql);
    }
}
