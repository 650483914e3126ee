package dev.millrace.core;

import java.time.Duration;

/// Pauses that grow between two tries: each twice as long as the one before, up to a bound. Belongs
/// to one thread.
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = FIRST;

    /// Waits. An interrupt ends the wait early and stays set.
    public void pause() {
        try {
            Thread.sleep(next);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var twice = next.multipliedBy(2);
        next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    }

    /// Begins again with the shortest pause.
    public void reset() {
        next = FIRST;
    }
}
