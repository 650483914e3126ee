package dev.millrace.clickhouse;

import dev.millrace.core.Held;
import dev.millrace.core.Journal;
import dev.millrace.core.Publishable;
import dev.millrace.core.Replaced;

/// How the rows of one load meet those of its table, and part from them again; see the methods of
/// the same names of [dev.millrace.core.Sink]. Belongs to one thread.
sealed interface Publishing permits AppendPublishing, ReplaceTable, ReplacePartitions {
    /// The way that a load's mode wants.
    static Publishing of(ClickHouseConnection connection, Publishable load, Journal journal) {
        return switch (load.mode()) {
            case APPEND, UPSERT -> new AppendPublishing(connection, load);
            case REPLACE -> new ReplaceTable(connection, load, journal);
            case REPLACE_PARTITIONS -> new ReplacePartitions(connection, load, journal);
        };
    }

    Held held();

    void publish();

    Replaced replaced();

    void undo();
}
