package dev.millrace.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace sql "SELECT …"`
@Command(
        description = "Run one read-only statement and print its answer.",
        footer = {
            "",
            "Examples:",
            "  millrace sql \"SELECT count() FROM data_a1b2c3d4\" --format CSVWithNames",
            "  millrace sql \"SELECT max(day) FROM sales.orders\" --connection warehouse"
        })
final class Sql implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(paramLabel = "STATEMENT", description = "In ClickHouse's SQL.")
    private String statement = "";

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description =
                    "An output format as ClickHouse names it. Otherwise PrettyCompact on a"
                            + " terminal, TabSeparatedWithNames in a pipe, JSON with --json.")
    private @Nullable String format;

    @Option(
            names = "--connection",
            paramLabel = "CONNECTION",
            description =
                    "The id or name of a connection. Otherwise the ClickHouse that Millrace loads"
                            + " into.")
    private @Nullable String connection;

    Sql(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var path = "/api/v1/sql?format=" + Api.part(format == null ? usualFormat() : format);
        if (connection != null) {
            path += "&connection=" + Api.part(connection);
        }
        try (var answer = server.api().open(path, statement, "*/*")) {
            answer.copyTo(server.terminal());
        }
        return ExitCode.SUCCESS;
    }

    private String usualFormat() {
        if (server.json()) {
            return "JSON";
        }
        return server.terminal().live() ? "PrettyCompact" : "TabSeparatedWithNames";
    }
}
