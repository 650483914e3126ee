package dev.millrace.clickhouse;

import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Staging;

/// Makes a staging's rows visible in their table, exactly once from whatever state earlier attempts
/// have left: it asks the table what it holds of the job, and does what is left to do.
final class Publication {
    private final ClickHouseConnection connection;
    private final Staging staging;
    private final StagingTable source;
    private final TargetTable target;

    Publication(ClickHouseConnection connection, Staging staging) {
        this.connection = connection;
        this.staging = staging;
        this.source = new StagingTable(connection, staging);
        this.target = new TargetTable(connection, staging.model());
    }

    void run(Digest expected) {
        var held = held();
        if (held.equals(expected)) {
            return;
        }
        if (!held.equals(Digest.EMPTY)) {
            delete();
            require(Digest.EMPTY, "after its rows were deleted");
        }
        source.bringUpTo(target);
        execute(
                "ALTER TABLE %s ATTACH PARTITION ALL FROM %s"
                        .formatted(target.name(), source.name()));
        CrashPoint.AFTER_ATTACH.reach();
        require(expected, "after its rows were attached");
    }

    private Digest held() {
        return target.digest(staging.job(), staging.epoch());
    }

    /// The condition reads this epoch's staging, so that a statement that arrives after the next
    /// fence fails; and reads it once, when the statement begins, so that what the mutation keeps
    /// is a number and it can always finish.
    private void delete() {
        connection.execute(
                statement(
                                "ALTER TABLE %s DELETE WHERE %s AND (SELECT count() FROM %s) >= 0"
                                        .formatted(
                                                target.name(),
                                                Lineage.isOf(staging.job()),
                                                source.name()))
                        .with("mutations_sync", "2")
                        .with("mutations_execute_subqueries_on_initiator", "1"));
    }

    private void require(Digest expected, String when) {
        var held = held();
        if (!held.equals(expected)) {
            throw new MillraceException(
                    ErrorCode.PUBLISH_UNCERTAIN,
                    "%s holds %s of job %s %s, not %s"
                            .formatted(target.name(), held, staging.job(), when, expected),
                    "Look at what is there: "
                            + Lineage.digest(target.name(), Lineage.isOf(staging.job())),
                    null);
        }
    }

    private void execute(String sql) {
        connection.execute(statement(sql));
    }

    private Statement statement(String sql) {
        return Statement.ofJob(staging.job(), staging.epoch(), sql);
    }
}
