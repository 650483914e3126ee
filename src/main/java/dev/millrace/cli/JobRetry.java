package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace job retry JOB`
@Command(
        description = "Load a failed job once more, without another upload.",
        footer = {"", "Example:", "  millrace job retry last --max-rejected 1%% --wait"})
final class JobRetry implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "JOB", description = "Its id, or `last` for the newest one.")
    private String job = "";

    @Option(names = "--wait", description = "Wait until the job is done, and say how it went.")
    private boolean wait;

    @Mixin private final LoadWishes wishes = new LoadWishes();

    JobRetry(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var api = server.api();
        var retried = api.post(Jobs.path(job) + "/retry", wishes.putInto(Json.object()));
        if (!server.json()) {
            server.terminal().say("job %s is loaded again.".formatted(Jobs.id(retried)));
        }
        return new JobEnd(server, api).follow(retried, wait);
    }
}
