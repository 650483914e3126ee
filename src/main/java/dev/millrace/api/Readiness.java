package dev.millrace.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Asks every engine whether it answers: all at once, each for a limited time. A check that still
/// hangs when it is wanted again is waited for again, not started again. Thread-safe.
final class Readiness implements AutoCloseable {
    private final Map<String, Runnable> checks;
    private final Duration limit;
    private final Map<String, Future<?>> running = new ConcurrentHashMap<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("check-", 0).factory());

    /// What a check found.
    ///
    /// @param reason why the engine is not ready, or null when it is
    record Finding(String name, @Nullable String reason) {
        boolean ok() {
            return reason == null;
        }
    }

    /// @param checks by the name of what they check; each returns when it answers and throws why it
    ///   does not
    Readiness(Map<String, Runnable> checks, Duration limit) {
        this.checks = new LinkedHashMap<>(checks);
        this.limit = limit;
    }

    /// One finding a check, in their order.
    List<Finding> look() throws InterruptedException {
        var end = System.nanoTime() + limit.toNanos();
        var asked = new LinkedHashMap<String, Future<?>>();
        checks.forEach((name, check) -> asked.put(name, ask(name, check)));
        var findings = new ArrayList<Finding>();
        for (var entry : asked.entrySet()) {
            var left = Math.max(0, end - System.nanoTime());
            findings.add(new Finding(entry.getKey(), reason(entry.getValue(), left)));
        }
        return findings;
    }

    private Future<?> ask(String name, Runnable check) {
        return running.compute(
                name,
                (_, before) -> before != null && !before.isDone() ? before : threads.submit(check));
    }

    private @Nullable String reason(Future<?> check, long nanos) throws InterruptedException {
        try {
            check.get(nanos, TimeUnit.NANOSECONDS);
            return null;
        } catch (TimeoutException e) {
            return "No answer within %d s".formatted(limit.toSeconds());
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            return cause.getMessage() == null ? cause.toString() : cause.getMessage();
        }
    }

    /// Ends without waiting for checks that hang.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
