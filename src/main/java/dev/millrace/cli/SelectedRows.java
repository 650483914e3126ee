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

/// What a command takes out: a table, some of its columns, or the result of a query, at a
/// connection.
final class SelectedRows {
    /// Of the command that this is mixed into.
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "TABLE",
            arity = "0..1",
            description =
                    "A table, or DATABASE.TABLE, in backquotes when a name has a point or a"
                            + " backquote. Where there is no such table in the ClickHouse that is"
                            + " loaded into, a model's id or name stands for its table.")
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

    private @Nullable ObjectNode found;

    /// As the API takes it: `connection`, and `table` or `query`.
    ObjectNode source(Api api) {
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
        var named = table(api).deepCopy();
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

    /// A table that is there is meant, and else that of the model which is called so.
    private ObjectNode table(Api api) {
        if (found != null) {
            return found;
        }
        var text = String.valueOf(table);
        var named = named(text);
        if (connection == null && api.find(columnsOf(named)) == null) {
            var model = api.find(ModelCommands.PATH + "/" + Api.part(text));
            named = model == null ? named : named(model.path("table").asText());
        }
        found = named;
        return named;
    }

    /// `TABLE` or `DATABASE.TABLE`, as they are or in backquotes.
    private static ObjectNode named(String text) {
        if (text.contains("`")) {
            return JoinWords.table(text, "TABLE");
        }
        var point = text.indexOf('.');
        var node = Json.object().put("table", text.substring(point + 1));
        return point < 0 ? node : node.put("database", text.substring(0, point));
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
        var all = new LinkedHashMap<String, JsonNode>();
        for (var column : api.get(columnsOf(table(api))).path("items")) {
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

    private String columnsOf(JsonNode named) {
        var path =
                ExploreFlags.path(
                        connection, "/columns?table=" + Api.part(named.path("table").asText()));
        return named.has("database")
                ? path + "&database=" + Api.part(named.path("database").asText())
                : path;
    }

    /// The table's sorting key where it is made of columns that are read and never NULL; else none.
    List<String> order(Api api, List<JsonNode> read) {
        if (query != null) {
            return List.of();
        }
        var named = table(api);
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
