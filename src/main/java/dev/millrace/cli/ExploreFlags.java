package dev.millrace.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command looks around.
final class ExploreFlags {
    static final String EMBEDDED = "embedded";

    @Option(
            names = "--connection",
            paramLabel = "CONNECTION",
            description =
                    "The id or name of a connection. Otherwise the ClickHouse that Millrace loads"
                            + " into.")
    private @Nullable String connection;

    String name() {
        return connection == null ? EMBEDDED : connection;
    }

    /// @param what comes behind the connection, such as `/tables`
    String path(String what) {
        return path(connection, what);
    }

    static String path(@Nullable String connection, String what) {
        return ConnectionCommands.path(connection == null ? EMBEDDED : connection) + what;
    }
}
