package dev.millrace.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
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
