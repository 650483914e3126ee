package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `millrace model list`: all pages as one.
@Command(
        description = "Print all models.",
        footer = {"", "Example:", "  millrace model list"})
final class ModelList implements Callable<Integer> {
    private static final String PAGE = ModelCommands.PATH + "?limit=1000";

    @Mixin private final ServerOptions server;

    ModelList(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var api = server.api();
        var all = (ObjectNode) api.get(PAGE);
        for (var page = all; page.hasNonNull("next"); ) {
            page = (ObjectNode) api.get(PAGE + "&cursor=" + Api.part(page.path("next").asText()));
            all.withArray("items").addAll(page.withArray("items"));
        }
        server.print(all.putNull("next"));
        return ExitCode.SUCCESS;
    }
}
