package dev.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.Connectors;
import dev.millrace.Engines;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connection;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Connections in a real catalog to the real server.
class ConnectionsTest {
    private static final String KEY = "0123456789abcdef".repeat(4);
    private static @Nullable PostgresCatalog catalog;
    private static @Nullable Connections connections;

    @BeforeAll
    static void open() {
        catalog = Engines.newCatalog("connections");
        connections = Connectors.connections(catalog, KEY);
    }

    @Test
    void aChangeBreaksOffNothingThatIsReadThroughTheConnection() throws Exception {
        var password = new Secret(Engines.clickhouse().reader().password());
        var made = connections().create("lasting", reach(), password, "ada", null);
        var database = connections().get("lasting");
        var started = new java.util.concurrent.CountDownLatch(1);
        var out =
                new java.io.ByteArrayOutputStream() {
                    @Override
                    public synchronized void write(byte[] bytes, int from, int count) {
                        super.write(bytes, from, count);
                        started.countDown();
                    }
                };
        var failure = new java.util.concurrent.atomic.AtomicReference<Throwable>();
        var reading =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                database.query(
                                        "SELECT number, sleepEachRow(0.002) FROM numbers(1000)"
                                                + " SETTINGS max_block_size = 10",
                                        "CSV",
                                        out);
                            } catch (RuntimeException e) {
                                failure.set(e);
                            }
                        });
        Thread.sleep(300);
        var changed = connections().update(made, "lasting_2", reach(), null);
        assertThat(connections().get("lasting_2")).isNotSameAs(database);
        reading.join();
        assertThat(failure.get()).isNull();
        assertThat(out.toString(StandardCharsets.UTF_8).lines().count()).isEqualTo(1000);
        // somebody who had it before the change uses it only now
        assertThat(database.check().user()).isEqualTo(Engines.clickhouse().reader().user());
        connections().delete(changed.name());
    }

    @AfterAll
    static void close() {
        connections().close();
        catalog().close();
    }

    private static Connections connections() {
        return java.util.Objects.requireNonNull(connections);
    }

    private static PostgresCatalog catalog() {
        return java.util.Objects.requireNonNull(catalog);
    }

    private static ClickHouseReach reach() {
        return new ClickHouseReach(
                URI.create(Engines.clickhouse().url()),
                "millrace",
                Engines.clickhouse().reader().user(),
                true,
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
    }

    private static Secret password() {
        return new Secret(Engines.clickhouse().reader().password());
    }

    private static String name() {
        return "c " + UUID.randomUUID();
    }

    private static ErrorCode code(Runnable action) {
        return catchThrowableOfType(MillraceException.class, action::run).code();
    }

    @Test
    void aSecretIsRenewedWithoutARestartAndOnEveryServer() {
        try (var other = Connectors.connections(catalog(), KEY)) {
            var made = connections().create(name(), reach(), new Secret("wrong"), "ada", null);
            for (var server : new Connections[] {connections(), other}) {
                assertThat(code(() -> server.get(made.name()).check()))
                        .isEqualTo(ErrorCode.LOGIN_REFUSED);
            }
            connections().update(made, made.name(), reach(), password());
            for (var server : new Connections[] {connections(), other}) {
                assertThat(server.get(made.id().publicId()).check().user()).isEqualTo("reader");
            }
            connections().delete(made.name());
            assertThat(code(() -> other.get(made.name()))).isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void aSecretIsKeptEncryptedAndBoundToItsConnectionAndKey() {
        var made = connections().create(name(), reach(), password(), "ada", null);
        var again = connections().create(name(), reach(), password(), "ada", null);
        var kept = catalog().connections().secret(made.id(), 1).orElseThrow();
        assertThat(new String(kept, StandardCharsets.ISO_8859_1)).doesNotContain(password().text());
        assertThat(kept).isNotEqualTo(catalog().connections().secret(again.id(), 1).orElseThrow());
        var vault = new Vault(KEY);
        assertThat(vault.open(made.id(), kept)).isEqualTo(password());
        assertThat(code(() -> vault.open(again.id(), kept))).isEqualTo(ErrorCode.SECRET_UNREADABLE);
        try (var other = Connectors.connections(catalog(), "f".repeat(64))) {
            assertThat(code(() -> other.get(made.name()))).isEqualTo(ErrorCode.SECRET_UNREADABLE);
        }
        assertThat(made.toString()).doesNotContain(password().text());
    }

    @Test
    void aStoredSecretGoesNowhereElse() {
        var made = connections().create(name(), reach(), password(), "ada", null);
        var elsewhere =
                new ClickHouseReach(
                        URI.create("http://127.0.0.1:1"),
                        "millrace",
                        reach().user(),
                        true,
                        null,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30));
        assertThat(code(() -> connections().update(made, made.name(), elsewhere, null)))
                .isEqualTo(ErrorCode.INVALID_CONNECTION);
        var renamed = connections().update(made, name(), reach(), null);
        assertThat(connections().get(renamed.name()).check().user()).isEqualTo("reader");
        assertThat(code(() -> connections().update(made, name(), reach(), null)))
                .isEqualTo(ErrorCode.CONNECTION_CHANGED);
    }

    @Test
    void embeddedIsThereAndStaysAsItIs() {
        var embedded = connections().find(Connection.EMBEDDED);
        assertThat(connections().get(Connection.EMBEDDED).check().user()).isEqualTo("reader");
        assertThat(connections().list(null, 10).getFirst()).isEqualTo(embedded);
        assertThat(connections().list(Connection.EMBEDDED, 10)).doesNotContain(embedded);
        assertThat(code(() -> connections().delete(Connection.EMBEDDED)))
                .isEqualTo(ErrorCode.CONNECTION_FIXED);
        assertThat(code(() -> connections().update(embedded, "other", reach(), password())))
                .isEqualTo(ErrorCode.CONNECTION_FIXED);
        assertThat(code(() -> connections().create("embedded", reach(), password(), "ada", null)))
                .isEqualTo(ErrorCode.CONNECTION_FIXED);
    }

    @Test
    void aNameIsTakenOnceAndACaIsACertificate() {
        var made = connections().create(name(), reach(), password(), "ada", null);
        assertThat(code(() -> connections().create(made.name(), reach(), password(), "ada", null)))
                .isEqualTo(ErrorCode.CONNECTION_EXISTS);
        assertThat(
                        code(() ->
                                connections()
                                        .create(
                                                made.id().publicId(),
                                                reach(),
                                                password(),
                                                "ada",
                                                null)))
                .isEqualTo(ErrorCode.CONNECTION_EXISTS);
        var reach =
                new ClickHouseReach(
                        reach().url(),
                        "millrace",
                        "reader",
                        true,
                        "no certificate",
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30));
        assertThat(code(() -> connections().create(name(), reach, password(), "ada", null)))
                .isEqualTo(ErrorCode.INVALID_CONNECTION);
    }

    /// As after a server that died between the making and the answer.
    @Test
    void aRequestThatIsDoneAgainFindsWhatItHadMade() {
        var request = UUID.randomUUID();
        var name = name();
        var made = connections().create(name, reach(), password(), "ada", request);
        var again = connections().create(name, reach(), password(), "ada", request);
        assertThat(again).isEqualTo(made);
        connections().delete(name);
        assertThat(connections().create(name, reach(), password(), "ada", request).id())
                .isNotEqualTo(made.id());
    }
}
