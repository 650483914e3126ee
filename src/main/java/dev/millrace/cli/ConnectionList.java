package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `millrace connection list`: all pages as one.
@Command(
        description = "Print all connections, without their secrets.",
        footer = {"", "Example:", "  millrace connection list"})
final class ConnectionList implements Callable<Integer> {
    private static final String PAGE = ConnectionCommands.PATH + "?limit=1000";

    @Mixin private final ServerOptions server;

    ConnectionList(Terminal terminal) {
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
