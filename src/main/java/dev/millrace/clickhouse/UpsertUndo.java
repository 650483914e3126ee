package dev.millrace.clickhouse;

import dev.millrace.clickhouse.TableParts.Part;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Staging;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Takes a job's rows out of a table that keeps the latest row of each key, as long as they are in
/// parts of their own. A part that was merged out of this job's rows and others' has lost values of
/// one or the other, and nothing brings them back.
///
/// Merges are stopped from the look at the parts until the last of them is dropped. A part's name
/// says which blocks it has, so that one that was merged nevertheless is not found under it.
final class UpsertUndo {
    private static final Duration POLL = Duration.ofMillis(20);

    private final ClickHouseConnection connection;
    private final Staging staging;
    private final Journal journal;
    private final TargetTable target;
    private final TableParts parts;
    private final PublishedRows rows;

    UpsertUndo(
            ClickHouseConnection connection, Staging staging, Journal journal, PublishedRows rows) {
        this.connection = connection;
        this.staging = staging;
        this.journal = journal;
        this.target = new TargetTable(connection, staging.model());
        this.parts = target.parts();
        this.rows = rows;
    }

    void run() {
        var note =
                PartsNote.last(journal)
                        .filter(last -> !last.blocks().isEmpty())
                        .orElseThrow(() ->
                                rows.undoRefused(
                                        "it is not known in which parts its rows were attached"));
        execute("SYSTEM STOP MERGES " + target.name());
        try {
            awaitNoMerge();
            CrashPoint.UNDO_ASK.get(() -> own(note)).forEach(this::drop);
        } finally {
            // Whatever has happened, and whoever owns the job by now: merges must go on.
            connection.execute(Statement.of("SYSTEM START MERGES " + target.name()));
        }
        rows.require(CrashPoint.UNDO_VERIFY, Digest.EMPTY, "after its parts were dropped");
    }

    /// The parts that hold rows of the job, none of which may hold another's.
    private List<Part> own(PartsNote note) {
        var touched = parts.active().stream().filter(note::isPartlyMine).toList();
        var merged = touched.stream().filter(part -> !note.isWhollyMine(part)).toList();
        if (!merged.isEmpty()) {
            throw rows.undoRefused(
                    ("ClickHouse has merged its rows with others (part %s of %s), and of each key only"
                                    + " the latest was kept: the older values are gone")
                            .formatted(merged.getFirst().name(), target.name()));
        }
        if (rowsOutside(touched) > 0) {
            throw rows.undoRefused("rows of it are in parts that they were not attached with");
        }
        return touched;
    }

    private long rowsOutside(List<Part> own) {
        var names =
                own.stream().map(part -> Sql.literal(part.name())).collect(Collectors.joining(","));
        var sql =
                "SELECT toInt64(count()) AS n FROM %s WHERE %s%s"
                        .formatted(
                                target.name(),
                                Lineage.isOf(staging.job()),
                                own.isEmpty() ? "" : " AND _part NOT IN (%s)".formatted(names));
        return connection.row(statement(sql).ofColumns(), r -> r.getLong("n"));
    }

    private void drop(Part part) {
        var sql = "ALTER TABLE %s DROP PART %s".formatted(target.name(), Sql.literal(part.name()));
        CrashPoint.UNDO_DELETE.run(
                () -> connection.execute(statement(sql).with("max_partition_size_to_drop", "0")));
    }

    /// Stopping merges ends those that run, not at once.
    private void awaitNoMerge() {
        var deadline = System.nanoTime() + connection.settings().fenceLimit().toNanos();
        while (parts.merging() > 0) {
            if (System.nanoTime() >= deadline) {
                throw new MillraceException(
                        ErrorCode.FENCE_TIMEOUT,
                        "Merges of %s still run after %d s"
                                .formatted(
                                        target.name(),
                                        connection.settings().fenceLimit().toSeconds()));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private void execute(String sql) {
        connection.execute(statement(sql));
    }

    private Statement statement(String sql) {
        return Statement.ofJob(staging.job(), staging.epoch(), sql);
    }
}
