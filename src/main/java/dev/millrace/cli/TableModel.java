package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.stream.Collectors;

/// The model of a table: that loads into it, or else that is called so and has a table of another
/// name.
final class TableModel {
    private TableModel() {}

    /// @param table as `--into` says it
    /// @throws Failure when there are several
    static Optional<JsonNode> find(Api api, String table) {
        var all = api.list(ModelCommands.PATH).path("items").valueStream().toList();
        var models = all.stream().filter(m -> m.path("table").asText().equals(table)).toList();
        if (models.size() > 1) {
            throw new Failure(
                    "The models %s all load into the table '%s'"
                            .formatted(
                                    models.stream()
                                            .map(m -> "'" + m.path("name").asText() + "'")
                                            .collect(Collectors.joining(", ")),
                                    table),
                    "Name the one that you mean: millrace job create MODEL FILE");
        }
        return models.isEmpty()
                ? all.stream().filter(m -> m.path("name").asText().equals(table)).findFirst()
                : models.stream().findFirst();
    }

    /// What a new one of it is called.
    static String name(String table) {
        return table.substring(table.indexOf('.') + 1);
    }
}
