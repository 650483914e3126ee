package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace connection describe CONNECTION`
@Command(
        description = "Print a connection, without its secret.",
        footer = {"", "Example:", "  millrace connection describe warehouse"})
final class ConnectionDescribe implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "CONNECTION", description = "Its id or name.")
    private String connection = "";

    ConnectionDescribe(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        server.print(server.api().get(ConnectionCommands.path(connection)));
        return ExitCode.SUCCESS;
    }
}
