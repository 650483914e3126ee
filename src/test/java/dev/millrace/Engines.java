package dev.millrace;

import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.clickhouse.ClickHouseSettings;
import dev.millrace.embedded.Addresses;
import dev.millrace.embedded.EmbeddedEngines;
import dev.millrace.embedded.Engine;
import dev.millrace.embedded.EngineHome;
import dev.millrace.embedded.EngineSettings;
import dev.millrace.embedded.Health;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

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

    /// How programs reach the shared ClickHouse, as its writer and its reader.
    public static ClickHouseSettings clickhouseSettings() {
        var server = clickhouse();
        return ClickHouseSettings.of(
                URI.create(server.url()),
                new ClickHouseSettings.Login(server.user().user(), server.user().password()),
                new ClickHouseSettings.Login(server.reader().user(), server.reader().password()));
    }

    /// Makes a database in the shared PostgreSQL that nobody else uses.
    ///
    /// @return its JDBC address
    public static String newDatabase(String prefix) {
        var name = prefix + "_" + UUID.randomUUID().toString().replace("-", "");
        var postgres = postgres();
        var login = postgres.user();
        try (var connection =
                        DriverManager.getConnection(
                                postgres.jdbcUrl(), login.user(), login.password());
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new AssertionError("no database " + name, e);
        }
        return "jdbc:postgresql://%s:%d/%s".formatted(postgres.host(), postgres.port(), name);
    }

    /// A catalog in a database of its own; the test closes it.
    public static PostgresCatalog newCatalog(String prefix) {
        var login = postgres().user();
        return PostgresCatalog.open(
                new PostgresCatalog.Settings(
                        newDatabase(prefix), login.user(), login.password(), 4));
    }

    /// The process that is a shared engine, for tests that end it: its supervisor starts it again,
    /// with the same address and data.
    public static ProcessHandle process(Engine engine) {
        return running(engine).process(engine).orElseThrow();
    }

    /// The same, or nothing while the engine is being started again.
    public static Optional<ProcessHandle> findProcess(Engine engine) {
        return running(engine).process(engine);
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
