package dev.millrace;

import dev.millrace.core.Journal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A journal that no crash outlives, but one that a test only plays.
public final class NotedInMemory implements Journal {
    private @Nullable String note;

    @Override
    public Optional<String> last() {
        return Optional.ofNullable(note);
    }

    @Override
    public void note(String next) {
        note = next;
    }
}
