package dev.millrace.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace connection create NAME [URL]`
@Command(
        description = "Make a connection to a ClickHouse or an S3 and print it.",
        footer = {
            "",
            "Examples:",
            "  millrace connection create warehouse https://ch.example.org:8443 --user ada",
            "  millrace connection create cloud https://x.clickhouse.cloud:8443 --token-file jwt",
            "  millrace connection create store --kind s3 --region eu-west-1 --access-key-id AKIA..."
        })
final class ConnectionCreate implements Callable<Integer> {
    @Mixin private final ServerOptions server;
    @Mixin private final ConnectionFlags flags = new ConnectionFlags();
    @Mixin private final S3Flags s3 = new S3Flags();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "What it leads to: clickhouse (the default) or s3.")
    private String kind = "clickhouse";

    @Parameters(index = "0", paramLabel = "NAME", description = "What to call it.")
    private String name = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "URL",
            description =
                    "ClickHouse's HTTP interface, such as https://host:8443. The endpoint of an S3;"
                            + " left out for AWS.")
    private @Nullable String url;

    ConnectionCreate(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var terminal = server.terminal();
        var body = Json.object().put("name", name);
        switch (kind) {
            case S3Flags.KIND -> {
                flags.refuseLogin();
                ConnectionFlags.putUnlessNull(body, "endpoint", url);
                flags.putCommon(body, terminal);
                s3.putInto(body, terminal, true);
            }
            case "clickhouse" -> {
                s3.refuse();
                if (url == null) {
                    throw new Failure(
                            "A ClickHouse needs its URL",
                            "Add it behind the name, or --kind s3 for an S3.");
                }
                body.put("url", url);
                flags.putInto(body, terminal, true);
            }
            default ->
                    throw new Failure(
                            "There are no connections of the kind '%s'".formatted(kind),
                            "Known: clickhouse, s3.");
        }
        server.print(server.api().post(ConnectionCommands.PATH, body));
        terminal.hint("Try it:  millrace connection test " + name);
        return ExitCode.SUCCESS;
    }
}
