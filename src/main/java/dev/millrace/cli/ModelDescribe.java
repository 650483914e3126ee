package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace model describe MODEL`
@Command(
        name = "describe",
        description = "Print one model.",
        footer = {"", "Example:", "  millrace model describe purchases"})
final class ModelDescribe implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "MODEL", description = "Its id or name.")
    private String model = "";

    ModelDescribe(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        server.print(server.api().get(ModelCommands.path(model)));
        return ExitCode.SUCCESS;
    }
}
