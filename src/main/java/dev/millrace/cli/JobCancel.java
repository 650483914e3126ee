package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace job cancel JOB`
@Command(
        description = "Cancel a job: nothing of a load is loaded, no file of an export is left.",
        footer = {"", "Example:", "  millrace job cancel e5f6a7b8"})
final class JobCancel implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(
            paramLabel = "JOB",
            description = "Its id, or `last` for the newest load; an export's id too.")
    private String job = "";

    JobCancel(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var cancelled = server.api().post(Jobs.path(job) + "/cancel", null);
        if (server.json()) {
            server.print(cancelled);
        } else {
            server.terminal()
                    .say(
                            "%s %s cancelled."
                                    .formatted(
                                            Jobs.isExport(cancelled) ? "export" : "job",
                                            Jobs.id(cancelled)));
        }
        return ExitCode.SUCCESS;
    }
}
