package dev.millrace.metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks for something that may not answer: waits for a limited time, asks once however many want to
/// know, and remembers the answer, or that there was none, for a few seconds. Thread-safe.
final class Reading<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration FRESH = Duration.ofSeconds(3);

    private final String what;
    private final Supplier<T> question;
    private final Duration limit;
    private final Duration fresh;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("reading-", 0).factory());

    private @Nullable Future<Answer<T>> asked;

    /// Whether the last question was answered, to tell of a change once.
    private volatile boolean answers = true;

    /// An answer, and when it was had.
    private record Answer<T>(Optional<T> value, long atNanos) {}

    /// @param what is asked for, for the log
    Reading(String what, Supplier<T> question) {
        this(what, question, LIMIT, FRESH);
    }

    /// @param limit the longest that [#look] waits
    /// @param fresh how long an answer is good for
    Reading(String what, Supplier<T> question, Duration limit, Duration fresh) {
        this.what = what;
        this.question = question;
        this.limit = limit;
        this.fresh = fresh;
    }

    /// The answer; empty when there is none within the limit.
    Optional<T> look() {
        try {
            return current().get(limit.toMillis(), TimeUnit.MILLISECONDS).value();
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The question that runs or was answered a moment ago, or a new one.
    private synchronized Future<Answer<T>> current() {
        if (asked == null || isStale(asked)) {
            asked = threads.submit(this::ask);
        }
        return asked;
    }

    private boolean isStale(Future<Answer<T>> question) {
        return switch (question.state()) {
            case RUNNING -> false;
            case SUCCESS -> System.nanoTime() - question.resultNow().atNanos() > fresh.toNanos();
            case FAILED, CANCELLED -> true;
        };
    }

    private Answer<T> ask() {
        try {
            var answer = question.get();
            if (!answers) {
                LOG.info("reading=answered what={}", what);
                answers = true;
            }
            return new Answer<>(Optional.of(answer), System.nanoTime());
        } catch (RuntimeException e) {
            if (answers) {
                LOG.warn("reading=failed what={} reason={}", what, e.toString());
                answers = false;
            }
            return new Answer<>(Optional.empty(), System.nanoTime());
        }
    }

    /// Ends without waiting for a question that hangs.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
