package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.Parts;
import dev.millrace.connect.Connections;
import dev.millrace.connect.Vault;
import dev.millrace.core.Catalog;
import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.Connection;
import dev.millrace.core.ConnectionCatalog;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.Connector;
import dev.millrace.core.Database;
import dev.millrace.core.Export;
import dev.millrace.core.ExportCatalog;
import dev.millrace.core.Model;
import dev.millrace.core.QueryEngine;
import dev.millrace.core.Sink;
import dev.millrace.core.Store;
import dev.millrace.explore.Explore;
import dev.millrace.export.Exports;
import dev.millrace.infer.Infer;
import dev.millrace.jobs.Jobs;
import dev.millrace.jobs.Retention;
import dev.millrace.jobs.Sweeps;
import dev.millrace.models.Models;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The API on a free port in front of fakes, and a client that asks it over real HTTP.
final class RunningApi implements AutoCloseable {
    static final String SECRET = "a secret of thirty-two bytes and more";

    final FakeCatalog catalog = new FakeCatalog();
    final Map<String, ByteBuffer> objects = new ConcurrentHashMap<>();
    final Map<String, String> tableColumns = new ConcurrentHashMap<>();
    final List<String> dropped = new CopyOnWriteArrayList<>();
    final Map<String, Runnable> checks = new LinkedHashMap<>();
    final Queue<String> answered = new ConcurrentLinkedQueue<>();
    final AtomicInteger streams = new AtomicInteger();
    final Tokens tokens = new Tokens(SECRET);
    final HttpClient client = HttpClient.newHttpClient();

    JobRoutes.Uploads uploads = (job, _, _) -> job;
    Function<Catalog, Connections> connections = RunningApi::connections;
    Function<Connections, Exports> exports = RunningApi::exports;
    QueryEngine engine = (sql, _, out) -> write(out, sql);

    private final ApiSettings settings;
    private @Nullable Api api;

    RunningApi() {
        this(new ApiSettings(ApiSettings.LOOPBACK, 0, SECRET, Duration.ofSeconds(10)));
    }

    RunningApi(ApiSettings settings) {
        this.settings = settings;
    }

    RunningApi start() {
        var store = Partial.of(Store.class, new StoredObjects());
        var cat = catalog.asCatalog();
        var sink = Partial.of(Sink.class, new Tables());
        var reachable = connections.apply(cat);
        var started =
                new Api(
                        settings,
                        new Models(cat, sink),
                        new Infer(2, Parts::next),
                        new Jobs(cat, store, sink),
                        (job, body, asked) -> uploads.receive(job, body, asked),
                        new NothingFetched(),
                        sweeps(cat, store, sink),
                        new Explore((sql, format, out) -> engine.query(sql, format, out)),
                        reachable,
                        exports.apply(reachable),
                        new KeyedRequests(catalog.answers, "test", SECRET),
                        checks,
                        new Monitoring(
                                () -> "metrics 1\n",
                                "text/plain; version=0.0.4; charset=utf-8",
                                (method, route, status, took) ->
                                        answered.add(
                                                "%s %s %d%s"
                                                        .formatted(
                                                                method,
                                                                route,
                                                                status,
                                                                took == null ? " untimed" : "")),
                                streams::addAndGet),
                        Duration.ofSeconds(1));
        started.start();
        api = started;
        return this;
    }

    /// Without anything to reach.
    static Connections connections(Catalog catalog) {
        var reach =
                new ClickHouseReach(
                        URI.create("http://127.0.0.1:8123"),
                        "millrace",
                        "reader",
                        true,
                        null,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        return new Connections(
                Partial.of(ConnectionCatalog.class, catalog),
                new Vault("00".repeat(Vault.KEY_BYTES)),
                Partial.of(Connector.class, catalog),
                new Connections.Embedded(
                        new Connection(
                                ConnectionId.EMBEDDED,
                                Connection.EMBEDDED,
                                1,
                                reach,
                                "millrace",
                                "default",
                                Instant.EPOCH,
                                Instant.EPOCH),
                        Partial.of(Database.class, catalog)));
    }

    static final class NoExports {
        Optional<Export> find(String idOrLast) {
            return Optional.empty();
        }
    }

    /// Without anything to keep them in.
    static Exports exports(Connections connections) {
        return new Exports(
                Partial.of(ExportCatalog.class, new NoExports()),
                connections,
                connections,
                "test",
                new Exports.Limits(Duration.ofHours(1), Duration.ofDays(1)));
    }

    static Sweeps sweeps(Catalog catalog, Store store, Sink sink) {
        var period = Duration.ofDays(1);
        return new Sweeps(
                catalog,
                store,
                sink,
                new Retention(period, period, period, period, period),
                Duration.ofHours(1));
    }

    Api api() {
        return Objects.requireNonNull(api, "not started");
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + api().port() + path);
    }

    /// A request with a good token.
    HttpRequest.Builder request(String path) {
        return anonymous(path)
                .header("Authorization", "Bearer " + tokens.issue("ada", Duration.ofMinutes(5)));
    }

    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(40))
                .version(HttpClient.Version.HTTP_1_1);
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(
                request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(request(path).method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> sendJson(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    ByteBuffer object(String name) {
        return Objects.requireNonNull(objects.get(name), name);
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return new JsonMapper().readTree(response.body());
    }

    static void write(OutputStream out, String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        api().close();
    }

    final class Tables {
        Map<String, String> prepare(Model model) {
            return tableColumns;
        }

        void drop(Model model) {
            dropped.add(model.table());
        }
    }

    final class StoredObjects {
        ByteBuffer get(String name) {
            return object(name);
        }

        List<String> list(String prefix) {
            return objects.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
        }
    }
}
