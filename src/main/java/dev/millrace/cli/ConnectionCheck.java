package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace connection test CONNECTION`
@Command(
        description = "Reach a connection's server and sign in; say precisely what is wrong.",
        footer = {
            "",
            "Examples:",
            "  millrace connection test warehouse",
            "  millrace connection test store s3://bucket/folder/"
        })
final class ConnectionCheck implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(index = "0", paramLabel = "CONNECTION", description = "Its id or name.")
    private String connection = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "s3://BUCKET/PREFIX",
            description = "Of an S3: what of it should be readable.")
    private @Nullable String place;

    ConnectionCheck(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var path = ConnectionCommands.path(connection) + "/test";
        var found =
                server.api().post(place == null ? path : path + "?uri=" + Api.part(place), null);
        if (server.json()) {
            server.print(found);
        } else if (found.path("kind").asText().equals(S3Flags.KIND)) {
            server.terminal().say(s3(found));
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

    private String s3(JsonNode found) {
        var millis = found.path("millis").asLong();
        if (place == null) {
            return found.path("buckets").isNumber()
                    ? "The S3 lets us in and shows %d buckets, in %d ms"
                            .formatted(found.path("buckets").asInt(), millis)
                    : "The S3 lets us in, and does not let us list buckets, in %d ms; test one:"
                                    .formatted(millis)
                            + " millrace connection test %s s3://BUCKET/".formatted(connection);
        }
        return found.path("read").isTextual()
                ? "%s can be read, in %d ms".formatted(found.path("read").asText(), millis)
                : "%s may be listed, and has no object, in %d ms".formatted(place, millis);
    }
}
