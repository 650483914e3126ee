package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/// The places of streams of events: so many in all, and so many of one subject, who can thus not
/// shut out all others. Thread-safe.
final class StreamPlaces {
    static final int MOST = 100;
    static final int MOST_OF_ONE = 50;

    private final Map<String, Integer> bySubject = new HashMap<>();
    private final IntConsumer change;
    private int taken;

    /// @param change told 1 when a stream begins and -1 when it ends; returns at once
    StreamPlaces(IntConsumer change) {
        this.change = change;
    }

    /// Takes a place; [#leave] gives it back.
    ///
    /// @param instead what to do when there is none
    /// @throws MillraceException TOO_BUSY
    synchronized void take(String subject, String instead) {
        var own = bySubject.getOrDefault(subject, 0);
        if (taken == MOST || own == MOST_OF_ONE) {
            throw new MillraceException(
                    ErrorCode.TOO_BUSY,
                    taken == MOST
                            ? "%d streams of events are open already".formatted(MOST)
                            : "'%s' has %d streams of events open already"
                                    .formatted(subject, MOST_OF_ONE),
                    instead,
                    null);
        }
        taken++;
        bySubject.put(subject, own + 1);
        change.accept(1);
    }

    synchronized void leave(String subject) {
        taken--;
        bySubject.computeIfPresent(subject, (_, own) -> own == 1 ? null : own - 1);
        change.accept(-1);
    }
}
