package dev.millrace.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Shows metrics at `/metrics` of a port on loopback, in a process that has no API. Thread-safe.
public final class MetricsPort implements AutoCloseable {
    /// How many ports are tried when the one that is wanted is taken: as many as there may be
    /// workers on a machine.
    private static final int MOST_TRIES = 101;

    private static final String LOOPBACK = "127.0.0.1";
    private static final int LAST_PORT = 65_535;
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ExecutorService threads;

    private MetricsPort(HttpServer server, Supplier<String> text) {
        this.server = server;
        this.threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("metrics-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, text));
        server.start();
    }

    /// Listens on a port, or on the next free one of the hundred after it.
    ///
    /// @param port the port, or 0 for any free one
    /// @param text what is shown, in [Metrics#CONTENT_TYPE]
    /// @throws MillraceException PORT_TAKEN when none of them is free
    public static MetricsPort open(int port, Supplier<String> text) {
        var last = port == 0 ? 0 : Math.min(port + MOST_TRIES - 1, LAST_PORT);
        for (var candidate = port; candidate <= last; candidate++) {
            try {
                var at = new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), candidate);
                return new MetricsPort(HttpServer.create(at, BACKLOG), text);
            } catch (BindException e) {
                // the next one
            } catch (IOException e) {
                throw taken(port, last, e);
            }
        }
        throw taken(port, last, null);
    }

    private static MillraceException taken(int port, int last, @Nullable Exception cause) {
        return new MillraceException(
                ErrorCode.PORT_TAKEN,
                "No port from %d to %d is free for metrics".formatted(port, last),
                "Choose another with --metrics-port, or --metrics-port 0 for a free one.",
                cause);
    }

    private static void answer(HttpExchange exchange, Supplier<String> text) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            var body = text.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", Metrics.CONTENT_TYPE);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /// Where metrics are shown.
    public String url() {
        return "http://%s:%d/metrics".formatted(LOOPBACK, server.getAddress().getPort());
    }

    /// Stops at once.
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
