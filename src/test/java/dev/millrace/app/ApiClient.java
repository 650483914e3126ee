package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.api.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Talks to a server as its users' programs do.
final class ApiClient {
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String token = new Tokens(SECRET).issue("tester", Duration.ofHours(3));

    ApiClient(String url) {
        this.url = url;
    }

    /// Makes a model.
    ///
    /// @return its table
    String createModel(String name, String schema) throws IOException, InterruptedException {
        return makeModel(name, schema).get("table").asText();
    }

    /// The same, and hands back the whole model.
    JsonNode makeModel(String name, String schema) throws IOException, InterruptedException {
        var body = "{\"name\": \"%s\", \"schema\": %s}".formatted(name, schema);
        return post("/api/v1/models", "application/json", body.getBytes(UTF_8), 201);
    }

    /// Makes a job without its source.
    ///
    /// @return its id
    String createJob(String model, String query) throws IOException, InterruptedException {
        var body = "{\"model\": \"%s\", \"sourceName\": \"test.csv\"%s}".formatted(model, query);
        return post("/api/v1/jobs", "application/json", body.getBytes(UTF_8), 201)
                .get("id")
                .asText();
    }

    /// Sends a job's source.
    ///
    /// @return the answer's status
    int upload(String job, byte[] content) throws IOException, InterruptedException {
        return upload(job, BodyPublishers.ofByteArray(content));
    }

    /// Sends what follows the first bytes of a job's source, with their hash.
    ///
    /// @return the answer's status
    int goOn(String job, byte[] content, int offset) throws IOException, InterruptedException {
        var path =
                "/api/v1/jobs/%s/source?offset=%d&prefixSha256=%s"
                        .formatted(job, offset, sha256(content, offset));
        var rest = BodyPublishers.ofByteArray(content, offset, content.length - offset);
        return http.send(request(path).PUT(rest).build(), BodyHandlers.discarding()).statusCode();
    }

