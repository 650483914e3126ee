package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace job create MODEL FILE`: makes a job, sends it its file, and may wait for its end.
@Command(
        description = "Load a file into a model's table.",
        footer = {
            "",
            "Examples:",
            "  millrace job create purchases purchases.csv --wait",
            "  millrace job create purchases export.csv --no-header --wait",
            "  zcat old.csv.gz | millrace job create purchases - --max-rejected 1%%"
        })
final class JobCreate implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's id or name.")
    private String model = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description =
                    "A file, plain or packed, an https:// or s3:// address, or - for standard input.")
    private String file = "";

    @Option(names = "--wait", description = "Wait until the job is done, and say how it went.")
    private boolean wait;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What to call the source; the file's name otherwise.")
    private @Nullable String name;

    @Mixin private final SourceFlags flags = new SourceFlags();

    @Mixin private final LoadFlags load = new LoadFlags();

    @Option(
            names = "--parent",
            paramLabel = "JOB",
            description = "The job whose rejected rows this file brings back, mended.")
    private @Nullable String parent;

    JobCreate(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        return new LoadJob(server, server.api()).run(description(), file, flags, wait);
    }

    private ObjectNode description() {
        var body =
                Json.object()
                        .put("model", model)
                        .put("sourceName", name == null ? SourceFlags.name(file) : name);
        flags.putInto(body);
        if (parent != null) {
            body.put("parent", parent);
        }
        return load.putInto(body);
    }
}
