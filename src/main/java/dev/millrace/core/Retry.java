package dev.millrace.core;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Repeats what failed because an outside system did not answer. For steps that give the same
/// answer when they are repeated; a step that must look again first does so in its own loop.
public final class Retry {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    private Retry() {}

    /// Does it until it succeeds or fails otherwise than EXTERNAL, the limit has passed, or the
    /// thread is interrupted.
    ///
    /// @throws MillraceException the last failure
    public static <T> T external(Duration limit, Supplier<T> step) {
        return retry(limit, step, ErrorCategory.EXTERNAL);
    }

    /// The same with what fails for want of room.
    ///
    /// @throws MillraceException the last failure
    public static <T> T untilRoom(Duration limit, Supplier<T> step) {
        return retry(limit, step, ErrorCategory.INSUFFICIENT_RESOURCES);
    }

    private static <T> T retry(Duration limit, Supplier<T> step, ErrorCategory passing) {
        var end = System.nanoTime() + limit.toNanos();
        var backoff = new Backoff();
        while (true) {
            try {
                return step.get();
            } catch (MillraceException e) {
                if (e.category() != passing
                        || System.nanoTime() > end
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LOG.warn("retry code={} what={}", e.code(), e.what());
                backoff.pause();
            }
        }
    }
}
