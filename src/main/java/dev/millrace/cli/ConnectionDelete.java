package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace connection delete CONNECTION`
@Command(
        description = "Remove a connection with its secret, and print what it was.",
        footer = {"", "Example:", "  millrace connection delete warehouse"})
final class ConnectionDelete implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "CONNECTION", description = "Its id or name.")
    private String connection = "";

    ConnectionDelete(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        server.print(server.api().delete(ConnectionCommands.path(connection)));
        return ExitCode.SUCCESS;
    }
}
