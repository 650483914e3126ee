package dev.millrace.clickhouse;

import dev.millrace.core.Column;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Publishable;
import dev.millrace.core.Staging;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rows that go through the materialized views of their table, for which they are inserted instead
/// of attached: as one block when there are a million or fewer, else block after block.
///
/// The promise is weaker. Readers may see the first blocks before the last; the views get each
/// block for itself; and what they hold of a job nobody can ask. So an insert that was broken off
/// is begun again only when the table has nothing of it, under the same token, by which views whose
/// tables have a deduplication window know a block again. Otherwise what the table has of it is
/// taken out, and that views may have got rows is said.
final class InsertPublishing implements Publishing {
    private static final String NOTE = "insert";
    private static final String DONE = "\ndone";

    /// More rows would have to fit into memory at once.
    private static final long MAX_BLOCK_ROWS = 1 << 20;

    private static final Map<String, String> INSERT_SETTINGS =
            Map.ofEntries(
                    Map.entry("async_insert", "0"),
                    Map.entry("insert_deduplicate", "1"),
                    Map.entry("deduplicate_blocks_in_dependent_materialized_views", "1"),
                    Map.entry("insert_allow_materialized_columns", "1"),
                    Map.entry("optimize_on_insert", "0"),
                    Map.entry("max_insert_threads", "1"),
                    Map.entry("min_insert_block_size_bytes", "0"),
                    Map.entry("max_partitions_per_insert_block", "0"),
                    Map.entry("max_bytes_before_external_sort", "1000000000"));

    private final ClickHouseConnection connection;
    private final Publishable load;
    private final Staging staging;
    private final Journal journal;
    private final StagingTable source;
    private final TargetTable target;
    private final TableLayout layout;
    private final PublishedRows rows;

    InsertPublishing(
            ClickHouseConnection connection,
            Publishable load,
            Journal journal,
            TableLayout layout) {
        this.connection = connection;
        this.load = load;
        this.staging = load.staging();
        this.journal = journal;
        this.source = new StagingTable(connection, staging);
        this.target = new TargetTable(connection, load.model());
        this.layout = layout;
        this.rows = new PublishedRows(connection, load);
    }

    /// Whether a load is one that goes, or went, this way. One that has noted its parts is
    /// attached, or was, whatever views there are by now.
    static boolean isFor(Publishable load, Journal journal, TableLayout layout) {
        return load.options().throughViews()
                && layout.canGoThroughViews()
                && (isNoted(journal)
                        || (!layout.views().isEmpty() && PartsNote.last(journal).isEmpty()));
    }

    private static boolean isNoted(Journal journal) {
        return journal.last().filter(note -> note.startsWith(NOTE)).isPresent();
    }

    @Override
    public Held held() {
        if (journal.last().filter(NOTE.concat(DONE)::equals).isPresent()) {
            return Held.ALL;
        }
        if (layout.keepsEveryRow()) {
            var digest = rows.digest();
            return digest.equals(load.written())
                    ? Held.ALL
                    : digest.equals(Digest.EMPTY) ? Held.NOTHING : Held.PART;
        }
        return isNoted(journal) ? Held.UNKNOWN : Held.NOTHING;
    }

    @Override
    public void publish() {
        switch (CrashPoint.PUBLISH_ASK.get(this::held)) {
            case ALL -> {}
            case NOTHING -> insert();
            case PART -> {
                CrashPoint.PUBLISH_DELETE.run(
                        () -> rows.delete(PublishedRows.unlessGone(source.name())));
                throw uncertain("An insert was broken off, and what %s had of job %s taken out");
            }
            case UNKNOWN -> throw uncertain("It cannot be told whether %s holds job %s");
        }
    }

    private void insert() {
        CrashPoint.PUBLISH_BRING_UP.run(
                () -> source.bringUpWithViews(target, source.layouts(target)));
        journal.note(NOTE);
        var statement =
                Statement.ofJob(staging.job(), staging.epoch(), sql())
                        .ofColumns()
                        .with(INSERT_SETTINGS)
                        .with(blocks());
        CrashPoint.PUBLISH_ATTACH.run(() -> connection.execute(statement));
        if (layout.keepsEveryRow()
                && !CrashPoint.PUBLISH_VERIFY.get(rows::digest).equals(load.written())) {
            throw uncertain("%s does not hold all of job %s after its rows were inserted");
        }
        journal.note(NOTE + DONE);
    }

    /// The order makes the blocks the same when the insert is repeated, as its token says.
    private String sql() {
        var columns = columns();
        return "INSERT INTO %s (%s) SELECT %s FROM %s ORDER BY %s"
                .formatted(target.name(), columns, columns, source.name(), Lineage.ROW);
    }

    private Map<String, String> blocks() {
        var size = Long.toString(Math.min(load.written().rows(), MAX_BLOCK_ROWS));
        var token = "%s-%d".formatted(staging.job().uuid(), staging.attempt());
        return Map.of(
                "insert_deduplication_token", token,
                "max_block_size", size,
                "min_insert_block_size_rows", size);
    }

    private String columns() {
        var model = load.model().definition().columns().stream().map(Column::name);
        var own = layout.hasLineage() ? Stream.of(Lineage.JOB, Lineage.ROW) : Stream.<String>of();
        return Stream.concat(model, own).map(Sql::identifier).collect(Collectors.joining(", "));
    }

    @Override
    public void undo() {
        if (!isNoted(journal) && layout.keepsEveryRow()) {
            // attached before there were views, which have seen nothing of it
            new AppendPublishing(connection, load, Map.of()).undo();
            return;
        }
        throw rows.undoRefused(
                "its rows went through materialized views of %s, which keep what they made of them"
                        .formatted(target.name()));
    }

    private MillraceException uncertain(String what) {
        return new MillraceException(
                ErrorCode.PUBLISH_UNCERTAIN,
                what.formatted(target.name(), staging.job())
                        + "; the views %s may have got rows of it"
                                .formatted(String.join(", ", layout.views())),
                "Look at what the table and its views hold, and mend the views: Millrace cannot.",
                null);
    }
}
