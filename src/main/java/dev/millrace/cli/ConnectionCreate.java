package dev.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace connection create NAME URL`
@Command(
        description = "Make a connection to a ClickHouse and print it.",
        footer = {
            "",
            "Examples:",
            "  millrace connection create warehouse https://ch.example.org:8443 --user ada",
            "  millrace connection create cloud https://x.clickhouse.cloud:8443 --token-file jwt"
        })
final class ConnectionCreate implements Callable<Integer> {
    @Mixin private final ServerOptions server;
    @Mixin private final ConnectionFlags flags = new ConnectionFlags();

    @Parameters(index = "0", paramLabel = "NAME", description = "What to call it.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "URL",
            description = "ClickHouse's HTTP interface, such as https://host:8443.")
    private String url = "";

    ConnectionCreate(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var body = Json.object().put("name", name).put("url", url);
        flags.putInto(body, server.terminal(), true);
        server.print(server.api().post(ConnectionCommands.PATH, body));
        server.terminal().hint("Try it:  millrace connection test " + name);
        return ExitCode.SUCCESS;
    }
}
