package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace job status JOB`
@Command(
        description = "Print how a job goes.",
        footer = {"", "Example:", "  millrace job status last --wait"})
final class JobStatus implements Callable<Integer> {
    private static final int WAIT_MILLIS = 10_000;

    @Mixin private final ServerOptions server;

    @Parameters(
            paramLabel = "JOB",
            description = "Its id, or `last` for the newest load; an export's id too.")
    private String job = "";

    @Option(names = "--wait", description = "Wait until it is done, and say how it went.")
    private boolean wait;

    JobStatus(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    private static JsonNode await(Api api, JsonNode export) {
        var now = export;
        while (!Jobs.isFinal(now)) {
            now = api.get(Jobs.path(Jobs.id(export)) + "?waitMillis=" + WAIT_MILLIS);
        }
        return now;
    }

    @Override
    public Integer call() {
        var api = server.api();
        var end = new JobEnd(server, api);
        var now = api.get(Jobs.path(job));
        if (Jobs.isExport(now)) {
            return new ExportStatus(server).print(wait ? await(api, now) : now);
        }
        if (wait) {
            return end.printWithNext(end.await(now));
        }
        int code = end.print(now);
        end.hint(now);
        return code;
    }
}
