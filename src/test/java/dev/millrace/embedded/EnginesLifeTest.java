package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Engines;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How the engines start, stay, and stop.
class EnginesLifeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Set<Engine> ALL = EnumSet.allOf(Engine.class);

    @TempDir private Path data;

    @ParameterizedTest
    @EnumSource
    void anEngineThatIsKilledComesBackWithItsDataAtItsAddress(Engine engine) throws Exception {
        var trace = "killed_" + engine.id();
        write(engine, trace);
        var before = Engines.process(engine);
        var restarts = Engines.health(engine).restarts();
        before.destroyForcibly();
        awaitTrue(() -> isReadyAfter(engine, restarts));
        assertThat(Engines.process(engine).pid()).isNotEqualTo(before.pid());
        assertWritten(engine, trace);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP", "TCP"})
    void aListenerThatSomeoneStoppedListensAgain(String protocol) throws Exception {
        var anonymous = ClickHouseHttp.anonymous(Engines.clickhouse().url());
        var restarts = Engines.health(Engine.CLICKHOUSE).restarts();
        anonymous.run("SYSTEM STOP LISTEN " + protocol);
        awaitTrue(() -> isReadyAfter(Engine.CLICKHOUSE, restarts));
        Loopback.connect(Engines.clickhouse().tcpPort(), 1000).close();
        assertThat(anonymous.run("SELECT 1")).isEqualTo("1");
    }

    @Test
    void aStopLeavesNoProcessAndASecondStartFindsWhatTheFirstHad() throws Exception {
        var processes = new ArrayList<ProcessHandle>();
        Addresses.ClickHouse clickhouse;
        Addresses.Postgres postgres;
        try (var engines = Engines.start(ALL, data)) {
            clickhouse = engines.clickhouse();
            postgres = engines.postgres();
            new ClickHouseHttp(clickhouse.url(), clickhouse.user())
                    .run("CREATE TABLE t ENGINE = MergeTree ORDER BY a AS SELECT 42 AS a");
            for (var engine : ALL) {
                processes.add(engines.process(engine).orElseThrow());
            }
            assertThat(processes).allMatch(ProcessHandle::isAlive).doesNotHaveDuplicates();
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        try (var engines = Engines.start(ALL, data)) {
            assertThat(engines.clickhouse()).isEqualTo(clickhouse);
            assertThat(engines.postgres()).isEqualTo(postgres);
            var http = new ClickHouseHttp(clickhouse.url(), clickhouse.user());
            assertThat(http.run("SELECT a FROM t")).isEqualTo("42");
            http.run("SYSTEM FLUSH LOGS");
            assertThat(
                            http.run(
                                    "SELECT count() > 0 FROM system.query_log WHERE query LIKE 'CREATE TABLE t %'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void theEnginesOfAParentThatIsKilledAreSoonGoneAndAStartRightAfterSucceeds() throws Exception {
        var parent = startParent();
        var processes = new ArrayList<ProcessHandle>();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < ALL.size(); i++) {
                processes.add(ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow());
            }
        } finally {
            parent.destroyForcibly().waitFor();
        }
        var gone =
                processes.stream()
                        .map(p -> p.onExit().orTimeout(10, TimeUnit.SECONDS))
                        .toArray(CompletableFuture[]::new);
        try (var engines = Engines.start(ALL, data)) {
            assertThat(engines.health()).hasSize(3);
            CompletableFuture.allOf(gone).join();
        }
    }

    private Process startParent() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EnginesParent.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsFlag() throws Exception {
        try (var other = new ServerSocket()) {
            other.bind(Loopback.at(0));
            int port = other.getLocalPort();
            assertThatThrownBy(() -> start(new EngineSettings.Ports(0, 0, port, 0)))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.PORT_TAKEN);
                                assertThat(e).hasMessageContaining("Port " + port);
                                assertThat(e.remedy()).contains("--kafka-port");
                            });
        }
    }

    @Test
    void twoCannotUseOneDataFolder() throws Exception {
        try (var engines = Engines.start(Set.of(Engine.CLICKHOUSE), data)) {
            assertThat(engines.health()).hasSize(1);
            assertThatThrownBy(() -> Engines.start(Set.of(Engine.KAFKA), data))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_RUNNING));
        }
    }

    @Test
    void whatHoldsSecretsIsForItsOwnerOnly() throws Exception {
        try (var engines = Engines.start(Set.of(Engine.CLICKHOUSE), data)) {
            assertThat(engines.clickhouse().user().toString())
                    .doesNotContain(engines.clickhouse().user().password());
            for (var secret : List.of("", "passwords", "clickhouse")) {
                assertThat(
                                PosixFilePermissions.toString(
                                        Files.getPosixFilePermissions(data.resolve(secret))))
                        .isEqualTo("rwx------");
            }
        }
    }

    @Test
    void withoutTheDefaultUserNobodyReadsWithoutAPassword() {
        var settings =
                new EngineSettings(
                        EngineHome.find(),
                        data,
                        Set.of(Engine.CLICKHOUSE),
                        EngineSettings.Ports.FREE,
                        false);
        try (var engines = EmbeddedEngines.start(settings, (engine, address, after) -> {})) {
            var address = engines.clickhouse();
            new ClickHouseHttp(address.url(), address.user())
                    .run("CREATE TABLE t ENGINE = MergeTree ORDER BY a AS SELECT 42 AS a");
            assertThat(ClickHouseHttp.anonymous(address.url()).refusal("SELECT * FROM t"))
                    .contains("ACCESS_DENIED");
        }
    }

    private static boolean isReadyAfter(Engine engine, int restarts) {
        var health = Engines.health(engine);
        return health.restarts() > restarts && health.state() == Health.State.READY;
    }

    private void start(EngineSettings.Ports ports) {
        EmbeddedEngines.start(
                        new EngineSettings(EngineHome.find(), data, ALL, ports, true),
                        (engine, address, after) -> {})
                .close();
    }

    private static void write(Engine engine, String name) throws Exception {
        switch (engine) {
            case CLICKHOUSE ->
                    loader().run(
                                    "CREATE TABLE %s ENGINE = MergeTree ORDER BY a AS SELECT 42 AS a"
                                            .formatted(name));
            case KAFKA -> {
                try (var admin = admin()) {
                    admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)))
                            .all()
                            .get(20, TimeUnit.SECONDS);
                }
            }
            case POSTGRES -> {
                try (var connection = connect();
                        var statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE %s AS SELECT 42 AS a".formatted(name));
                }
            }
        }
    }

    private static void assertWritten(Engine engine, String name) throws Exception {
        switch (engine) {
            case CLICKHOUSE -> assertThat(loader().run("SELECT a FROM " + name)).isEqualTo("42");
            case KAFKA -> {
                try (var admin = admin()) {
                    assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).contains(name);
                }
            }
            case POSTGRES -> {
                try (var connection = connect();
                        var statement = connection.createStatement();
                        var rows = statement.executeQuery("SELECT a FROM " + name)) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).isEqualTo(42);
                }
            }
        }
    }

    private static ClickHouseHttp loader() {
        return new ClickHouseHttp(Engines.clickhouse().url(), Engines.clickhouse().user());
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", Engines.kafka().bootstrapServers()));
    }

    private static Connection connect() throws SQLException {
        var address = Engines.postgres();
        return DriverManager.getConnection(
                address.jdbcUrl(), address.user().user(), address.user().password());
    }

    private static void awaitTrue(Callable<Boolean> condition) throws Exception {
        var end = Instant.now().plus(LIMIT);
        while (!condition.call()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(20); // between two looks at the condition
        }
    }
}
