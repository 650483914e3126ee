package dev.millrace.clickhouse;

import dev.millrace.NotedInMemory;
import dev.millrace.core.Journal;
import java.util.Optional;

/// A journal whose writer dies at a note: in front of it, or as soon as it is durable. Whoever
/// comes next goes on with [#left].
final class DyingJournal implements Journal {
    private final NotedInMemory left = new NotedInMemory();
    private final boolean noting;

    private DyingJournal(boolean noting) {
        this.noting = noting;
    }

    static DyingJournal beforeNote() {
        return new DyingJournal(false);
    }

    static DyingJournal afterNote() {
        return new DyingJournal(true);
    }

    /// What is found afterwards.
    Journal left() {
        return left;
    }

    @Override
    public Optional<String> last() {
        return left.last();
    }

    @Override
    public void note(String note) {
        if (noting) {
            left.note(note);
        }
        throw new Death();
    }

    /// That the process is gone.
    static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
