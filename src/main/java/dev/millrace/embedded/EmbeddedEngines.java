package dev.millrace.embedded;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.embedded.Addresses.ClickHouse;
import dev.millrace.embedded.Addresses.Kafka;
import dev.millrace.embedded.Addresses.Login;
import dev.millrace.embedded.Addresses.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The embedded engines, running. Thread-safe.
public final class EmbeddedEngines implements AutoCloseable {
    private final Map<Engine, Supervisor> supervisors = new EnumMap<>(Engine.class);
    private final FileChannel lock;
    private @Nullable ClickHouse clickhouse;
    private @Nullable Kafka kafka;
    private @Nullable Postgres postgres;

    private EmbeddedEngines(FileChannel lock) {
        this.lock = lock;
    }

    /// Starts engines side by side and returns when all are ready.
    ///
    /// @param progress is told of each that becomes ready; called by any thread
    /// @throws MillraceException PORT_TAKEN, ALREADY_RUNNING when another process uses the data
    ///   folder, ENGINE_FAILED with the last lines of its log; none runs then
    public static EmbeddedEngines start(EngineSettings settings, Progress progress) {
        try {
            OwnerOnly.folder(settings.dataFolder());
            var engines = new EmbeddedEngines(lock(settings.dataFolder()));
            try {
                engines.plan(settings);
                engines.startAll(progress);
                return engines;
            } catch (IOException | RuntimeException e) {
                engines.close();
                throw e;
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.ENGINE_FAILED,
                    "The engines' data folder %s cannot be used: %s."
                            .formatted(settings.dataFolder(), e.getMessage()),
                    e);
        }
    }

    private static FileChannel lock(Path dataFolder) throws IOException {
        var file =
                FileChannel.open(
                        dataFolder.resolve("engines.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        if (!locked(file)) {
            file.close();
            throw new MillraceException(
                    ErrorCode.ALREADY_RUNNING,
                    "Another Millrace uses the data folder " + dataFolder + ".",
                    "Stop it, or choose another folder with --data.",
                    null);
        }
        return file;
    }

    private static boolean locked(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this process
        }
    }

    private void plan(EngineSettings settings) throws IOException {
        var data = settings.dataFolder();
        var wanted = settings.ports();
        var passwords = new Passwords(data.resolve("passwords"));
        try (var ports = new PortChoice(data.resolve("ports.properties"))) {
            if (settings.engines().contains(Engine.CLICKHOUSE)) {
                int http = ports.choose("clickhouse", wanted.clickhouseHttp());
                clickhouse =
                        new ClickHouse(
                                "http://127.0.0.1:" + http,
                                ports.choose("clickhouse-tcp", wanted.clickhouseTcp()),
                                new Login("millrace", passwords.get("clickhouse")),
                                new Login("reader", passwords.get("clickhouse-reader")));
                add(
                        new ClickHouseProgram(
                                settings.home(),
                                data.resolve("clickhouse"),
                                clickhouse,
                                settings.defaultUser()),
                        data);
            }
            if (settings.engines().contains(Engine.KAFKA)) {
                int port = ports.choose("kafka", wanted.kafka());
                kafka = new Kafka("127.0.0.1:" + port);
                add(
                        new KafkaProgram(
                                settings.home(),
                                data.resolve("kafka"),
                                port,
                                ports.choose("kafka-controller", 0)),
                        data);
            }
            if (settings.engines().contains(Engine.POSTGRES)) {
                postgres =
                        new Postgres(
                                "127.0.0.1",
                                ports.choose("postgres", wanted.postgres()),
                                "millrace",
                                new Login("millrace", passwords.get("postgres")));
                add(new PostgresProgram(settings.home(), data.resolve("postgres"), postgres), data);
            }
        }
    }

    private void add(EngineProgram program, Path data) throws IOException {
        var engine = program.engine();
        var log = new EngineLog(data.resolve("logs").resolve(engine.id() + ".log"));
        supervisors.put(engine, new Supervisor(program, log));
    }

    /// Told while engines start.
    public interface Progress {
        /// @param address as its clients are given it
        /// @param after how long its start took
        void ready(Engine engine, String address, Duration after);
    }

    private void startAll(Progress progress) {
        forAll((engine, supervisor) -> {
            long from = System.nanoTime();
            supervisor.start();
            progress.ready(engine, address(engine), Duration.ofNanos(System.nanoTime() - from));
        });
    }

    private String address(Engine engine) {
        return switch (engine) {
            case CLICKHOUSE -> clickhouse().url();
            case KAFKA -> kafka().bootstrapServers();
            case POSTGRES -> "%s:%d".formatted(postgres().host(), postgres().port());
        };
    }

    /// Does it for all engines side by side; returns when all are done.
    private void forAll(BiConsumer<Engine, Supervisor> action) {
        Executor threads = task -> Thread.ofVirtual().start(task);
        var all =
                supervisors.entrySet().stream()
                        .map(e ->
                                CompletableFuture.runAsync(
                                        () -> action.accept(e.getKey(), e.getValue()), threads))
                        .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(all).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /// @throws IllegalStateException when it was not among the engines to start
    public ClickHouse clickhouse() {
        return started(clickhouse);
    }

    /// @throws IllegalStateException when it was not among the engines to start
    public Kafka kafka() {
        return started(kafka);
    }

    /// @throws IllegalStateException when it was not among the engines to start
    public Postgres postgres() {
        return started(postgres);
    }

    private static <T> T started(@Nullable T address) {
        if (address == null) {
            throw new IllegalStateException("this engine was not to be started");
        }
        return address;
    }

    /// How each of the started engines is.
    public Map<Engine, Health> health() {
        var all = new EnumMap<Engine, Health>(Engine.class);
        supervisors.forEach((engine, supervisor) -> all.put(engine, supervisor.health()));
        return all;
    }

    /// The process that is the engine, or nothing while it has none.
    public Optional<ProcessHandle> process(Engine engine) {
        return Optional.ofNullable(supervisors.get(engine)).flatMap(Supervisor::engineProcess);
    }

    /// Stops all of them in good order, side by side, within some 10 s. May be called again.
    @Override
    public void close() {
        forAll((engine, supervisor) -> supervisor.close());
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