    private static String sha256(byte[] content, int length) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(content, 0, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /// Where the server answers, and with which token, as a command takes it.
    List<String> options() {
        return List.of("--url", url, "--token", token);
    }

    /// The same of a file.
    int upload(String job, Path file) throws IOException, InterruptedException {
        return upload(job, BodyPublishers.ofFile(file));
    }

    private int upload(String job, HttpRequest.BodyPublisher content)
            throws IOException, InterruptedException {
        var request =
                request("/api/v1/jobs/%s/source".formatted(job))
                        .header("Content-Type", "text/csv")
                        .PUT(content)
                        .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    /// Makes a job with its source in one form.
    ///
    /// @return the answer
    HttpResponse<String> sendForm(String form) throws IOException, InterruptedException {
        var request =
                request("/api/v1/jobs")
                        .header("Content-Type", "multipart/form-data; boundary=xYz")
                        .POST(BodyPublishers.ofString(form.replace("\n", "\r\n")))
                        .build();
        return http.send(request, BodyHandlers.ofString());
    }

    JsonNode job(String id) throws IOException, InterruptedException {
        return get("/api/v1/jobs/" + id);
    }

    /// Waits until a job is final.
    JsonNode awaitFinal(String id) throws IOException, InterruptedException {
        return awaitFinal(id, LIMIT);
    }

    /// The same, for as long as it is allowed to take.
    JsonNode awaitFinal(String id, Duration limit) throws IOException, InterruptedException {
        return awaitFinal(id, limit, false);
    }

    /// The same of a job whose catalog is killed meanwhile: until it is back, whoever asks is told
    /// that it is away.
    JsonNode awaitFinalOverOutages(String id) throws IOException, InterruptedException {
        return awaitFinal(id, LIMIT, true);
    }

    private JsonNode awaitFinal(String id, Duration limit, boolean mayBeAway)
            throws IOException, InterruptedException {
        var end = System.nanoTime() + limit.toNanos();
        while (true) {
            var answer = answer("/api/v1/jobs/%s?waitMillis=1000".formatted(id));
            if (mayBeAway && answer.statusCode() == 503) {
                Thread.sleep(100);
            } else {
                var job = JSON.readTree(text(answer));
                if (!List.of("PENDING", "RUNNING").contains(job.get("state").asText())) {
                    return job;
                }
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("job is not final: " + answer.body());
            }
        }
    }

    /// Cancels a job.
    JsonNode cancel(String job) throws IOException, InterruptedException {
        var path = "/api/v1/jobs/%s/cancel".formatted(job);
        return post(path, "application/json", new byte[0], 200);
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(text(path));
    }

    String text(String path) throws IOException, InterruptedException {
        return text(answer(path));
    }

    private static String text(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<String> answer(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    /// The rejections of a job, one JSON object each.
    List<JsonNode> rejections(String job) throws IOException, InterruptedException {
        var answer =
                http.send(
                        request("/api/v1/jobs/%s/rejections".formatted(job))
                                .header("Accept", "application/x-ndjson")
                                .build(),
                        BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        var rejections = new ArrayList<JsonNode>();
        for (var line : answer.body().toList()) {
            rejections.add(JSON.readTree(line));
        }
        return rejections;
    }

    /// The rejected rows of a job, in the form of its source.
    byte[] rejectedSource(String job) throws IOException, InterruptedException {
        var request = request("/api/v1/jobs/%s/rejections/source".formatted(job)).build();
        var answer = http.send(request, BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /// Begins to listen to a job's events.
    ///
    /// @return all of them, once the stream has ended
    CompletableFuture<String> events(String job) {
        var request = request("/api/v1/jobs/%s/events".formatted(job)).build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::body);
    }

    /// Runs a query by `/sql` and gives its lines.
    List<String> sql(String sql) throws IOException, InterruptedException {
        var answer =
                http.send(
                        request("/api/v1/sql?format=TSVRaw")
                                .POST(BodyPublishers.ofString(sql))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().lines().toList();
    }

    /// Whether a connection's test says that all is well.
    boolean isTested(String connection) throws IOException, InterruptedException {
        var path = "/api/v1/connections/%s/test".formatted(connection);
        return http.send(
                                request(path).POST(BodyPublishers.noBody()).build(),
                                BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    /// Asks a ClickHouse itself.
    static String ask(String url, String user, String password, String sql)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var answer =
                    client.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .header("X-ClickHouse-User", user)
                                    .header("X-ClickHouse-Key", password)
                                    .POST(BodyPublishers.ofString(sql))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body().strip();
        }
    }

    /// The events of a job, to their end.
    String eventText(String path) throws IOException, InterruptedException {
        var answer =
                http.send(
                        request(path).header("Accept", "text/event-stream").GET().build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /// What is answered to JSON, whatever it is.
    String postForText(String path, String body) throws IOException, InterruptedException {
        var answer =
                http.send(
                        request(path)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    JsonNode post(String path, String type, byte[] body, int expected)
            throws IOException, InterruptedException {
        var request =
                request(path)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build();
        var answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
        return JSON.readTree(answer.body());
    }

    /// Sends something that is to be done once.
    HttpResponse<String> postOnce(String key, String path, String type, byte[] body)
            throws IOException, InterruptedException {
        var request =
                request(path)
                        .header("Idempotency-Key", key)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /// Sends JSON to be put somewhere.
    ///
    /// @param tag the version that is to be replaced, or null for any
    HttpResponse<String> put(String path, String body, @Nullable String tag)
            throws IOException, InterruptedException {
        var request = request(path).header("Content-Type", "application/json");
        if (tag != null) {
            request.header("If-Match", tag);
        }
        return http.send(
                request.PUT(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    /// Asks for anything, whatever the answer is.
    ///
    /// @param type the body's type, or null when there is no body
    HttpResponse<String> call(
            String method, String path, @Nullable String type, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        var request = request(path).method(method, body);
        if (type != null) {
            request.header("Content-Type", type);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /// The id of what an answer describes.
    static String id(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).get("id").asText();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token);
    }
}
