package dev.millrace.embedded;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.embedded.Health.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one engine running: starts it, asks after it every 2 s, and starts it again when it dies
/// or has not answered three times, at once at first and later after up to 10 s. Thread-safe.
final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /// One that ran for so long is restarted at once when it ends.
    private static final Duration STEADY = Duration.ofMinutes(1);

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final long READY_LOOK_MILLIS = 25;
    private static final long LOOK_MILLIS = 2000;
    private static final int MAX_SILENCES = 3;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LAST_PAUSE_MILLIS = 10_000;

    private final EngineProgram program;
    private final EngineLog log;
    private final Leftover leftover;
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private volatile Health health = new Health(State.STARTING, "", 0);
    private volatile @Nullable Process process;
    private volatile @Nullable Thread watch;

    Supervisor(EngineProgram program, EngineLog log) {
        this.program = program;
        this.log = log;
        this.leftover = new Leftover(program.folder().resolve("process"));
    }

    /// Starts the engine and returns when it is ready.
    ///
    /// @throws MillraceException ENGINE_FAILED when it does not become ready
    void start() {
        try {
            launch();
        } catch (IOException e) {
            stopProcess();
            throw new MillraceException(
                    ErrorCode.ENGINE_FAILED,
                    "%s did not start: %s.\n%s"
                            .formatted(program.engine().id(), e.getMessage(), log.tail())
                            .strip(),
                    "Its log is " + log.file() + ".",
                    e);
        }
        watch = Thread.ofVirtual().name("supervisor-" + program.engine().id()).start(this::watch);
    }

    Health health() {
        return health;
    }

    /// The engine's process, or nothing while there is none.
    Optional<ProcessHandle> engineProcess() {
        var now = process;
        return now != null && now.isAlive()
                ? Optional.of(program.engineProcess(now))
                : Optional.empty();
    }

    private void launch() throws IOException {
        leftover.end();
        program.prepare(log);
        var started = Command.start(program.command(), log);
        process = started;
        leftover.remember(started.toHandle());
        awaitReady(started);
        health = new Health(State.READY, "since " + Instant.now(), health.restarts());
    }

    private void awaitReady(Process started) throws IOException {
        var end = System.nanoTime() + READY_LIMIT.toNanos();
        while (true) {
            try {
                program.requireReady();
                if (started.isAlive()) {
                    return;
                }
            } catch (IOException e) {
                if (stopping.isDone()) {
                    throw new IOException("it is to stop", e);
                }
                if (System.nanoTime() - end > 0) {
                    throw new IOException("it is not ready after " + READY_LIMIT, e);
                }
            }
            if (endedWithin(started, READY_LOOK_MILLIS)) {
                throw new IOException("it ended with code " + started.exitValue());
            }
        }
    }

    private void watch() {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (!stopping.isDone()) {
            var since = System.nanoTime();
            var cause = awaitFailure();
            if (stopping.isDone()) {
                return;
            }
            if (System.nanoTime() - since > STEADY.toNanos()) {
                pauseMillis = FIRST_PAUSE_MILLIS;
            }
            health = new Health(State.RESTARTING, cause, health.restarts() + 1);
            LOG.warn("engine restarting engine={} cause={}", program.engine().id(), cause);
            stopProcess();
            pauseMillis = relaunch(pauseMillis);
        }
    }

    /// Starts the engine again, however often it takes.
    ///
    /// @return the pause before the next time, should it fail again
    private long relaunch(long firstPauseMillis) {
        long pauseMillis = firstPauseMillis;
        while (!stoppedWithin(pauseMillis)) {
            pauseMillis = Math.min(pauseMillis * 2, LAST_PAUSE_MILLIS);
            try {
                launch();
                LOG.info("engine restarted engine={}", program.engine().id());
                return pauseMillis;
            } catch (IOException | UncheckedIOException e) {
                LOG.warn("engine failed engine={} cause={}", program.engine().id(), e.toString());
                health = new Health(State.RESTARTING, e.toString(), health.restarts());
                stopProcess();
            }
        }
        return pauseMillis;
    }

    /// Waits until the engine is dead or silent, or until it is to stop.
    private String awaitFailure() {
        int silences = 0;
        var running = Objects.requireNonNull(process);
        while (!stopping.isDone()) {
            if (endedWithin(running, LOOK_MILLIS)) {
                return "it ended with code " + running.exitValue();
            }
            try {
                program.requireAlive();
                silences = 0;
            } catch (IOException e) {
                silences++;
                if (silences == MAX_SILENCES) {
                    return "it does not answer: " + e.getMessage();
                }
            }
        }
        return "";
    }

    private boolean endedWithin(Process running, long millis) {
        try {
            CompletableFuture.anyOf(running.onExit(), stopping).get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return !running.isAlive();
    }

    private boolean stoppedWithin(long millis) {
        try {
            stopping.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Stops the engine in good order; by force when that takes longer than 10 s.
    @Override
    public void close() {
        stopping.complete(null);
        awaitWatch();
        stopProcess();
        health = new Health(State.STOPPED, "", health.restarts());
    }

    /// From here on nobody starts the engine again.
    private void awaitWatch() {
        var running = watch;
        try {
            if (running != null && !running.join(READY_LIMIT)) {
                LOG.warn("supervisor does not end engine={}", program.engine().id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopProcess() {
        var running = process;
        if (running == null) {
            return;
        }
        try {
            running.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("engine's input engine={}", program.engine().id(), e);
        }
        try {
            if (!running.waitFor(STOP_LIMIT)) {
                LOG.warn("engine killed engine={}", program.engine().id());
                program.engineProcess(running).destroyForcibly();
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
