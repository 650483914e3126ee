package dev.millrace.app;

import dev.millrace.Engines;
import dev.millrace.embedded.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// A server, two workers and the engines, each a process that can be killed by itself and comes
/// back: the engines by their supervisors, the others by this, which starts them again whenever
/// they end. Thread-safe.
final class Fleet implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private static final int COME_BACK_MILLIS = 200;

    /// Whom it can hit.
    enum Victim {
        SERVER,
        FIRST_WORKER,
        SECOND_WORKER,
        CLICKHOUSE,
        KAFKA,
        POSTGRES
    }

    private final Site site;
    private final int port;
    private final ApiClient api;
    private final Map<Victim, Program> programs = new ConcurrentHashMap<>();
    private final Executor soon =
            CompletableFuture.delayedExecutor(COME_BACK_MILLIS, TimeUnit.MILLISECONDS);
    private boolean closed;

    /// Starts everything.
    Fleet(Path folder, List<String> flags) throws IOException, InterruptedException {
        site = new Site(folder, flags);
        port = freePort();
        api = new ApiClient("http://127.0.0.1:" + port);
        start(Victim.SERVER);
        program(Victim.SERVER).awaitLine("serves at");
        start(Victim.FIRST_WORKER);
        start(Victim.SECOND_WORKER);
        program(Victim.FIRST_WORKER).awaitLine("splits at a time");
        program(Victim.SECOND_WORKER).awaitLine("splits at a time");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Talks to the server, which keeps its address when it comes back.
    ApiClient api() {
        return api;
    }

    /// Ends a process as `kill -9` does, and lets it come back.
    ///
    /// @return false when an engine is just being started again and there is nothing to end
    boolean kill(Victim victim) throws IOException, InterruptedException {
        return switch (victim) {
            case SERVER, FIRST_WORKER, SECOND_WORKER -> {
                program(victim).kill();
                yield true;
            }
            case CLICKHOUSE -> killEngine(Engine.CLICKHOUSE);
            case KAFKA -> killEngine(Engine.KAFKA);
            case POSTGRES -> killEngine(Engine.POSTGRES);
        };
    }

    private static boolean killEngine(Engine engine) {
        var process = Engines.findProcess(engine);
        process.ifPresent(ProcessHandle::destroyForcibly);
        return process.isPresent();
    }

    private Program program(Victim victim) {
        var program = programs.get(victim);
        if (program == null) {
            throw new IllegalStateException(victim + " was never started");
        }
        return program;
    }

    private synchronized void start(Victim victim) throws IOException {
        if (closed) {
            return;
        }
        var program =
                victim == Victim.SERVER
                        ? site.start(
                                Map.of("MILLRACE_HTTP_PORT", String.valueOf(port)),
                                List.of("serve"))
                        : site.start(
                                Map.of(),
                                List.of("worker", "--name", victim.name(), "--threads", "1"));
        programs.put(victim, program);
        var _ = program.process().onExit().thenRunAsync(() -> startAgain(victim), soon);
    }

    private void startAgain(Victim victim) {
        try {
            start(victim);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until the server and every engine answer again.
    void awaitReady() throws InterruptedException {
        var patience = new Patience(READY_LIMIT, "the fleet is not ready");
        while (!isReady()) {
            patience.look();
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return api.call("GET", "/ready", null, BodyPublishers.noBody()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /// The programs, and what they leave behind.
    Site site() {
        return site;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        site.close();
    }
}
