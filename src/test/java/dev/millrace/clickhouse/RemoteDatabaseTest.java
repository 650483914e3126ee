package dev.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.millrace.Engines;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Secret;
import dev.millrace.remote.AllowedNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections to the real server: what each way of failing is called, and that nothing is changed.
class RemoteDatabaseTest {
    private static final HostRules LOOPBACK = HostRules.parse("127.0.0.0/8, ::1");

    @TempDir Path folder;

    private static ClickHouseReach reach(URI url, @Nullable String user, @Nullable String ca) {
        return new ClickHouseReach(
                url, "millrace", user, true, ca, Duration.ofSeconds(2), Duration.ofSeconds(20));
    }

    private static ClickHouseReach reader() {
        var server = Engines.clickhouse();
        return reach(URI.create(server.url()), server.reader().user(), null);
    }

    private static Secret password() {
        return new Secret(Engines.clickhouse().reader().password());
    }

    private static ClickHouseReach in(String database, ClickHouseReach reach) {
        return new ClickHouseReach(
                reach.url(),
                database,
                reach.user(),
                true,
                reach.ca(),
                reach.connectLimit(),
                reach.answerLimit());
    }

    private static MillraceException failure(ClickHouseReach reach, Secret secret) {
        try (var database = new RemoteDatabase(reach, secret, LOOPBACK)) {
            return catchThrowableOfType(MillraceException.class, database::check);
        }
    }

    private static void assertFails(
            ErrorCode code, String words, ClickHouseReach reach, Secret secret) {
        var failure = failure(reach, secret);
        assertThat(failure).isNotNull();
        assertThat(failure.code()).as(failure.what()).isEqualTo(code);
        assertThat(failure.what()).contains(words);
    }

    @Test
    void aServerWithAPasswordSaysWhatItIs() {
        try (var database = new RemoteDatabase(reader(), password(), LOOPBACK)) {
            var greeting = database.check();
            assertThat(greeting.user()).isEqualTo(Engines.clickhouse().reader().user());
            assertThat(greeting.version()).matches("\\d+\\.\\d+\\..*");
            assertThat(greeting.readOnly()).isTrue();
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreRefusedAlike() {
        assertFails(
                ErrorCode.LOGIN_REFUSED,
                "does not say which",
                reader(),
                new Secret("not the password"));
        assertFails(
                ErrorCode.LOGIN_REFUSED,
                "'nobody'",
                reach(URI.create(Engines.clickhouse().url()), "nobody", null),
                password());
    }

    @Test
    void aDatabaseThatIsNotThereAndOneThatMayNotBeSeenAreToldApart() {
        assertFails(ErrorCode.DATABASE_MISSING, "no_such", in("no_such", reader()), password());
        assertFails(
                ErrorCode.RIGHT_MISSING,
                "may see nothing of the database 'millrace_staging'",
                in("millrace_staging", reader()),
                password());
    }

    @Test
    void aHostThatIsNotThereAPortThatIsClosedAndSilenceAreToldApart() throws IOException {
        try (var resolving =
                new RemoteDatabase(
                        reach(URI.create("http://no-such-host.invalid:8123"), "ada", null),
                        password(),
                        HostRules.ALL)) {
            assertThat(catchThrowableOfType(MillraceException.class, resolving::check).code())
                    .isEqualTo(ErrorCode.HOST_UNKNOWN);
        }
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        assertFails(
                ErrorCode.PORT_CLOSED,
                "Nothing listens",
                reach(URI.create("http://127.0.0.1:" + closed), "ada", null),
                password());
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var reach =
                    new ClickHouseReach(
                            URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                            "default",
                            "ada",
                            true,
                            null,
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1));
            assertFails(ErrorCode.CONNECTION_TIMEOUT, "within 1 s", reach, password());
        }
    }

    @Test
    void whatIsNoClickHouseIsSaidToBeNone() throws IOException {
        assertAnswer(200, Map.of(), "hello", ErrorCode.NOT_CLICKHOUSE, "not as a ClickHouse does");
        assertAnswer(404, Map.of(), "nothing", ErrorCode.NOT_CLICKHOUSE, "status 404");
        assertAnswer(
                200,
                Map.of("X-ClickHouse-Query-Id", "x"),
                "21.3.4.5\tada\t0\n",
                ErrorCode.SERVER_TOO_OLD,
                "21.3.4.5");
        var postgres = Engines.postgres();
        assertFails(
                ErrorCode.NOT_CLICKHOUSE,
                "does not speak HTTP",
                reach(URI.create("http://127.0.0.1:" + postgres.port()), "ada", null),
                password());
    }

    @Test
    void aRedirectIsNotFollowed() throws IOException {
        var asked = new AtomicInteger();
        var other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", _ -> asked.incrementAndGet());
        other.start();
        for (var status : new int[] {301, 302, 303, 307, 308}) {
            assertAnswer(
                    status,
                    Map.of("Location", "http://127.0.0.1:" + other.getAddress().getPort() + "/"),
                    "",
                    ErrorCode.NOT_CLICKHOUSE,
                    "never followed");
        }
        other.stop(0);
        assertThat(asked).hasValue(0);
    }

