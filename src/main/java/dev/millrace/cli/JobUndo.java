package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace job undo JOB`
@Command(
        description = {
            "Take a published job's rows out of its table again, and bring back those whose place"
                    + " they took.",
            "It is refused, with the reason, where that cannot be exact."
        },
        footer = {"", "Example:", "  millrace job undo e5f6a7b8"})
final class JobUndo implements Callable<Integer> {
    private static final int WAIT_MILLIS = 10_000;

    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "JOB", description = "Its id, or `last` for the newest one.")
    private String job = "";

    JobUndo(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var api = server.api();
        var undone = await(api.post(Jobs.path(job) + "/undo", null), api);
        var isDone = state(undone).equals("DONE");
        if (server.json()) {
            server.print(undone);
        } else if (isDone) {
            server.terminal()
                    .say(
                            "job %s undone: %,d rows have left the table '%s'."
                                    .formatted(
                                            Jobs.id(undone),
                                            undone.path("rows").path("written").asLong(),
                                            undone.path("model").path("table").asText()));
        } else {
            var cause = undone.path("undo").path("cause");
            var remedy = cause.path("remedy").asText("");
            throw new Failure(cause.path("message").asText(), remedy.isEmpty() ? null : remedy);
        }
        return isDone ? ExitCode.SUCCESS : ExitCode.FAILURE;
    }

    private JsonNode await(JsonNode asked, Api api) {
        var id = Jobs.id(asked);
        var goesOn = "Job %s is still being undone. See: millrace job status %s".formatted(id, id);
        var now = asked;
        try (var _ = new Interruption(server.terminal(), goesOn)) {
            while (state(now).equals("REQUESTED")) {
                now = api.get(Jobs.path(id) + "?waitMillis=" + WAIT_MILLIS);
            }
        }
        return now;
    }

    private static String state(JsonNode job) {
        return job.path("undo").path("state").asText();
    }
}
