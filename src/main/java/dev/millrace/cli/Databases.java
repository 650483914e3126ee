package dev.millrace.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `millrace databases`
@Command(
        description = "Print the databases of a ClickHouse that may be seen.",
        footer = {
            "",
            "Examples:",
            "  millrace databases",
            "  millrace databases --connection warehouse"
        })
final class Databases implements Callable<Integer> {
    @Mixin private final ServerOptions server;
    @Mixin private final ExploreFlags where = new ExploreFlags();

    Databases(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var answer = server.api().get(where.path("/databases"));
        if (server.json()) {
            server.print(answer);
            return ExitCode.SUCCESS;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("DATABASE", "ENGINE", "COMMENT"));
        for (var each : answer.path("items")) {
            rows.add(
                    List.of(
                            each.path("name").asText(),
                            each.path("engine").asText(),
                            each.path("comment").asText()));
        }
        server.terminal().out().print(TextTable.of(rows));
        server.terminal().out().flush();
        return ExitCode.SUCCESS;
    }
}
