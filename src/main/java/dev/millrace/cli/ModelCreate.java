package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace model create NAME FILE`
@Command(
        description = "Make a model and print it.",
        footer = {
            "",
            "Example:",
            "  echo '{\"event_id\": \"String\", \"amount\": \"Float64\"}' > model.json",
            "  millrace model create purchases model.json"
        })
final class ModelCreate implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(index = "0", paramLabel = "NAME", description = "What to call it.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "Its schema as JSON; - for standard input.")
    private String file = "";

    ModelCreate(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var body = Json.object().put("name", name);
        body.set("schema", LocalFile.json(file, server.terminal()));
        server.print(server.api().post(ModelCommands.PATH, body));
        server.terminal().hint("Load a file:  millrace job create %s FILE --wait".formatted(name));
        return ExitCode.SUCCESS;
    }
}
