package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace columns TABLE`
@Command(
        description = "Print the columns of a table, or of a query, which is not run.",
        footer = {
            "",
            "Examples:",
            "  millrace columns purchases",
            "  millrace columns sales.orders --connection warehouse",
            "  millrace columns --query \"SELECT day, sum(amount) FROM orders GROUP BY day\"",
            "",
            "A name with other characters than letters, digits and _ stands in backquotes:",
            "  millrace columns 'sales.`my table`'",
            "The columns of a file: millrace preview FILE"
        })
final class Columns implements Callable<Integer> {
    @Mixin private final ServerOptions server;
    @Mixin private final ExploreFlags where = new ExploreFlags();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "TABLE",
            description = "A table, as TABLE or DATABASE.TABLE.")
    private @Nullable String table;

    @Option(names = "--query", paramLabel = "SQL", description = "A query, in place of a table.")
    private @Nullable String query;

    Columns(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var answer = answer();
        if (server.json()) {
            server.print(answer);
            return ExitCode.SUCCESS;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(
                query == null
                        ? List.of("COLUMN", "TYPE", "KEYS", "DEFAULT", "COMMENT")
                        : List.of("COLUMN", "TYPE"));
        for (var each : answer.path("items")) {
            var name = each.path("name").asText();
            var type = each.path("type").asText();
            rows.add(
                    query == null
                            ? List.of(
                                    name,
                                    type,
                                    keys(each),
                                    (each.path("defaultKind").asText("")
                                                    + " "
                                                    + each.path("defaultExpression").asText(""))
                                            .strip(),
                                    each.path("comment").asText())
                            : List.of(name, type));
        }
        server.terminal().out().print(TextTable.of(rows));
        server.terminal().out().flush();
        return ExitCode.SUCCESS;
    }

    private JsonNode answer() {
        if ((table == null) == (query == null)) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "set by picocli").commandLine(),
                    "Name a table, or give --query");
        }
        if (query != null) {
            try (var answer =
                    server.api().open(where.path("/columns"), query, "application/json")) {
                return answer.json();
            }
        }
        var name = JoinWords.table(String.valueOf(table), "TABLE");
        var path = "/columns?table=" + Api.part(name.path("table").asText());
        return server.api()
                .get(
                        where.path(
                                name.has("database")
                                        ? path
                                                + "&database="
                                                + Api.part(name.path("database").asText())
                                        : path));
    }

    private static String keys(JsonNode column) {
        var keys = new ArrayList<String>();
        if (column.path("inPrimaryKey").asBoolean()) {
            keys.add("primary");
        } else if (column.path("inSortingKey").asBoolean()) {
            keys.add("sorting");
        }
        if (column.path("inPartitionKey").asBoolean()) {
            keys.add("partition");
        }
        return String.join(" ", keys);
    }
}
