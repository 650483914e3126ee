package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace job rejected JOB`
@Command(
        name = "rejected",
        description =
                "Print every problem of every rejected row as CSV, or with --json as JSON lines.",
        footer = {"", "Example:", "  millrace job rejected last --raw > rejected.csv"})
final class JobRejected implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "JOB", description = "Its id, or `last` for the newest one.")
    private String job = "";

    @Option(names = "--raw", description = "Add the record as it stands in the file.")
    private boolean raw;

    JobRejected(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var path = Jobs.path(job) + "/rejections" + (raw ? "?raw=true" : "");
        var accept = server.json() ? "application/x-ndjson" : "text/csv";
        server.api().stream(path, null, accept, server.terminal());
        return ExitCode.SUCCESS;
    }
}
