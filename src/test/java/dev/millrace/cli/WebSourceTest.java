package dev.millrace.cli;

import static dev.millrace.cli.Answers.JOB;
import static dev.millrace.cli.Answers.RUNNING;
import static dev.millrace.cli.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sources that are read by HTTP.
class WebSourceTest {
    private static final String TEXT =
            IntStream.range(0, 20_000)
                    .mapToObj(i -> i + ",2.5")
                    .collect(Collectors.joining("\n", "event_id,amount\n", "\n"));
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;

    private final List<@Nullable String> ranges = new CopyOnWriteArrayList<>();
    private final AtomicInteger breaks = new AtomicInteger();
    private CommandRun cli;
    private HttpServer web;

    /// What is served: changed by tests.
    private volatile byte[] served = BYTES;

    private volatile @Nullable String tag = "\"1\"";
    private volatile boolean withRanges = true;

    @BeforeEach
    void start() throws IOException {
        cli = new CommandRun(folder);
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/data/d x.csv", this::serve);
        web.createContext("/chunks.csv", exchange -> send(exchange, 0));
        web.createContext("/moved", exchange -> redirect(exchange, "data/d%20x.csv?again"));
        web.createContext("/round", exchange -> redirect(exchange, "/round"));
        web.createContext("/ftp", exchange -> redirect(exchange, "ftp://host/file"));
        web.start();
    }

    @AfterEach
    void close() {
        web.stop(0);
        cli.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(web.getAddress().getPort(), path);
    }

    private void serve(HttpExchange exchange) throws IOException {
        var range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range);
        if (tag != null) {
            exchange.getResponseHeaders().set("ETag", tag);
        }
        var fits =
                withRanges
                        && range != null
                        && tag != null
                        && tag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
        var from = fits ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
        if (fits) {
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes %d-%d/%d".formatted(from, served.length - 1, served.length));
        }
        exchange.sendResponseHeaders(fits ? 206 : 200, served.length - from);
        var isBroken = breaks.getAndDecrement() > 0;
        var to = isBroken ? Math.min(served.length, from + 60_000) : served.length;
        exchange.getResponseBody().write(served, from, to - from);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private void send(HttpExchange exchange, int length) throws IOException {
        exchange.sendResponseHeaders(200, length);
        exchange.getResponseBody().write(served);
        exchange.close();
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private CommandRun.Ran load(String url) {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .on("PUT " + JOB + "/source", 202, "application/json", RUNNING);
        return cli.run("job", "create", "purchases", url);
    }

    private void assertLoaded(String url, String name) {
        var ran = load(url);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(cli.server.asked().getLast().text()).isEqualTo(TEXT);
        assertThat(json(cli.server.asked().getFirst().text()).path("sourceName").asText())
                .isEqualTo(name);
    }

    @Test
    void whatIsAtAnAddressIsSentUnderItsLastName() {
        assertLoaded(url("/data/d%20x.csv?key=secret"), "d x.csv");
        assertThat(cli.server.asked().getLast().header("Content-length"))
                .isEqualTo(Integer.toString(BYTES.length));
    }

    @Test
    void whatComesInChunksIsSentToo() {
        assertLoaded(url("/chunks.csv"), "chunks.csv");
    }

    @Test
    void redirectsAreFollowed() {
        assertLoaded(url("/moved"), "moved");
    }

    @Test
    void aBrokenDownloadGoesOnByRange() {
        breaks.set(2);
        assertLoaded(url("/data/d%20x.csv"), "d x.csv");
        assertThat(ranges).containsExactly(null, "bytes=60000-", "bytes=120000-");
    }

    @Test
    void withoutRangesOrTagsABrokenDownloadIsReadAgainAndCompared() {
        withRanges = false;
        breaks.set(1);
        assertLoaded(url("/data/d%20x.csv"), "d x.csv");
        tag = null;
        breaks.set(1);
        assertLoaded(url("/data/d%20x.csv"), "d x.csv");
        assertThat(ranges).containsExactly(null, "bytes=60000-", null, null);
    }

    @Test
    void whatChangesMeanwhileIsRefused() throws IOException {
        for (var how : List.of("tag", "content", "length")) {
            tag = how.equals("tag") ? "\"1\"" : null;
            served = BYTES;
            breaks.set(1);
            try (var in = WebStream.open(WebAddress.of(url("/data/d%20x.csv")))) {
                assertThat(in.readNBytes(100)).isEqualTo(Arrays.copyOf(BYTES, 100));
                if (how.equals("tag")) {
                    tag = "\"2\"";
                } else {
                    served = Arrays.copyOf(BYTES, BYTES.length + (how.equals("length") ? 1 : 0));
                    served[7] ^= 1;
                }
                assertThatThrownBy(in::readAllBytes)
                        .as(how)
                        .isInstanceOf(Failure.class)
                        .hasMessageContaining("changed while it was read");
            }
        }
    }

    @Test
    void aDownloadThatAlwaysBreaksIsNeverTakenForWhole() {
        served = new byte[100_000];
        web.createContext(
                "/short.csv",
                exchange -> {
                    exchange.sendResponseHeaders(200, 200_000);
                    exchange.getResponseBody().write(served);
                    exchange.close();
                });
        var ran = load(url("/short.csv?key=secret"));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .contains("breaks off again and again, behind 100,000 of 200,000 bytes")
                .doesNotContain("secret");
    }

    /// The end of the request's last chunk would say that the source ends there.
    @Test
    void whatBreaksOffInChunksIsNotEndedForTheServer() {
        web.createContext(
                "/cut.csv",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(served);
                    exchange.getResponseBody().flush();
                    throw new IOException("cut");
                });
        var ran = load(url("/cut.csv"));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("breaks off again and again");
        assertThat(cli.server.requests()).containsExactly("POST /api/v1/jobs");
    }

