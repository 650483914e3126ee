package dev.millrace.core;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Repeats what failed because an outside system did not answer. For steps that give the same
/// answer when they are repeated; a step that must look again first does so in its own loop.
public final class Retry {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

    private Retry() {}

    /// Does it until it succeeds or fails otherwise than EXTERNAL, or the limit has passed.
    ///
    /// @throws MillraceException the last failure
    public static <T> T external(Duration limit, Supplier<T> step) {
        var end = System.nanoTime() + limit.toNanos();
        var pause = FIRST_PAUSE;
        while (true) {
            try {
                return step.get();
            } catch (MillraceException e) {
                if (e.category() != ErrorCategory.EXTERNAL || System.nanoTime() > end) {
                    throw e;
                }
                LOG.warn("retry code={} what={} pause={}", e.code(), e.what(), pause);
                sleep(pause, e);
                pause = longer(pause);
            }
        }
    }

    /// The pause after a pause: twice as long, up to a bound.
    static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private static void sleep(Duration pause, MillraceException failure) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
