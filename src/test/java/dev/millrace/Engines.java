package dev.millrace;

import dev.millrace.embedded.Addresses;
import dev.millrace.embedded.EmbeddedEngines;
import dev.millrace.embedded.Engine;
import dev.millrace.embedded.EngineHome;
import dev.millrace.embedded.EngineSettings;
import dev.millrace.embedded.Health;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The real engines for tests: each starts when it is first asked for, once for the whole run, with
/// a data folder that is deleted at the end. Tests share them, so each uses names of its own.
/// Thread-safe.
public final class Engines {
    private static final Map<Engine, Running> RUNNING = new EnumMap<>(Engine.class);

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Engines::stop));
    }

    private Engines() {}

    private record Running(EmbeddedEngines engines, Path data) {}

    public static Addresses.ClickHouse clickhouse() {
        return running(Engine.CLICKHOUSE).clickhouse();
    }

    public static Addresses.Kafka kafka() {
        return running(Engine.KAFKA).kafka();
    }

    public static Addresses.Postgres postgres() {
        return running(Engine.POSTGRES).postgres();
    }

    /// The process that is a shared engine, for tests that end it: its supervisor starts it again,
    /// with the same address and data.
    public static ProcessHandle process(Engine engine) {
        return running(engine).process(engine).orElseThrow();
    }

    /// How a shared engine is.
    public static Health health(Engine engine) {
        return Objects.requireNonNull(running(engine).health().get(engine));
    }

    private static synchronized EmbeddedEngines running(Engine engine) {
        return RUNNING.computeIfAbsent(engine, Engines::startShared).engines();
    }

    private static Running startShared(Engine engine) {
        try {
            var data = Files.createTempDirectory("millrace-test-" + engine.id() + "-");
            return new Running(start(Set.of(engine), data), data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Engines of a test's own, on free ports; the test closes them.
    public static EmbeddedEngines start(Set<Engine> engines, Path data) {
        return EmbeddedEngines.start(
                new EngineSettings(
                        EngineHome.find(), data, engines, EngineSettings.Ports.FREE, true),
                (engine, address, after) -> {});
    }

    private static synchronized void stop() {
        for (var running : RUNNING.values()) {
            running.engines().close();
            delete(running.data());
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
