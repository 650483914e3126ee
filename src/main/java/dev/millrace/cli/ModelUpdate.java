package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace model update MODEL FILE`
@Command(
        name = "update",
        description = "Give a model a new version and print it.",
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

    ModelUpdate(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var body = Json.object();
        body.set("schema", LocalFile.json(file, server.terminal()));
        server.print(server.api().put(ModelCommands.path(model), body));
        return ExitCode.SUCCESS;
    }
}
