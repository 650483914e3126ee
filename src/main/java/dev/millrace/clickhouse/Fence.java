package dev.millrace.clickhouse;

import dev.millrace.core.CrashPoint;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Staging;
import java.time.Duration;
import java.util.Comparator;

/// Shuts out everybody who knows a job's staging by the name of an earlier epoch: they find nothing
/// under it, and what they had running has ended when [#raise] returns.
final class Fence {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int MAX_RENAMES = 10;

    private final ClickHouseConnection connection;
    private final Staging staging;
    private final TargetTable target;

    Fence(ClickHouseConnection connection, Staging staging) {
        this.connection = connection;
        this.staging = staging;
        this.target = new TargetTable(connection, staging.model());
    }

    /// Staging that is gone shuts everybody out by itself, but what was running may run on: that is
    /// ended and waited for too, before the caller learns that staging is missing.
    void raise() {
        rename(CrashPoint.FENCE_RENAME_KEPT, KeptTable.prefix(staging.job()));
        var renamed =
                rename(
                        CrashPoint.FENCE_RENAME,
                        StagingTable.prefix(staging.job(), staging.attempt()));
        awaitSilence();
        if (!renamed) {
            throw new MillraceException(
                    ErrorCode.STAGING_MISSING,
                    "No staging of attempt %d of job %s is there under epoch %d or an earlier one"
                            .formatted(staging.attempt(), staging.job(), staging.epoch()));
        }
    }

    /// Another owner that is just being shut out may rename too; each such rename raises the epoch
    /// that is found, so that the number of tries is limited.
    ///
    /// The table of the highest epoch is the one that counts: one of a lower epoch was made by a
    /// statement that came late, when the other had its name already.
    ///
    /// @param prefix the tables' names but for the epoch
    /// @return false when there is no such table of this epoch or an earlier one
    private boolean rename(CrashPoint at, String prefix) {
        var database = connection.settings().stagingDatabase();
        for (var i = 0; i < MAX_RENAMES; i++) {
            var found = latestEpoch(prefix);
            if (found == staging.epoch()) {
                return true;
            }
            if (found < 0 || found > staging.epoch()) {
                return false;
            }
            var rename =
                    "RENAME TABLE %s TO %s"
                            .formatted(
                                    Sql.identifier(database, prefix + found),
                                    Sql.identifier(database, prefix + staging.epoch()));
            try {
                at.run(() ->
                        connection.execute(
                                Statement.ofJob(staging.job(), staging.epoch(), rename)));
                return true;
            } catch (MillraceException e) {
                if (e.code() != ErrorCode.STAGING_MISSING) {
                    throw e;
                }
            }
        }
        return false;
    }

    /// The highest epoch under which there is a table, or -1.
    private int latestEpoch(String prefix) {
        return StagingTable.tables(connection, prefix).stream()
                .map(name -> name.substring(prefix.length()))
                .filter(rest -> rest.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .max(Comparator.naturalOrder())
                .orElse(-1);
    }

    private void awaitSilence() {
        var limit = connection.settings().fenceLimit();
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            CrashPoint.FENCE_KILL.run(this::kill);
            var running = CrashPoint.FENCE_WAIT.get(this::running);
            if (running == 0) {
                return;
            }
            if (System.nanoTime() >= deadline) {
                throw new MillraceException(
                        ErrorCode.FENCE_TIMEOUT,
                        "%d statements of job %s still run after %d s"
                                .formatted(running, staging.job(), limit.toSeconds()));
            }
            pause();
        }
    }

    private void kill() {
        connection.execute(
                Statement.of(
                        "KILL QUERY WHERE %s ASYNC"
                                .formatted(Statement.isOfBefore(staging.job(), staging.epoch()))));
    }

    /// Statements, and mutations that a DELETE has left behind: killing the statement does not end
    /// its mutation, and rows that it is still to remove must not be counted.
    private long running() {
        var sql =
                """
                SELECT toInt64(
                    (SELECT count() FROM system.processes WHERE %s)
                  + (SELECT count() FROM system.mutations
                     WHERE database = %s AND table = %s AND NOT is_done
                       AND position(command, %s) > 0)) AS n\
                """
                        .formatted(
                                Statement.isOfBefore(staging.job(), staging.epoch()),
                                Sql.literal(target.database()),
                                Sql.literal(target.table()),
                                Sql.literal(staging.job().uuid().toString()));
        return connection.row(Statement.of(sql), r -> r.getLong("n"));
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(
                    ErrorCode.FENCE_TIMEOUT, "The wait for statements to end was interrupted", e);
        }
    }
}
