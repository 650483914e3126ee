package dev.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Undoes a job through whatever happens.
///
/// @param job its id
record PatientUndo(PatientClient client, String job) {
    private static final Duration END_LIMIT = Duration.ofMinutes(4);

    /// Asks until the job is undone or that was refused.
    ///
    /// @return why it was refused
    Optional<String> run() throws IOException, InterruptedException {
        var answer = client.post("/api/v1/jobs/%s/undo".formatted(job), "");
        var said = PatientClient.read(answer);
        if (answer.statusCode() == 202) {
            return awaitEnd(said);
        }
        if (said.path("code").asText().equals("UNDO_REFUSED")) {
            return Optional.of(said.path("detail").asText());
        }
        throw new AssertionError(
                "%d to the undo of %s: %s".formatted(answer.statusCode(), job, answer.body()));
    }

    private Optional<String> awaitEnd(JsonNode asked) throws IOException, InterruptedException {
        var patience = new Patience(END_LIMIT, "the undo of %s does not end".formatted(job));
        var view = asked;
        while (view.at("/undo/state").asText().equals("REQUESTED")) {
            patience.look();
            view = PatientClient.read(client.get("/api/v1/jobs/" + job));
        }
        return switch (view.at("/undo/state").asText()) {
            case "DONE" -> Optional.empty();
            case "REFUSED" -> Optional.of(view.at("/undo/cause/message").asText());
            default -> throw new AssertionError("the undo is gone: " + view);
        };
    }
}
