package dev.millrace.clickhouse;

import dev.millrace.core.Held;
import dev.millrace.core.Journal;
import dev.millrace.core.Publishable;
import dev.millrace.core.Replaced;

/// How the rows of one load meet those of its table, and part from them again; see the methods of
/// the same names of [dev.millrace.core.Sink]. Belongs to one thread.
sealed interface Publishing permits AppendPublishing {
    /// The way that a load's mode wants.
    static Publishing of(ClickHouseConnection connection, Publishable load, Journal journal) {
        return switch (load.mode()) {
            case APPEND, REPLACE, REPLACE_PARTITIONS, UPSERT ->
                    new AppendPublishing(connection, load);
        };
    }

    Held held();

    void publish();

    Replaced replaced();

    void undo();
}
