package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace connection test CONNECTION`
@Command(
        description = "Reach a connection's server and sign in; say precisely what is wrong.",
        footer = {"", "Example:", "  millrace connection test warehouse"})
final class ConnectionCheck implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "CONNECTION", description = "Its id or name.")
    private String connection = "";

    ConnectionCheck(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var found = server.api().post(ConnectionCommands.path(connection) + "/test", null);
        if (server.json()) {
            server.print(found);
        } else {
            server.terminal()
                    .say(
                            "ClickHouse %s answers '%s' in %d ms"
                                    .formatted(
                                            found.path("version").asText(),
                                            found.path("user").asText(),
                                            found.path("millis").asLong()));
        }
        return ExitCode.SUCCESS;
    }
}
