package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What a copy reads: a table, some of its columns, or the result of a query, at a connection.
final class CopiedRows {
    /// Of the command that this is mixed into.
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "TABLE",
            arity = "0..1",
            description = "The table to read, as TABLE or DATABASE.TABLE.")
    private @Nullable String table;

    @Option(names = "--query", paramLabel = "SQL", description = "A SELECT in place of a table.")
    private @Nullable String query;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            split = ",",
            description = "Of the table, with commas between; all of them otherwise.")
    private String @Nullable [] columns;

    @Option(
            names = {"--from", "--connection"},
            paramLabel = "CONNECTION",
            description =
                    "The id or name of the connection to read from. Otherwise the ClickHouse that"
                            + " Millrace loads into.")
    private @Nullable String connection;

    /// As the API takes it.
    ObjectNode source() {
        if ((table == null) == (query == null)) {
            throw usage(
                    table == null
                            ? "Give a TABLE or a --query"
                            : "Give a TABLE or a --query, and not both");
        }
        var source = Json.object().put("connection", name());
        if (query != null) {
            if (columns != null) {
                throw usage("--columns is for a TABLE; a --query names its own");
            }
            return source.put("query", query);
        }
        var named = table();
        if (columns != null) {
            var list = named.putArray("columns");
            for (var column : columns) {
                list.add(column.strip());
            }
        }
        source.set("table", named);
        return source;
    }

    private ParameterException usage(String what) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets it");
        }
        return new ParameterException(spec.commandLine(), what);
    }

    private String name() {
        return connection == null ? ExploreFlags.EMBEDDED : connection;
    }

    private ObjectNode table() {
        return JoinWords.table(String.valueOf(table), "TABLE");
    }

    /// The columns that are read, each with its `name` and `type`.
    ///
    /// @throws Failure when the table lacks one
    List<JsonNode> columns(Api api) {
        if (query != null) {
            var path = ExploreFlags.path(connection, "/columns");
            try (var answer = api.open(path, query, "application/json")) {
                return answer.json().path("items").valueStream().toList();
            }
        }
        var named = table();
        var all = new LinkedHashMap<String, JsonNode>();
        for (var column :
                api.get(ExploreFlags.path(connection, "/columns?table=" + of(named)))
                        .path("items")) {
            var kind = column.path("defaultKind").asText("");
            if (columns != null || kind.isEmpty() || kind.equals("DEFAULT")) {
                all.put(column.path("name").asText(), column);
            }
        }
        if (columns == null) {
            return List.copyOf(all.values());
        }
        var chosen = new ArrayList<JsonNode>();
        for (var column : columns) {
            var found = all.get(column.strip());
            if (found == null) {
                throw new Failure(
                        "The table %s has no column '%s'".formatted(table, column.strip()),
                        "It has " + String.join(", ", all.keySet()) + ".");
            }
            chosen.add(found);
        }
        return chosen;
    }

    /// The rest of a query for a table.
    private static String of(JsonNode named) {
        var name = Api.part(named.path("table").asText());
        return named.has("database")
                ? name + "&database=" + Api.part(named.path("database").asText())
                : name;
    }

    /// The table's sorting key where it is made of columns that are read and never NULL; else none.
    List<String> order(Api api, List<JsonNode> read) {
        if (query != null) {
            return List.of();
        }
        var named = table();
        var able =
                read.stream()
                        .filter(column -> !column.path("type").asText().contains("Nullable("))
                        .map(column -> column.path("name").asText())
                        .collect(Collectors.toSet());
        var said = new LinkedHashMap<String, String>();
        said.put("name", named.path("table").asText());
        if (named.has("database")) {
            said.put("database", named.path("database").asText());
        }
        return api.list(ExploreFlags.path(connection, "/tables"), said)
                .path("items")
                .valueStream()
                .filter(found -> found.path("name").asText().equals(named.path("table").asText()))
                .findFirst()
                .map(found -> order(found.path("sortingKey").asText(""), able))
                .orElse(List.of());
    }

    private static List<String> order(String key, Set<String> able) {
        var names = List.of(key.split(",\\s*"));
        return able.containsAll(names) ? names : List.of();
    }

    @Override
    public String toString() {
        return query == null ? "the table " + table : "the query's result";
    }
}
