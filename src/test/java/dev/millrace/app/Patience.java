package dev.millrace.app;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Looks at something again and again, ten times a second, until a limit has passed. Belongs to one
/// thread.
final class Patience {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final long endNanos;
    private final String complaint;

    /// @param complaint what is the matter when the limit has passed
    Patience(Duration limit, String complaint) {
        this.endNanos = System.nanoTime() + limit.toNanos();
        this.complaint = complaint;
    }

    /// Waits until it is time to look again.
    ///
    /// @throws AssertionError when the limit has passed
    void look() throws InterruptedException {
        if (System.nanoTime() > endNanos) {
            throw new AssertionError(complaint);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
