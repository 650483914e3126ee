package dev.millrace.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace model update MODEL FILE`
@Command(
        description = {
            "Give a model a new version, and print it with what has changed.",
            "Columns that are Nullable or have a default can be added and removed; how columns are"
                    + " read and what they allow can change at will. A running job keeps its"
                    + " version."
        },
        footer = {"", "Example:", "  millrace model update purchases model.json"})
final class ModelUpdate implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Its id or name.")
    private String model = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "Its new schema as JSON; - for standard input.")
    private String file = "";

    @Option(
            names = "--if-version",
            paramLabel = "N",
            description = "Only when this is its version still.")
    private @Nullable Integer version;

    ModelUpdate(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var body = Json.object();
        body.set("schema", LocalFile.json(file, server.terminal()));
        var updated = server.api().put(ModelCommands.path(model), body, tag());
        server.print(updated);
        if (updated.path("changes").isEmpty()) {
            server.terminal().hint("Nothing has changed, so there is no new version.");
        }
        return ExitCode.SUCCESS;
    }

    private @Nullable String tag() {
        return version == null ? null : "\"" + version + "\"";
    }
}
