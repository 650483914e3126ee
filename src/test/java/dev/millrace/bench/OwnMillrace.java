package dev.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A Millrace of the benchmark's own: `./millrace up --detach` in a temporary folder, on free
/// ports, so that nobody's data are touched. Closing it stops it and removes the folder.
final class OwnMillrace implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path data;
    private final String heap;
    private final Path folder;
    private final String flags;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Thread atExit = new Thread(this::stopQuietly);
    private JsonNode run = JSON.nullNode();
    private String token = "";

    private OwnMillrace(Path data, String heap, Path folder, String flags) {
        this.data = data;
        this.heap = heap;
        this.folder = folder;
        this.flags = flags;
    }

    /// Starts one and waits until it is ready.
    ///
    /// @param heap of its JVM, such as `1g`
    static OwnMillrace start(String heap) throws IOException, InterruptedException {
        return start(heap, Path.of("."), "");
    }

    /// Starts one of another build.
    ///
    /// @param folder the project's
    /// @param flags more of its JVM, or empty
    static OwnMillrace start(String heap, Path folder, String flags)
            throws IOException, InterruptedException {
        var data = Files.createTempDirectory("millrace-bench-data-");
        ClickHouse.declareUser(data);
        var millrace = new OwnMillrace(data, heap, folder, flags);
        // it runs in a session of its own, which outlives an interrupted benchmark
        Runtime.getRuntime().addShutdownHook(millrace.atExit);
        millrace.up();
        return millrace;
    }

    /// Starts it, for the first time or again.
    ///
    /// @return the seconds until the command returned
    double up() throws IOException, InterruptedException {
        var seconds =
                command(
                        List.of(
                                "up",
                                "--detach",
                                "--port",
                                "0",
                                "--clickhouse-port",
                                "0",
                                "--clickhouse-tcp-port",
                                "0",
                                "--kafka-port",
                                "0",
                                "--postgres-port",
                                "0"));
        run = JSON.readTree(data.resolve("run.json").toFile());
        token = JSON.readTree(data.resolve("client.json").toFile()).get("token").asText();
        return seconds;
    }

    void down() throws IOException, InterruptedException {
        command(List.of("down"));
    }

    /// Runs a command of `./millrace` on it.
    ///
    /// @return the seconds that it took
    double command(List<String> words) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(folder.resolve("millrace").toString()));
        all.addAll(words);
        all.addAll(List.of("--data", data.toString()));
        var printed = Files.createTempFile("millrace-bench-", ".out");
        try {
            var begin = System.nanoTime();
            var builder = new ProcessBuilder(all).redirectErrorStream(true);
            builder.environment().put("MILLRACE_HEAP", heap);
            builder.environment().put("MILLRACE_JAVA_OPTS", flags);
            var process = builder.redirectOutput(printed.toFile()).start();
            if (!process.waitFor(LIMIT) || process.exitValue() != 0) {
                process.destroy();
                throw new IOException("%s: %s".formatted(words, Files.readString(printed)));
            }
            return (System.nanoTime() - begin) / 1e9;
        } finally {
            Files.delete(printed);
        }
    }

    Path data() {
        return data;
    }

    ProcessHandle process() {
        return ProcessHandle.of(run.get("pid").asLong()).orElseThrow();
    }

    ClickHouse clickhouse() {
        return new ClickHouse(client, run.at("/engines/clickhouse/url").asText());
    }

    /// Its PostgreSQL: `jdbcUrl`, `user`, `password`.
    JsonNode postgres() {
        return run.at("/engines/postgres");
    }

    String url(String path) {
        return run.get("url").asText() + "/api/v1" + path;
    }

    String authorization() {
        return "Authorization: Bearer " + token;
    }

    /// Makes a model in whose table nothing is merged, of a file's columns.
    JsonNode makeModel(String name, Rows rows) throws IOException, InterruptedException {
        var body = JSON.createObjectNode().put("name", name);
        var schema = body.putObject("schema").putNull("eventId");
        schema.set("columns", JSON.valueToTree(rows.columns()));
        schema.set("orderBy", JSON.valueToTree(rows.orderBy()));
        var model =
                ask(
                        "POST",
                        "/models",
                        "application/json",
                        BodyPublishers.ofString(body.toString()));
        clickhouse()
                .run(
                        "SYSTEM STOP MERGES %s.%s"
                                .formatted(ClickHouse.DATABASE, model.get("table").asText()));
        return model;
    }

    void removeModel(JsonNode model) throws IOException, InterruptedException {
        ask(
                "DELETE",
                "/models/%s?table=drop".formatted(model.get("id").asText()),
                "application/json",
                BodyPublishers.noBody());
    }

    /// Loads a body to the job's end, over the connection that is kept.
    void load(JsonNode model, String body) throws IOException, InterruptedException {
        var job =
                ask(
                        "POST",
                        "/jobs?name=bench.csv&model=" + model.get("id").asText(),
                        "text/csv",
                        BodyPublishers.ofString(body));
        awaitSuccess(job.get("id").asText());
    }

    /// Waits until a job has ended well.
    void awaitSuccess(String job) throws IOException, InterruptedException {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            var now =
                    ask(
                            "GET",
                            "/jobs/%s?waitMillis=30000".formatted(job),
                            "application/json",
                            BodyPublishers.noBody());
            switch (now.get("state").asText()) {
                case "SUCCESS" -> {
                    return;
                }
                case "PENDING", "RUNNING" -> {}
                default -> throw new IOException(now.toPrettyString());
            }
        }
        throw new IOException("Job %s is not done after %s".formatted(job, LIMIT));
    }

    private JsonNode ask(String method, String path, String type, BodyPublisher body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(url(path)))
                        .timeout(LIMIT)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", type)
                        .method(method, body)
                        .build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException("%s %s: %s".formatted(method, path, answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    /// Waits until nothing is left to do of the jobs that have ended: their staging tables and
    /// splits are gone. What one load leaves behind is not to weigh on the next.
    void awaitQuiet() throws IOException, InterruptedException {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (hasSplits() || hasStaging()) {
            if (System.nanoTime() > end) {
                throw new IOException("Millrace is not quiet after " + LIMIT);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private boolean hasSplits() throws IOException {
        var splits = data.resolve("store/splits");
        if (!Files.exists(splits)) {
            return false;
        }
        try (var jobs = Files.list(splits)) {
            return jobs.findAny().isPresent();
        }
    }

    private boolean hasStaging() throws IOException, InterruptedException {
        return clickhouse()
                        .number(
                                "SELECT count() FROM system.tables"
                                        + " WHERE database = 'millrace_staging'")
                > 0;
    }

    private void stopQuietly() {
        try {
            if (Files.exists(data.resolve("run.json"))) {
                down();
            }
            try (var files = Files.walk(data)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        client.close();
        stopQuietly();
    }
}
