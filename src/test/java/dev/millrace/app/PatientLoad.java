package dev.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.core.LoadMode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// Brings a file into a table through whatever happens, as a patient user's program does: what got
/// no answer is asked again, and a job that failed is made anew.
final class PatientLoad {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration END_LIMIT = Duration.ofMinutes(4);
    private static final int MAX_JOBS = 10;
    private static final int NO_ROOM = 507;

    private final ApiClient api;
    private final PatientClient client;
    private final String model;
    private final Path file;
    private final LoadMode mode;
    private final List<JsonNode> failed = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    /// Brings it on top of what is there.
    PatientLoad(ApiClient api, String model, Path file) {
        this(api, model, file, LoadMode.APPEND);
    }

    PatientLoad(ApiClient api, String model, Path file, LoadMode mode) {
        this.api = api;
        this.client = new PatientClient(api);
        this.model = model;
        this.file = file;
        this.mode = mode;
    }

    /// The jobs that failed on the way, in order.
    List<JsonNode> failed() {
        return failed;
    }

    /// What was answered to sources that there was no room for, in order.
    List<String> refused() {
        return refused;
    }

    /// Loads until a job has succeeded.
    ///
    /// @return that job
    JsonNode run() throws IOException, InterruptedException {
        for (var i = 0; i < MAX_JOBS; i++) {
            var job = create();
            send(job);
            var ended = awaitFinal(job);
            if (!ended.get("state").asText().equals("FAILED")) {
                return ended;
            }
            failed.add(ended);
        }
        throw new AssertionError("%d jobs failed: %s".formatted(MAX_JOBS, failed));
    }

    private String create() throws IOException, InterruptedException {
        var body =
                JSON.writeValueAsString(
                        JSON.createObjectNode()
                                .put("model", model)
                                .put("sourceName", file.getFileName().toString())
                                .put("mode", text(mode)));
        var made = client.post("/api/v1/jobs", body);
        if (made.statusCode() != 201) {
            throw new AssertionError("no job was made: " + made.body());
        }
        return PatientClient.read(made).get("id").asText();
    }

    /// A mode as the API calls it.
    static String text(LoadMode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Sends the source; what became of it the job says.
    private void send(String job) throws InterruptedException, FileNotFoundException {
        var body = BodyPublishers.ofFile(file);
        try {
            var path = "/api/v1/jobs/%s/source".formatted(job);
            var answer = api.call("PUT", path, "text/csv", body);
            if (answer.statusCode() == NO_ROOM) {
                refused.add(answer.body());
            }
        } catch (IOException e) {
            // The server is gone, or refused the upload and closed the connection.
        }
    }

    private JsonNode awaitFinal(String job) throws IOException, InterruptedException {
        var patience = new Patience(END_LIMIT, "the job %s does not end".formatted(job));
        while (true) {
            var path = "/api/v1/jobs/%s?waitMillis=1000".formatted(job);
            var view = PatientClient.read(client.get(path));
            var state = view.path("state").asText();
            if (!state.equals("PENDING") && !state.equals("RUNNING")) {
                return view;
            }
            var upload = view.at("/upload/state").asText();
            if (upload.equals("WAITING") || upload.equals("INTERRUPTED")) {
                send(job);
            }
            patience.look();
        }
    }
}
