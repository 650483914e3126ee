package dev.millrace.clickhouse;

import dev.millrace.core.CrashPoint;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Staging;
import java.time.Duration;

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
    ///
    /// Nearly always staging has the name of the epoch before, and nothing is kept: then it is
    /// renamed at once, and that it was the right one is seen with the silence. Else whatever there
    /// is gets its name one by one, and silence is waited for once more.
    void raise() {
        renameFromEpochBefore();
        var traces = awaitSilence();
        if (isRaised(traces)) {
            return;
        }
        rename(CrashPoint.FENCE_RENAME_KEPT, KeptTable.prefix(staging.job()));
        var renamed = rename(CrashPoint.FENCE_RENAME, prefix());
        awaitSilence();
        if (!renamed) {
            throw new MillraceException(
                    ErrorCode.STAGING_MISSING,
                    "No staging of attempt %d of job %s is there under epoch %d or an earlier one"
                            .formatted(staging.attempt(), staging.job(), staging.epoch()));
        }
    }

    private String prefix() {
        return StagingTable.prefix(staging.job(), staging.attempt());
    }

    private void renameFromEpochBefore() {
        try {
            rename(CrashPoint.FENCE_RENAME, prefix(), staging.epoch() - 1);
        } catch (MillraceException e) {
            var refusal = Refusal.in(e);
            if (refusal == null
                    || (e.code() != ErrorCode.STAGING_MISSING
                            && refusal.code() != Refusal.TABLE_ALREADY_EXISTS)) {
                throw e;
            }
        }
    }

    /// Whether staging has this epoch's name, no later one has another, and nothing is kept under
    /// an earlier one's.
    private boolean isRaised(JobTraces traces) {
        var kept = traces.latestEpoch(KeptTable.prefix(staging.job()));
        return traces.latestEpoch(prefix()) == staging.epoch()
                && (kept < 0 || kept == staging.epoch());
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
        for (var i = 0; i < MAX_RENAMES; i++) {
            var found = latestEpoch(prefix);
            if (found == staging.epoch()) {
                return true;
            }
            if (found < 0 || found > staging.epoch()) {
                return false;
            }
            try {
                rename(at, prefix, found);
                return true;
            } catch (MillraceException e) {
                if (e.code() != ErrorCode.STAGING_MISSING) {
                    throw e;
                }
            }
        }
        return false;
    }

    private void rename(CrashPoint at, String prefix, int from) {
        var database = connection.settings().stagingDatabase();
        var rename =
                "RENAME TABLE %s TO %s"
                        .formatted(
                                Sql.identifier(database, prefix + from),
                                Sql.identifier(database, prefix + staging.epoch()));
        at.run(() -> connection.execute(Statement.ofJob(staging.job(), staging.epoch(), rename)));
    }

    private int latestEpoch(String prefix) {
        return JobTraces.latestEpoch(StagingTable.tables(connection, prefix), prefix);
    }

    /// @return what is there then
    private JobTraces awaitSilence() {
        var limit = connection.settings().fenceLimit();
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var found = CrashPoint.FENCE_KILL.get(this::kill);
            var left = CrashPoint.FENCE_WAIT.get(() -> found.areStill() ? found : look());
            if (left.areStill()) {
                return left;
            }
            if (System.nanoTime() >= deadline) {
                throw new MillraceException(
                        ErrorCode.FENCE_TIMEOUT,
                        "%d statements of job %s still run after %d s"
                                .formatted(
                                        left.statements() + left.mutations(),
                                        staging.job(),
                                        limit.toSeconds()));
            }
            pause();
        }
    }

    /// Ends the statements that run, if there are any.
    ///
    /// @return what there was before
    private JobTraces kill() {
        var found = look();
        if (!found.areStill()) {
            connection.execute(
                    Statement.of(
                            "KILL QUERY WHERE %s ASYNC"
                                    .formatted(
                                            Statement.isOfBefore(staging.job(), staging.epoch()))));
        }
        return found;
    }

    private JobTraces look() {
        return JobTraces.before(connection, staging, target);
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
