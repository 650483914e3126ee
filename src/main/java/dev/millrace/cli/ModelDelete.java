package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace model delete MODEL`
@Command(
        name = "delete",
        description = "Remove a model and print what it was. Its table stays.",
        footer = {"", "Example:", "  millrace model delete purchases"})
final class ModelDelete implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "MODEL", description = "Its id or name.")
    private String model = "";

    ModelDelete(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        server.print(server.api().delete(ModelCommands.path(model)));
        return ExitCode.SUCCESS;
    }
}
