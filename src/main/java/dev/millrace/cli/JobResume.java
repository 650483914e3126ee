package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "The same files or addresses as when the upload began, all of them.")
    private List<String> files = List.of();

    @Option(names = "--wait", description = "Wait until the job is done, and say how it went.")
    private boolean wait;

    JobResume(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var sources = SourceList.of(files);
        if (sources.hasStandardInput()) {
            throw new Failure(
                    "Standard input cannot be sent again from its beginning",
                    "Write it to a file first, or make a new job for it.");
        }
        var terminal = server.terminal();
        var api = server.api();
        var job = waiting(api.get(Jobs.path(id)));
        requireSame(job, sources);
        try (var watch = new Watch(terminal)) {
            job = new SendingAll(terminal, api, watch, sources).goOn(job);
            watch.wipe();
            return new JobEnd(server, api).follow(job, wait);
        }
    }

    /// Of several sources, that they are those that the job was made for; a single one may be
    /// called otherwise by now.
    private static void requireSame(JsonNode job, SourceList sources) {
        var wanted = job.path("sources").valueStream().map(s -> s.path("name").asText()).toList();
        var given = sources.sources().stream().map(SourceList.Named::name).toList();
        var several = wanted.size() > 1 || given.size() > 1;
        if (several && !wanted.equals(given)) {
            throw new Failure(
                    "Job %s loads %s, and these are %s"
                            .formatted(
                                    Jobs.id(job),
                                    String.join(", ", wanted),
                                    String.join(", ", given)),
                    "Name its sources in the order in which it was made.");
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