    private static void assertAnswer(
            int status, Map<String, String> headers, String body, ErrorCode code, String words)
            throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    headers.forEach(exchange.getResponseHeaders()::add);
                    var bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
        try {
            assertFails(
                    code,
                    words,
                    reach(
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                            "ada",
                            null),
                    password());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aTokenIsSentAsItIsAndAnExpiredOneIsToldFromAForgedOne() {
        try (var proxy = new BearerProxy(null)) {
            var reach = reach(proxy.url("127.0.0.1"), null, null);
            var good = new Secret(BearerProxy.token(BearerProxy.SECRET, Duration.ofMinutes(5)));
            try (var database = new RemoteDatabase(reach, good, LOOPBACK)) {
                assertThat(database.check().user()).isEqualTo("reader");
            }
            assertThat(proxy.authorizations).containsOnly("Bearer " + good.text());
            var old = new Secret(BearerProxy.token(BearerProxy.SECRET, Duration.ofMinutes(-5)));
            assertFails(ErrorCode.TOKEN_REFUSED, "expired at", reach, old);
            var forged =
                    new Secret(
                            BearerProxy.token(
                                    "another secret of thirty-two bytes", Duration.ofMinutes(5)));
            assertFails(ErrorCode.TOKEN_REFUSED, "does not take the access token", reach, forged);
            assertThat(failure(reach, old).what()).doesNotContain(old.text());
        }
    }

    @Test
    void tlsIsCheckedAgainstTheCaAndTheName() throws Exception {
        var own = OwnCertificate.of(folder, "dns:localhost");
        var good = new Secret(BearerProxy.token(BearerProxy.SECRET, Duration.ofMinutes(5)));
        try (var proxy = new BearerProxy(own.tls())) {
            try (var database =
                    new RemoteDatabase(
                            reach(proxy.url("localhost"), null, own.pem()), good, LOOPBACK)) {
                assertThat(database.check().user()).isEqualTo("reader");
            }
            var asked = proxy.authorizations.size();
            assertFails(
                    ErrorCode.TLS_FAILED,
                    "not signed by an authority",
                    reach(proxy.url("localhost"), null, null),
                    good);
            assertFails(
                    ErrorCode.TLS_FAILED,
                    "for another name than '127.0.0.1'",
                    reach(proxy.url("127.0.0.1"), null, own.pem()),
                    good);
            assertThat(proxy.authorizations).hasSize(asked);
        }
        var plain = URI.create(Engines.clickhouse().url().replace("http:", "https:"));
        assertFails(ErrorCode.TLS_FAILED, "speaks no TLS", reach(plain, "reader", null), good);
    }

    @Test
    void aForbiddenHostIsNotReached() {
        try (var database = new RemoteDatabase(reader(), password(), HostRules.parse("public"))) {
            assertThat(catchThrowableOfType(MillraceException.class, database::check).code())
                    .isEqualTo(ErrorCode.HOST_FORBIDDEN);
        }
    }

    @Test
    void theAddressThatWasLookedAtIsTheOneThatIsConnectedTo() throws Exception {
        var good = InetAddress.getLoopbackAddress();
        var bad = InetAddress.getByName("127.0.0.2");
        var url = URI.create(Engines.clickhouse().url().replace("127.0.0.1", "ch.example.org"));
        var reach = reach(url, Engines.clickhouse().reader().user(), null);
        var rules = HostRules.parse("127.0.0.1");
        var lookups = new AtomicInteger();
        AllowedNames.Lookup rebinding =
                _ ->
                        lookups.getAndIncrement() == 0
                                ? new InetAddress[] {bad, good}
                                : new InetAddress[] {bad};
        try (var database =
                new RemoteDatabase(
                        reach,
                        password(),
                        RemoteHttp.open(reach, new AllowedNames(rules, rebinding)),
                        Set.of())) {
            assertThat(database.check().user()).isEqualTo("reader");
            assertThat(lookups).hasValue(1);
        }
        try (var database =
                new RemoteDatabase(
                        reach,
                        password(),
                        RemoteHttp.open(reach, new AllowedNames(rules, rebinding)),
                        Set.of())) {
            var refused = catchThrowableOfType(MillraceException.class, database::check);
            assertThat(refused.code()).isEqualTo(ErrorCode.HOST_FORBIDDEN);
        }
    }

    @Test
    void aQueryStreamsItsAnswer() {
        try (var database = new RemoteDatabase(reader(), password(), LOOPBACK)) {
            var out = new ByteArrayOutputStream();
            database.query("SELECT number FROM numbers(200000)", "CSV", out);
            assertThat(out.toString(StandardCharsets.UTF_8).lines().count()).isEqualTo(200_000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE millrace.made (a UInt8) ENGINE = MergeTree ORDER BY a",
                "CREATE DATABASE made",
                "DROP DATABASE millrace",
                "INSERT INTO FUNCTION file('x.csv') SELECT 1",
                "SET readonly = 0",
                "SELECT 1; DROP DATABASE millrace"
            })
    void aUserWhoMayWriteChangesNothing(String sql) {
        var server = Engines.clickhouse();
        var writer = reach(URI.create(server.url()), server.user().user(), null);
        try (var database =
                new RemoteDatabase(writer, new Secret(server.user().password()), LOOPBACK)) {
            var refused =
                    catchThrowableOfType(
                            MillraceException.class,
                            () -> database.query(sql, "CSV", new ByteArrayOutputStream()));
            assertThat(refused).isNotNull();
            assertThat(refused.code()).isIn(ErrorCode.QUERY_REFUSED, ErrorCode.RIGHT_MISSING);
        }
    }

    @Test
    void nothingShowsASecret() {
        assertThat(password().toString()).isEqualTo("***");
    }
}
