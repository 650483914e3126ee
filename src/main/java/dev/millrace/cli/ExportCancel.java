package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace export cancel EXPORT`
@Command(
        description = "Cancel an export: its query ends, and no file is left.",
        footer = {"", "Example:", "  millrace export cancel e5f6a7b8"})
final class ExportCancel implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "EXPORT", description = "Its id, or `last` for the newest one.")
    private String export = "";

    ExportCancel(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var cancelled = server.api().post(ExportList.path(export) + "/cancel", null);
        if (server.json()) {
            server.print(cancelled);
        } else {
            server.terminal().say("export %s cancelled.".formatted(cancelled.path("id").asText()));
        }
        return ExitCode.SUCCESS;
    }
}
