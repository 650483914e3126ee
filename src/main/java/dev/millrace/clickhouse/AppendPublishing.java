package dev.millrace.clickhouse;

import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.Held;
import dev.millrace.core.Publishable;
import java.util.Map;

/// Rows that come on top of those that are there: attached at one moment, exactly once from
/// whatever state earlier attempts have left. It asks the table what it holds of the job, and does
/// what is left to do.
final class AppendPublishing implements Publishing {
    private final Digest written;
    private final StagingTable source;
    private final TargetTable target;
    private final PublishedRows rows;
    private final Map<TableName, TableLayout> layouts;

    /// @param layouts the target's and, if it is there, staging's, read just before
    AppendPublishing(
            ClickHouseConnection connection,
            Publishable load,
            Map<TableName, TableLayout> layouts) {
        this.layouts = layouts;
        this.written = load.written();
        this.source = new StagingTable(connection, load.staging());
        this.target = new TargetTable(connection, load.model());
        this.rows = new PublishedRows(connection, load);
    }

    @Override
    public Held held() {
        var digest = rows.digest();
        return digest.equals(written)
                ? Held.ALL
                : digest.equals(Digest.EMPTY) ? Held.NOTHING : Held.PART;
    }

    @Override
    public void publish() {
        switch (CrashPoint.PUBLISH_ASK.get(this::held)) {
            case ALL -> {}
            case NOTHING -> attach(layouts);
            case PART, UNKNOWN -> {
                CrashPoint.PUBLISH_DELETE.run(
                        () -> rows.delete(PublishedRows.unlessGone(source.name())));
                rows.require(
                        CrashPoint.PUBLISH_VERIFY, Digest.EMPTY, "after its rows were deleted");
                attach(source.layouts(target));
            }
        }
    }

    private void attach(Map<TableName, TableLayout> found) {
        CrashPoint.PUBLISH_BRING_UP.run(() -> source.bringUpTo(target, found));
        rows.execute(
                CrashPoint.PUBLISH_ATTACH,
                "ALTER TABLE %s ATTACH PARTITION ALL FROM %s"
                        .formatted(target.name(), source.name()));
        rows.require(CrashPoint.PUBLISH_VERIFY, written, "after its rows were attached");
    }

    /// A statement that comes late finds nothing to delete: what is undone is not published again.
    @Override
    public void undo() {
        if (CrashPoint.UNDO_ASK.get(this::held) == Held.NOTHING) {
            return;
        }
        CrashPoint.UNDO_DELETE.run(() -> rows.delete(""));
        rows.require(CrashPoint.UNDO_VERIFY, Digest.EMPTY, "after its rows were deleted");
    }
}
