package dev.millrace.cli;

import picocli.CommandLine.Command;

/// `millrace connection …`
@Command(
        description = "Connections: stored ways to reach other ClickHouses, and S3s.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Example:",
            "  millrace connection create warehouse https://ch.example.org:8443 --user ada"
        })
final class ConnectionCommands {
    static final String PATH = "/api/v1/connections";

    /// @param connection an id or a name
    static String path(String connection) {
        return PATH + "/" + Api.part(connection);
    }
}
