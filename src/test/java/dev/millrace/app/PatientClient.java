package dev.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Asks a server that comes and goes, as a patient user's program does: what got no answer is asked
/// again. Thread-safe.
///
/// @param api how the server is reached
record PatientClient(ApiClient api) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    HttpResponse<String> get(String path) throws InterruptedException {
        return insist("GET", path, "");
    }

    HttpResponse<String> post(String path, String body) throws InterruptedException {
        return insist("POST", path, body);
    }

    /// What an answer says.
    static JsonNode read(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    /// Asks until there is an answer that is not the server's or an engine's absence.
    private HttpResponse<String> insist(String method, String path, String body)
            throws InterruptedException {
        var patience = new Patience(LIMIT, "no answer to %s %s".formatted(method, path));
        while (true) {
            try {
                var type = method.equals("GET") ? null : "application/json";
                var answer = api.call(method, path, type, BodyPublishers.ofString(body));
                if (answer.statusCode() < 500) {
                    return answer;
                }
            } catch (IOException e) {
                // The server is gone, and comes back.
            }
            patience.look();
        }
    }
}