    @Test
    void anUploadThatBreaksGoesOnFromTheAddress() throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update(BYTES, 0, 16);
        var goingOn =
                "PUT %s/source?offset=16&prefixSha256=%s"
                        .formatted(JOB, HexFormat.of().formatHex(digest.digest()));
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .breaksAt("PUT " + JOB + "/source")
                .on(
                        "GET " + JOB,
                        RUNNING.replaceFirst(
                                "\\{",
                                "{\"upload\": {\"state\": \"INTERRUPTED\", \"offset\": 16,"
                                        + " \"expiresAt\": null}, \"splits\": {\"stored\": 1},"))
                .on(goingOn, 202, "application/json", RUNNING);
        var ran = cli.run("job", "create", "purchases", url("/data/d%20x.csv"));
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(cli.server.asked().getLast().text()).isEqualTo(TEXT.substring(16));
    }

    @Test
    void everyAddressThatCannotBeReadIsRefusedByItsReasonBeforeAJobIsMade() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        assertRefused(url("/none.csv?key=secret"), "/none.csv answers with HTTP 404");
        assertRefused(url("/round"), "redirects more than 10 times");
        assertRefused(url("/ftp"), "of the kind 'ftp:', which is not followed");
        assertRefused("http://nowhere.invalid/a.csv", "the host 'nowhere.invalid' is not known");
        assertRefused("http://127.0.0.1:" + closed + "/a", "Nobody answers");
        assertRefused("http://me:secret@127.0.0.1/a", "has a user name before its host");
        assertRefused("http://127.0.0.1/a b?secret", "is no address");
        assertRefused("https:///a.csv", "names no host");
        assertThat(cli.server.requests()).isEmpty();
    }

    private void assertRefused(String url, String why) {
        var ran = cli.run("job", "create", "purchases", url);
        assertThat(ran.code()).as(url).isEqualTo(1);
        assertThat(ran.err()).contains(why).doesNotContain("secret");
    }

    @Test
    void aServerThatDoesNotSpeakTlsIsNamed() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var thread = answering(server, "HTTP/1.1 400 Bad Request\r\n\r\n");
            assertRefused(
                    "https://127.0.0.1:%d/a.csv".formatted(server.getLocalPort()),
                    "There is no TLS connection to https://");
            thread.join();
        }
    }

    private static Thread answering(ServerSocket server, String answer) {
        return Thread.ofVirtual()
                .start(() -> {
                    try (var socket = server.accept()) {
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                        socket.shutdownOutput();
                        socket.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        // The command is gone.
                    }
                });
    }

    @Test
    void anAnswerWhoseEndCannotBeToldFromABreakIsRefused() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var thread = answering(server, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\na\n1\n");
            assertRefused(
                    "http://127.0.0.1:%d/a.csv".formatted(server.getLocalPort()),
                    "does not say how long its answer is");
            thread.join();
        }
    }

    @Test
    void aRedirectDoesNotLeadOutOfTls() {
        var secure = WebAddress.of("https://host.example/a/b.csv?key=secret");
        assertThat(secure.redirected("c.csv")).hasToString("https://host.example/a/c.csv");
        assertThatThrownBy(() -> secure.redirected("http://host.example/a/b.csv?key=secret"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("which is not encrypted")
                .hasMessageNotContaining("secret");
        assertThat(WebAddress.of("http://host.example/a").redirected("https://other.example/b"))
                .hasToString("https://other.example/b");
    }

    @Test
    void aSourceWithoutANameIsCalledAsItsHost() {
        assertThat(SourceFlags.name("https://host.example/")).isEqualTo("host.example");
        assertThat(SourceFlags.name("https://host.example?x=/y")).isEqualTo("host.example");
        assertThat(SourceFlags.name("HTTPS://host.example/a/%C3%A9.csv")).isEqualTo("é.csv");
    }

    @Test
    void aPreviewFetchesNoMoreThanTheHead() {
        cli.server.on("POST /api/v1/preview", "{}");
        var ran = cli.run("preview", url("/data/d%20x.csv"), "--json");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(cli.server.asked().getLast().text()).isEqualTo(TEXT);
    }
}
