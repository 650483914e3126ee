package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `millrace model list`: all pages as one.
@Command(
        description = "Print all models.",
        footer = {"", "Example:", "  millrace model list"})
final class ModelList implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    ModelList(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        server.print(server.api().list(ModelCommands.PATH));
        return ExitCode.SUCCESS;
    }
}
