package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `millrace connection list`: all pages as one.
@Command(
        description = "Print all connections, without their secrets.",
        footer = {"", "Example:", "  millrace connection list"})
final class ConnectionList implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    ConnectionList(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        server.print(server.api().list(ConnectionCommands.PATH));
        return ExitCode.SUCCESS;
    }
}
