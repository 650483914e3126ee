package dev.millrace.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// A real HTTP server that gives prepared answers, several for the same request one after the other
/// and the last one again and again, and keeps what it was asked.
final class AnsweringServer implements AutoCloseable {
    /// In place of a status: the request arrives, and the connection breaks before it is answered.
    static final int LOST = 0;

    /// @param request method, path and query as they came
    record Asked(String request, Map<String, List<String>> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }
    }

    private record Answer(int status, String type, byte[] body, Map<String, String> headers) {
        Answer(int status, String type, byte[] body) {
            this(status, type, body, Map.of());
        }
    }

    private final HttpServer server;
    private final Map<String, ArrayDeque<Answer>> answers = new ConcurrentHashMap<>();
    private final Set<String> breaking = ConcurrentHashMap.newKeySet();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    AnsweringServer() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Asked> asked() {
        return asked;
    }

    List<String> requests() {
        return asked.stream().map(Asked::request).toList();
    }

    AnsweringServer on(String request, int status, String type, String body) {
        answers.computeIfAbsent(request, r -> new ArrayDeque<>())
                .add(new Answer(status, type, body.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /// A file, with headers of its own.
    AnsweringServer on(String request, Map<String, String> headers, byte[] body) {
        answers.computeIfAbsent(request, r -> new ArrayDeque<>())
                .add(new Answer(200, "text/csv", body, headers));
        return this;
    }

    AnsweringServer on(String request, String json) {
        return on(request, 200, "application/json", json);
    }

    /// Breaks the connection in the middle of such a request's body.
    AnsweringServer breaksAt(String request) {
        breaking.add(request);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        if (breaking.contains(request)) {
            exchange.getRequestBody().readNBytes(1 << 20);
            exchange.close();
            return;
        }
        var body = exchange.getRequestBody().readAllBytes();
        asked.add(new Asked(request, Map.copyOf(exchange.getRequestHeaders()), body));
        var answer = next(request);
        if (answer.status() == LOST) {
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        try (var out = exchange.getResponseBody()) {
            out.write(answer.body());
        }
    }

    private Answer next(String request) {
        var all = answers.get(request);
        if (all == null) {
            var none = "{\"detail\": \"no answer is prepared for " + request + "\"}";
            return new Answer(
                    404, "application/problem+json", none.getBytes(StandardCharsets.UTF_8));
        }
        synchronized (all) {
            return all.size() > 1 ? all.remove() : all.element();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
