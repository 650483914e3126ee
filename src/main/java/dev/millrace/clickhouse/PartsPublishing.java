package dev.millrace.clickhouse;

import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Publishable;
import dev.millrace.core.Staging;

/// Rows that are attached to a table in which they do not stay as they were: it merges rows, or
/// drops old ones, or its rows do not say which job they came with. What it holds of the job is
/// told by its parts, of which staging's are noted before they are attached.
final class PartsPublishing implements Publishing {
    private final ClickHouseConnection connection;
    private final Staging staging;
    private final Digest written;
    private final Journal journal;
    private final StagingTable source;
    private final TargetTable target;
    private final TableLayout layout;
    private final TableParts parts;
    private final PublishedRows rows;

    PartsPublishing(
            ClickHouseConnection connection,
            Publishable load,
            Journal journal,
            TableLayout layout) {
        this.connection = connection;
        this.staging = load.staging();
        this.written = load.written();
        this.journal = journal;
        this.source = new StagingTable(connection, staging);
        this.target = new TargetTable(connection, load.model());
        this.layout = layout;
        this.parts = target.parts();
        this.rows = new PublishedRows(connection, load);
    }

    @Override
    public Held held() {
        var byParts = PartsNote.last(journal).map(this::held).orElse(Held.NOTHING);
        if (!layout.hasLineage() || byParts == Held.ALL) {
            return byParts;
        }
        var digest = rows.digest();
        return digest.equals(written)
                ? Held.ALL
                : byParts == Held.NOTHING && digest.equals(Digest.EMPTY) ? Held.NOTHING : Held.PART;
    }

    private Held held(PartsNote note) {
        return parts.lastBlock() < note.before()
                ? note.forNumbersBegunAnew().held(parts.above(0))
                : note.held(parts.above(note.before()));
    }

    @Override
    public void publish() {
        switch (CrashPoint.PUBLISH_ASK.get(this::held)) {
            case ALL -> remember();
            case NOTHING -> attach();
            case PART -> {
                clear();
                attach();
            }
            case UNKNOWN -> throw uncertain("It cannot be told whether %s holds job %s");
        }
    }

    private void attach() {
        CrashPoint.PUBLISH_BRING_UP.run(() -> source.bringUpTo(target));
        if (!layout.hasLineage()) {
            source.dropRowNumbers();
        }
        var note = PartsNote.before(parts.lastBlock(), source.settledParts());
        journal.note(note.text());
        rows.execute(
                CrashPoint.PUBLISH_ATTACH,
                "ALTER TABLE %s ATTACH PARTITION ALL FROM %s"
                        .formatted(target.name(), source.name()));
        if (CrashPoint.PUBLISH_VERIFY.get(this::held) != Held.ALL) {
            throw uncertain("%s does not hold all of job %s after its rows were attached");
        }
        remember();
    }

    /// Notes which blocks the rows are in as long as it can be seen: merges hide it.
    private void remember() {
        PartsNote.last(journal)
                .filter(note -> note.blocks().isEmpty())
                .ifPresent(note -> {
                    var now = parts.above(note.before());
                    if (note.held(now) == Held.ALL) {
                        journal.note(note.attached(now).text());
                    }
                });
    }

    /// Makes room for the rows to be attached again. Where the latest row of a key is kept nothing
    /// has to go: of two equal rows one is kept.
    private void clear() {
        if (!layout.keepsLatest()) {
            CrashPoint.PUBLISH_DELETE.run(
                    () -> rows.delete(PublishedRows.unlessGone(source.name())));
        }
    }

    @Override
    public void undo() {
        if (!layout.hasLineage()) {
            throw rows.undoRefused(
                    "the rows of %s do not say which job they came with".formatted(target.name()));
        }
        if (layout.engine().rollsUp()) {
            throw rows.undoRefused(
                    "the TTL of %s merges rows of one load with others'".formatted(target.name()));
        }
        if (layout.keepsLatest()) {
            new UpsertUndo(connection, staging, journal, rows).run();
            return;
        }
        CrashPoint.UNDO_DELETE.run(() -> rows.delete(""));
        rows.require(CrashPoint.UNDO_VERIFY, Digest.EMPTY, "after its rows were deleted");
    }

    private MillraceException uncertain(String what) {
        var block = PartsNote.last(journal).map(PartsNote::before).orElse(0L);
        return new MillraceException(
                ErrorCode.PUBLISH_UNCERTAIN,
                what.formatted(target.name(), staging.job()),
                "Look at what has come since: " + parts.look(block),
                null);
    }
}
