package dev.millrace.clickhouse;

import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Publishable;
import dev.millrace.core.Replaced;
import dev.millrace.core.Staging;

/// Rows that come on top of those that are there: attached at one moment, exactly once from
/// whatever state earlier attempts have left. It asks the table what it holds of the job, and does
/// what is left to do.
final class AppendPublishing implements Publishing {
    private final ClickHouseConnection connection;
    private final Staging staging;
    private final Digest written;
    private final StagingTable source;
    private final TargetTable target;

    AppendPublishing(ClickHouseConnection connection, Publishable load) {
        this.connection = connection;
        this.staging = load.staging();
        this.written = load.written();
        this.source = new StagingTable(connection, staging);
        this.target = new TargetTable(connection, load.model());
    }

    @Override
    public Held held() {
        var digest = digest();
        return digest.equals(written)
                ? Held.ALL
                : digest.equals(Digest.EMPTY) ? Held.NOTHING : Held.PART;
    }

    @Override
    public void publish() {
        var held = digest();
        if (held.equals(written)) {
            return;
        }
        if (!held.equals(Digest.EMPTY)) {
            delete(" AND (SELECT count() FROM %s) >= 0".formatted(source.name()));
            require(Digest.EMPTY, "after its rows were deleted");
        }
        source.bringUpTo(target);
        execute(
                "ALTER TABLE %s ATTACH PARTITION ALL FROM %s"
                        .formatted(target.name(), source.name()));
        CrashPoint.AFTER_ATTACH.reach();
        require(written, "after its rows were attached");
    }

    @Override
    public Replaced replaced() {
        return Replaced.NOTHING;
    }

    /// A statement that comes late finds nothing to delete: what is undone is not published again.
    @Override
    public void undo() {
        if (digest().equals(Digest.EMPTY)) {
            return;
        }
        delete("");
        require(Digest.EMPTY, "after its rows were deleted");
    }

    private Digest digest() {
        return target.digest(staging.job(), staging.epoch());
    }

    /// @param unlessLate a condition that reads this epoch's staging, so that a statement that
    ///   arrives after the next fence fails; and reads it once, when the statement begins, so that
    ///   what the mutation keeps is a number and it can always finish
    private void delete(String unlessLate) {
        connection.execute(
                statement(
                                "ALTER TABLE %s DELETE WHERE %s%s"
                                        .formatted(
                                                target.name(),
                                                Lineage.isOf(staging.job()),
                                                unlessLate))
                        .with("mutations_sync", "2")
                        .with("mutations_execute_subqueries_on_initiator", "1"));
    }

    private void require(Digest expected, String when) {
        var held = digest();
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
