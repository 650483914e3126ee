package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace job resolve JOB`
@Command(
        description =
                "Say whether the rows of a job that failed as PUBLISH_UNCERTAIN are in its table,"
                        + " after you have looked.",
        footer = {"", "Example:", "  millrace job resolve e5f6a7b8 --not-published"})
final class JobResolve implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "JOB", description = "Its id, or `last` for the newest one.")
    private String job = "";

    @ArgGroup(multiplicity = "1")
    private final Found found = new Found();

    /// What was found.
    private static final class Found {
        @Option(names = "--published", description = "All of them are there.")
        private boolean published;

        @Option(
                names = "--not-published",
                description = "None of them is there; the job can be retried.")
        private boolean notPublished;
    }

    JobResolve(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var published = found.published && !found.notPublished;
        var api = server.api();
        var resolved =
                api.post(Jobs.path(job) + "/resolve", Json.object().put("published", published));
        if (server.json()) {
            server.print(resolved);
        } else {
            server.terminal()
                    .say("job %s is now %s.".formatted(Jobs.id(resolved), Jobs.state(resolved)));
        }
        return ExitCode.SUCCESS;
    }
}
