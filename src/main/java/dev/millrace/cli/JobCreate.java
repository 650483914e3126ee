package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace job create MODEL FILE`: makes a job, sends it its file, and may wait for its end.
@Command(
        description = "Load a file, or several that are published together, into a model's table.",
        footer = {
            "",
            "Examples:",
            "  millrace job create purchases purchases.csv --wait",
            "  millrace job create purchases export.csv --no-header --wait",
            "  millrace job create purchases 'data/2026-*.csv' --wait",
            "  zcat old.csv.gz | millrace job create purchases - --max-rejected 1%%"
        })
final class JobCreate implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's id or name.")
    private String model = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Files, plain or packed, patterns such as 'data/*.csv', https:// addresses, an"
                            + " s3:// address, or - for standard input.")
    private List<String> files = List.of();

    @Option(names = "--wait", description = "Wait until the job is done, and say how it went.")
    private boolean wait;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What to call a single source; the file's name otherwise.")
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
        var sources = SourceList.of(files);
        if (name != null && !sources.isOne()) {
            throw new Failure(
                    "--name is of a single source, and there are %d"
                            .formatted(sources.sources().size()),
                    "Leave it out: each is called as its file is.");
        }
        return new LoadJob(server, server.api()).run(description(sources), sources, flags, wait);
    }

    private ObjectNode description(SourceList sources) {
        var body = Json.object().put("model", model);
        sources.putInto(body, name == null ? "" : name);
        flags.putInto(body);
        if (parent != null) {
            body.put("parent", parent);
        }
        return load.putInto(body);
    }
}
