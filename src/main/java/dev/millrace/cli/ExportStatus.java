package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `millrace export status EXPORT`
@Command(
        description = "Say how far an export is, or what became of it.",
        footer = {"", "Example:", "  millrace export status last"})
final class ExportStatus implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "EXPORT", description = "Its id, or `last` for the newest one.")
    private String export = "";

    ExportStatus(Terminal terminal) {
        this(new ServerOptions(terminal));
    }

    /// @param server what another command was told of it
    ExportStatus(ServerOptions server) {
        this.server = server;
    }

    @Override
    public Integer call() {
        return print(server.api().get(ExportList.path(export)));
    }

    /// @return the exit code
    int print(JsonNode found) {
        if (server.json()) {
            server.print(found);
        } else {
            ExportList.print(server.terminal(), List.of(found));
            say(found);
        }
        return ExitCode.of(found);
    }

    private void say(JsonNode found) {
        if (found.path("target").isObject()) {
            var target = found.path("target");
            server.terminal()
                    .say(
                            "to %s by %s"
                                    .formatted(
                                            target.path("uri").asText(),
                                            target.path("connection").asText()));
        }
        if (found.path("cause").isObject()) {
            server.terminal().say(found.path("cause").path("message").asText());
        }
        if (found.hasNonNull("crc32c")) {
            server.terminal().say(ExportFile.checksum(found));
        }
    }
}
