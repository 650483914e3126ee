package dev.millrace.metrics;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Where a worker shows its metrics.
class MetricsPortTest {
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> send(String method, String url) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(10))
                        .method(method, BodyPublishers.noBody())
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static ServerSocket taken(String host, int port) throws Exception {
        var socket = new ServerSocket();
        socket.bind(new InetSocketAddress(host, port));
        return socket;
    }

    @Test
    void theTextIsShownWithItsMediaType() throws Exception {
        try (var port = MetricsPort.open(0, () -> "some 1\n")) {
            var answer = send("GET", port.url());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("some 1\n");
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
        }
    }

    @Test
    void nothingElseIsThere() throws Exception {
        try (var port = MetricsPort.open(0, () -> "some 1\n")) {
            assertThat(send("GET", port.url().replace("/metrics", "/")).statusCode())
                    .isEqualTo(404);
            assertThat(send("GET", port.url() + "x").statusCode()).isEqualTo(404);
            var post = send("POST", port.url());
            assertThat(post.statusCode()).isEqualTo(405);
            assertThat(post.headers().firstValue("Allow")).hasValue("GET");
        }
    }

    @Test
    void whenThePortIsTakenTheNextFreeOneIs() throws Exception {
        try (var first = MetricsPort.open(0, () -> "first 1\n")) {
            var wanted = URI.create(first.url()).getPort();
            try (var second = MetricsPort.open(wanted, () -> "second 1\n")) {
                var had = URI.create(second.url()).getPort();
                assertThat(had).isBetween(wanted + 1, wanted + 100);
                assertThat(send("GET", first.url()).body()).isEqualTo("first 1\n");
                assertThat(send("GET", second.url()).body()).isEqualTo("second 1\n");
            }
        }
    }

    @Test
    void aPortThatAnotherProgramTookOnEveryAddressIsTaken() throws Exception {
        try (var other = taken("0.0.0.0", 0);
                var port = MetricsPort.open(other.getLocalPort(), () -> "")) {
            assertThat(URI.create(port.url()).getPort()).isGreaterThan(other.getLocalPort());
        }
    }

    @Test
    void portsWhereOthersAreExpectedArePassedOverUnlessAskedFor() {
        assertThat(MetricsPort.candidates(9090))
                .startsWith(9090, 9091, 9094)
                .doesNotContain(9092, 9093, 9100)
                .endsWith(9190);
        assertThat(MetricsPort.candidates(9092)).startsWith(9092, 9094);
        assertThat(MetricsPort.candidates(0)).containsExactly(0);
    }

    @Test
    void aFaultIsAnAnswerToo() throws Exception {
        Supplier<String> faulty =
                () -> {
                    throw new IllegalStateException("private");
                };
        try (var port = MetricsPort.open(0, faulty)) {
            var answer = send("GET", port.url());
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).isEmpty();
        }
    }

    /// A page whose name was made to lead to this machine asks with that name.
    @Test
    void anotherNameThanThisMachinesIsRefused() throws Exception {
        try (var port = MetricsPort.open(0, () -> "some 1\n")) {
            assertThat(raw(port, "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                    .startsWith("HTTP/1.1 403");
            assertThat(
                            raw(
                                    port,
                                    "GET /metrics HTTP/1.1\r\nHost: LocalHost:9\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void requestsThatNeverEndHoldNobodyUpForLong() throws Exception {
        try (var port = MetricsPort.open(0, () -> "some 1\n")) {
            var open = new ArrayList<Socket>();
            for (var i = 0; i < 20; i++) {
                open.add(half(port, "GET /met"));
            }
            for (var socket : open) {
                assertThat(isClosed(socket)).isTrue();
                socket.close();
            }
            assertThat(send("GET", port.url()).statusCode()).isEqualTo(200);
        }
    }

    private static String raw(MetricsPort port, String request) throws Exception {
        try (var socket = half(port, request)) {
            var answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            return answer.readLine();
        }
    }

    /// Waits until the other end closes it or resets it.
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private static Socket half(MetricsPort port, String request) throws Exception {
        var socket =
                new Socket(InetAddress.ofLiteral("127.0.0.1"), URI.create(port.url()).getPort());
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return socket;
    }

    @Test
    void whenNoneIsFreeTheFlagIsNamed() throws Exception {
        try (var _ = taken("127.0.0.1", 65_535)) {
            assertThatExceptionOfType(MillraceException.class)
                    .isThrownBy(() -> MetricsPort.open(65_535, () -> "").close())
                    .withMessageContaining("65535")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_TAKEN))
                    .satisfies(e -> assertThat(e.remedy()).contains("--metrics-port"));
        }
    }
}
