package dev.millrace.clickhouse;

import dev.millrace.core.Held;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Publishable;
import dev.millrace.core.Replaced;

/// How the rows of one load meet those of its table, and part from them again; see the methods of
/// the same names of [dev.millrace.core.Sink]. Belongs to one thread.
sealed interface Publishing
        permits AppendPublishing,
                InsertPublishing,
                PartsPublishing,
                ReplaceTable,
                ReplacePartitions {
    /// Refuses at once what could not be published in the end.
    ///
    /// @throws MillraceException TABLE_HAS_VIEWS; TABLE_NOT_OURS for a mode that needs a table of
    ///   Millrace's
    static void requirePossible(Publishable load, TargetTable target, TableLayout layout) {
        switch (load.mode()) {
            case APPEND -> {
                if (!load.options().throughViews() || !layout.canGoThroughViews()) {
                    target.requireNoViews(layout);
                }
            }
            case UPSERT -> target.requireNoViews(layout);
            case REPLACE, REPLACE_PARTITIONS -> {
                target.requireOurs(layout, load.mode());
                target.requireNoViews(layout);
            }
        }
    }

    /// The way that a load's mode wants and its table bears.
    static Publishing of(ClickHouseConnection connection, Publishable load, Journal journal) {
        return switch (load.mode()) {
            case APPEND, UPSERT -> onTop(connection, load, journal);
            case REPLACE -> new ReplaceTable(connection, load, journal);
            case REPLACE_PARTITIONS -> new ReplacePartitions(connection, load, journal);
        };
    }

    /// Whose rows have left the table for a load.
    static Replaced replaced(ClickHouseConnection connection, Publishable load, Journal journal) {
        return switch (load.mode()) {
            case APPEND, UPSERT -> Replaced.NOTHING;
            case REPLACE -> new Replaced.Everything();
            case REPLACE_PARTITIONS -> new ReplacePartitions(connection, load, journal).replaced();
        };
    }

    private static Publishing onTop(
            ClickHouseConnection connection, Publishable load, Journal journal) {
        var target = new TargetTable(connection, load.model());
        var layouts = new StagingTable(connection, load.staging()).layouts(target);
        var layout = target.layout(layouts);
        if (InsertPublishing.isFor(load, journal, layout)) {
            return new InsertPublishing(connection, load, journal, layout);
        }
        return layout.keepsEveryRow()
                ? new AppendPublishing(connection, load, layouts)
                : new PartsPublishing(connection, load, journal, layout);
    }

    Held held();

    void publish();

    void undo();
}
