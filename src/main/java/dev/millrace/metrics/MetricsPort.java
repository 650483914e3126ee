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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows metrics at `/metrics` of a port on loopback, in a process that has no API. Thread-safe.
public final class MetricsPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);

    /// How many ports are tried when the one that is wanted is taken: as many as there may be
    /// workers on a machine.
    private static final int MOST_TRIES = 101;

    private static final String LOOPBACK = "127.0.0.1";
    private static final int LAST_PORT = 65_535;
    private static final int BACKLOG = 16;

    /// How long a request may take to arrive, and its answer to leave.
    private static final int REQUEST_SECONDS = 5;

    private static final int ANSWER_SECONDS = 30;
    private static final int MOST_CONNECTIONS = 64;

    private static final int THREADS = 8;

    /// Where other programs expect each other, those that Millrace needs among them: a worker that
    /// looks for a free port passes these over. In their order, PostgreSQL, ClickHouse (HTTP, its
    /// own protocol, between servers), Kafka (clients, controllers), and Prometheus' node exporter.
    private static final Set<Integer> WELL_KNOWN = Set.of(5432, 8123, 9000, 9009, 9092, 9093, 9100);

    private static final Pattern LOOPBACK_HOST =
            Pattern.compile("(?i)(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d*)?");

    static {
        // The limits of the JDK's server, which reads them once and has none by itself.
        limit("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
        limit("sun.net.httpserver.maxRspTime", ANSWER_SECONDS);
        limit("jdk.httpserver.maxConnections", MOST_CONNECTIONS);
    }

    private final HttpServer server;
    private final ExecutorService threads;

    private MetricsPort(HttpServer server, Supplier<String> text) {
        this.server = server;
        this.threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MOST_CONNECTIONS),
                        Thread.ofVirtual().name("metrics-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, text));
        server.start();
    }

    private static void limit(String property, int most) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, String.valueOf(most));
        }
    }

    /// Listens on a port, or on the next free one of the hundred after it that is not well known.
    ///
    /// @param port the port, or 0 for any free one
    /// @param text what is shown, in [Metrics#CONTENT_TYPE]
    /// @throws MillraceException PORT_TAKEN when none of them is free; INVALID_CONFIGURATION when
    ///   nothing can listen there at all
    public static MetricsPort open(int port, Supplier<String> text) {
        BindException taken = null;
        for (var candidate : candidates(port)) {
            try {
                var at = new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), candidate);
                return new MetricsPort(HttpServer.create(at, BACKLOG), text);
            } catch (BindException e) {
                taken = e;
            } catch (IOException e) {
                throw new MillraceException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Metrics cannot be shown at %s:%d: %s".formatted(LOOPBACK, candidate, e),
                        e);
            }
        }
        throw new MillraceException(
                ErrorCode.PORT_TAKEN,
                "No port from %d to %d is to be had for metrics: %s"
                        .formatted(
                                port,
                                candidates(port).getLast(),
                                taken == null ? "none was tried" : taken.getMessage()),
                "Choose another with --metrics-port, or --metrics-port 0 for a free one.",
                taken);
    }

    /// The ports that are tried, in their order.
    static List<Integer> candidates(int port) {
        var last = port == 0 ? 0 : Math.min(port + MOST_TRIES - 1, LAST_PORT);
        return IntStream.rangeClosed(port, last)
                .filter(candidate -> candidate == port || !WELL_KNOWN.contains(candidate))
                .boxed()
                .toList();
    }

    private static void answer(HttpExchange exchange, Supplier<String> text) throws IOException {
        try (exchange) {
            try {
                respond(exchange, text);
            } catch (RuntimeException e) {
                LOG.error("metrics=failed", e);
                exchange.sendResponseHeaders(500, -1);
            }
        }
    }

    private static void respond(HttpExchange exchange, Supplier<String> text) throws IOException {
        if (!namesLoopback(exchange)) {
            exchange.sendResponseHeaders(403, -1);
            return;
        }
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

    /// Whether the client believes that it asks this machine. A page of the web whose name was made
    /// to lead here (DNS rebinding) comes with that name.
    private static boolean namesLoopback(HttpExchange exchange) {
        var host = exchange.getRequestHeaders().getFirst("Host");
        return host != null && LOOPBACK_HOST.matcher(host).matches();
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
