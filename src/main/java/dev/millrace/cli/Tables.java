package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `millrace tables`: all pages as one.
@Command(
        description = "Print the tables and views of a database: engine, rows, bytes, sorting key.",
        footer = {
            "",
            "Examples:",
            "  millrace tables",
            "  millrace tables --connection warehouse --database sales --name order"
        })
final class Tables implements Callable<Integer> {
    @Mixin private final ServerOptions server;
    @Mixin private final ExploreFlags where = new ExploreFlags();

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "The database; the connection's own if not said.")
    private @Nullable String database;

    @Option(
            names = "--name",
            paramLabel = "PART",
            description = "Only those whose name contains this, in any case.")
    private @Nullable String name;

    Tables(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var said = new LinkedHashMap<String, String>();
        if (database != null) {
            said.put("database", database);
        }
        if (name != null) {
            said.put("name", name);
        }
        var answer = server.api().list(where.path("/tables"), said);
        if (server.json()) {
            server.print(answer);
            return ExitCode.SUCCESS;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("TABLE", "ENGINE", "ROWS", "BYTES", "SORTED BY", "COMMENT"));
        for (var each : answer.path("items")) {
            rows.add(
                    List.of(
                            each.path("name").asText(),
                            each.path("engine").asText(),
                            number(each.path("rows")),
                            number(each.path("bytes")),
                            each.path("sortingKey").asText(),
                            each.path("comment").asText()));
        }
        server.terminal().out().print(TextTable.of(rows));
        server.terminal().out().flush();
        return ExitCode.SUCCESS;
    }

    private static String number(JsonNode node) {
        return node.isNumber() ? node.asText() : "";
    }
}
