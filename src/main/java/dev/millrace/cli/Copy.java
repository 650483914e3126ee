package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `millrace copy TABLE --from CONNECTION --into TABLE`: from a table to a table in one step.
@Command(
        description =
                "Copy a table, or the result of a query, at a connection into a table of the"
                        + " ClickHouse that Millrace loads into: a load as that of a file is, which"
                        + " the server does by itself. A table that has no model gets one of the"
                        + " source's columns and types, shown, and made when you say yes.",
        footer = {
            "",
            "Examples:",
            "  millrace copy sales.orders --from warehouse --into orders",
            "  millrace copy sales.orders --from warehouse --columns id,total --into totals --yes",
            "  millrace copy --query \"SELECT * FROM sales.orders WHERE day = today()\" \\",
            "    --from warehouse --into today --mode replace"
        })
final class Copy implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Mixin private final SelectedRows rows = new SelectedRows();

    @Option(
            names = "--into",
            required = true,
            paramLabel = "[DB.]TABLE",
            description =
                    "The table; it is made unless it is there. With a database before the point, a"
                            + " table of your own, which is there.")
    private String table = "";

    @Option(names = "--yes", description = "Do not ask whether to make the model.")
    private boolean yes;

    @Mixin private final LoadFlags load = new LoadFlags();

    Copy(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var api = server.api();
        var source = rows.source(api);
        var columns = rows.columns(api);
        var model =
                TableModel.find(api, table)
                        .map(found -> known(found, columns))
                        .orElseGet(() -> create(api, columns));
        var body = Json.object().put("model", model.path("id").asText());
        body.set("source", source);
        var job = api.post(Jobs.PATH, load.putInto(body));
        if (!server.json()) {
            server.terminal().say("job %s created.".formatted(Jobs.id(job)));
        }
        return new JobEnd(server, api).follow(job, true);
    }

    /// A model that has all columns: one that is left out in silence would be missed too late.
    private JsonNode known(JsonNode model, List<JsonNode> columns) {
        var known = new HashSet<String>();
        for (var column : model.path("schema").path("columns")) {
            known.add(FieldName.loose(column.path("name").asText()));
            column.path("sourceNames").forEach(name -> known.add(FieldName.loose(name.asText())));
        }
        var unknown =
                columns.stream()
                        .map(column -> column.path("name").asText())
                        .filter(name -> !known.contains(FieldName.loose(name)))
                        .toList();
        if (!unknown.isEmpty()) {
            throw new Failure(
                    "%s has columns that the model '%s' lacks: %s"
                            .formatted(
                                    rows, model.path("name").asText(), String.join(", ", unknown)),
                    "Leave them out with --columns or a --query, or add them: millrace model update.");
        }
        return model;
    }

    private JsonNode create(Api api, List<JsonNode> columns) {
        var proposed = proposed(columns);
        var schema = table.contains(".") ? own(api, proposed) : made(api, columns, proposed);
        if (!yes) {
            server.terminal()
                    .requireConfirmed(
                            "Make this model, and copy %s into the table %s?"
                                    .formatted(rows, table));
        }
        var body = Json.object().put("name", TableModel.name(table));
        body.set("schema", schema);
        return api.post(ModelCommands.PATH, body);
    }

    /// The columns as they are: nothing is inferred from values.
    private static ProposedModel proposed(List<JsonNode> columns) {
        var proposal = Json.object();
        var evidence = proposal.putArray("columns");
        var into = proposal.putObject("model").putObject("schema").putArray("columns");
        for (var column : columns) {
            var name = column.path("name").asText();
            var type = column.path("type").asText();
            var described = into.addObject().put("name", name).put("type", type);
            if (type.contains("Float")) {
                described.put("allowNonFinite", true);
            }
            evidence.addObject().put("field", name).put("name", name).put("type", type);
        }
        return new ProposedModel(proposal);
    }

    private ObjectNode own(Api api, ProposedModel proposed) {
        var own = OwnTable.of(api, table);
        var fit = own.fit(proposed, false);
        if (!fit.unknown().isEmpty()) {
            throw new Failure(
                    "%s has columns that the table %s lacks, or that take no values there: %s"
                            .formatted(rows, table, String.join(", ", fit.unknown())),
                    "Leave them out with --columns or a --query, or add them with ALTER TABLE.");
        }
        if (!server.json()) {
            own.print(fit, server.terminal());
        }
        return own.schema(fit, false);
    }

    private ObjectNode made(Api api, List<JsonNode> columns, ProposedModel proposed) {
        var order = rows.order(api, columns);
        if (!server.json()) {
            var shown = new ArrayList<List<String>>();
            shown.add(List.of("COLUMN", "TYPE"));
            for (var column : columns) {
                shown.add(List.of(column.path("name").asText(), column.path("type").asText()));
            }
            var out = server.terminal().out();
            out.print(TextTable.of(shown));
            out.printf("sorted by: %s%n", order.isEmpty() ? "nothing" : String.join(", ", order));
            out.flush();
        }
        var schema = proposed.schema().put("table", table);
        order.forEach(schema.putArray("orderBy")::add);
        return schema;
    }
}
