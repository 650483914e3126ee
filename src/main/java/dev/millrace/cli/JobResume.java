package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace job resume JOB FILE`: goes on with an upload that was interrupted, or begins it.
@Command(
        description = "Go on with the upload of a job that was interrupted.",
        footer = {
            "",
            "What the server holds already is compared with the file and not sent again.",
            "",
            "Example:",
            "  millrace job resume e5f6a7b8 purchases.csv --wait"
        })
final class JobResume implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or last.")
    private String id = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "The same file or address as when the upload began.")
    private String file = "";

    @Option(names = "--wait", description = "Wait until the job is done, and say how it went.")
    private boolean wait;

    JobResume(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        if (file.equals("-")) {
            throw new Failure(
                    "Standard input cannot be sent again from its beginning",
                    "Write it to a file first, or make a new job for it.");
        }
        var terminal = server.terminal();
        var api = server.api();
        var job = waiting(api.get(Jobs.path(id)));
        try (var watch = new Watch(terminal);
                var upload = Upload.open(file, terminal, watch::uploaded)) {
            if (!upload.isResumable()) {
                throw new Failure(
                        "'%s' is not a file that can be read again".formatted(file), null);
            }
            job = new Sending(terminal, api, watch, upload).goOn(job);
            watch.wipe();
            return new JobEnd(server, api).follow(job, wait);
        }
    }

    /// @throws Failure when the job does not wait for a file any more
    private static JsonNode waiting(JsonNode job) {
        if (Jobs.isFinal(job) && job.path("cause").isObject()) {
            throw Sending.failed(job, null);
        }
        if (Jobs.isFinal(job) || job.path("upload").path("state").asText().equals("COMPLETE")) {
            throw new Failure(
                    "Job %s has its whole file".formatted(Jobs.id(job)),
                    "See: millrace job status " + Jobs.id(job));
        }
        return job;
    }
}
