package dev.millrace.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace connection update CONNECTION`
@Command(
        description =
                "Change a connection, or renew its token, and print it. What is not said stays.",
        footer = {"", "Example:", "  millrace connection update cloud --token-file new.jwt"})
final class ConnectionUpdate implements Callable<Integer> {
    private static final List<String> KEPT =
            List.of("name", "url", "database", "user", "ca", "connectSeconds", "answerSeconds");
    private static final List<String> S3_KEPT =
            List.of(
                    "name",
                    "endpoint",
                    "region",
                    "pathStyle",
                    "accessKeyId",
                    "ca",
                    "connectSeconds",
                    "answerSeconds");

    @Mixin private final ServerOptions server;
    @Mixin private final ConnectionFlags flags = new ConnectionFlags();
    @Mixin private final S3Flags s3 = new S3Flags();

    @Parameters(paramLabel = "CONNECTION", description = "Its id or name.")
    private String connection = "";

    @Option(names = "--name", paramLabel = "NAME", description = "What to call it from now on.")
    private @Nullable String name;

    @Option(
            names = "--address",
            paramLabel = "URL",
            description =
                    "Another address, of an S3 its endpoint; the password, token or secret access"
                            + " key has to be given with it.")
    private @Nullable String address;

    ConnectionUpdate(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var api = server.api();
        var path = ConnectionCommands.path(connection);
        var present = api.get(path);
        var body = Json.object();
        var isS3 = present.path("kind").asText().equals(S3Flags.KIND);
        (isS3 ? S3_KEPT : KEPT).forEach(key -> body.set(key, present.path(key)));
        if (name != null) {
            body.put("name", name);
        }
        if (address != null) {
            body.put(isS3 ? "endpoint" : "url", address);
        }
        if (isS3) {
            flags.refuseLogin();
            flags.putCommon(body, server.terminal());
            s3.putInto(body, server.terminal(), false);
        } else {
            s3.refuse();
            flags.putInto(body, server.terminal(), false);
        }
        server.print(api.put(path, body, null));
        return ExitCode.SUCCESS;
    }
}
