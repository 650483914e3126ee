package dev.millrace.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace model describe MODEL`
@Command(
        description = "Print one model, and when its versions were made.",
        footer = {"", "Example:", "  millrace model describe purchases --version 1"})
final class ModelDescribe implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "MODEL", description = "Its id or name.")
    private String model = "";

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "The model as it was then; otherwise as it is now.")
    private @Nullable Integer version;

    ModelDescribe(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var question = version == null ? "" : "?version=" + version;
        server.print(server.api().get(ModelCommands.path(model) + question));
        return ExitCode.SUCCESS;
    }
}
