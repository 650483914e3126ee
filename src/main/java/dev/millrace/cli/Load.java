package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `millrace load SOURCE… --into TABLE`: from files to a table in one step.
@Command(
        description =
                "Load a file, or several that are published together, into a table. A table that has"
                        + " no model gets one: it is proposed from the whole of all files, shown,"
                        + " and made when you say yes. Each file has its own encoding, dialect,"
                        + " header and format; what is said of them here holds for all.",
        footer = {
            "",
            "Examples:",
            "  millrace load purchases.csv --into purchases",
            "  millrace load purchases.csv --into purchases --dry-run",
            "  millrace load 'data/2026-*.csv' extra.jsonl --into purchases",
            "  millrace load next.csv --into purchases --evolve add --yes",
            "  millrace load s3://bucket/purchases.csv.gz --into purchases --connection store"
        })
final class Load implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(
            arity = "1..*",
            paramLabel = "SOURCE",
            description =
                    "Files, patterns such as 'data/*.csv' (in quotes, or the shell expands them),"
                            + " https:// addresses, an s3:// address, or - for standard input,"
                            + " when there is a model.")
    private List<String> files = List.of();

    @Option(
            names = "--into",
            required = true,
            paramLabel = "[DB.]TABLE",
            description =
                    "The table, or a model's name; it is made unless it is there. With a database"
                            + " before the point, a table of your own, which is there.")
    private String table = "";

    @Option(names = "--yes", description = "Do not ask whether to make or change the model.")
    private boolean yes;

    @Option(
            names = "--evolve",
            paramLabel = "HOW",
            converter = Evolve.Words.class,
            description =
                    "What to do about columns that a file has and the model lacks: refuse the file"
                            + " (the default), add them to the model, or ignore them. A model that"
                            + " is made for the files has the columns of all.")
    private Evolve evolve = Evolve.REFUSE;

    /// What becomes of columns that a model lacks.
    enum Evolve {
        REFUSE,
        ADD,
        IGNORE;

        /// As they are typed.
        static final class Words implements ITypeConverter<Evolve> {
            @Override
            public Evolve convert(String text) {
                return switch (text) {
                    case "refuse" -> REFUSE;
                    case "add" -> ADD;
                    case "ignore" -> IGNORE;
                    default ->
                            throw new TypeConversionException(
                                    "'%s' is none of refuse, add, ignore".formatted(text));
                };
            }
        }
    }

    @Mixin private final SourceFlags flags = new SourceFlags();

    @Mixin private final LoadFlags load = new LoadFlags();

    private SourceList sources = new SourceList(List.of());

    /// Whether there was no model before.
    private boolean made;

    Load(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        sources = SourceList.of(files);
        var api = server.api();
        var model = model(api);
        var end =
                new LoadJob(server, api)
                        .run(load.putInto(description(model)), sources, flags, true);
        if (made && load.isDryRun() && !server.json()) {
            server.terminal()
                    .sayNext(
                            ("The model '%s' was made for this dry run, and stays. Delete it with:"
                                            + " millrace model delete %1$s")
                                    .formatted(name(model)));
        }
        return end;
    }

    private ObjectNode description(JsonNode model) {
        var body = Json.object().put("model", model.path("id").asText());
        sources.putInto(body, "");
        flags.putInto(body);
        return body;
    }

    private JsonNode model(Api api) {
        return TableModel.find(api, table)
                .map(model -> evolved(api, model))
                .orElseGet(() -> create(api));
    }

    private static String name(JsonNode model) {
        return model.path("name").asText();
    }

    private JsonNode create(Api api) {
        if (sources.hasStandardInput()) {
            throw new Failure(
                    "There is no model of the table '%s', and standard input cannot be read twice"
                            .formatted(table),
                    "Load a file, or make the model first: millrace model infer, model create.");
        }
        var terminal = server.terminal();
        var proposed = ProposedModel.of(api, terminal, sources, table, flags);
        var schema =
                table.contains(".")
                        ? ofOwnTable(OwnTable.of(api, table), proposed)
                        : ofNewTable(proposed);
        confirm(
                load.isDryRun()
                        ? "Make this model, which the dry run needs and which stays, and try the"
                                + " %s with it?".formatted(what())
                        : "Make this model, and load the %s into the table %s?"
                                .formatted(what(), table));
        var body = Json.object().put("name", TableModel.name(table));
        body.set("schema", schema);
        var model = api.post(ModelCommands.PATH, body);
        made = true;
        return model;
    }

    private String what() {
        return sources.isOne() ? "file" : "%d files".formatted(sources.sources().size());
    }

    private ObjectNode ofNewTable(ProposedModel proposed) {
        show(proposed);
        return proposed.schema().put("table", table);
    }

    private ObjectNode ofOwnTable(OwnTable own, ProposedModel proposed) {
        var fit = own.fit(proposed, flags.isUnnamed());
        if (!fit.unknown().isEmpty() && evolve != Evolve.IGNORE) {
            throw new Failure(
                    "The %s columns that the table %s lacks, or that take no values there: %s"
                            .formatted(
                                    sources.isOne() ? "file has" : "files have",
                                    table,
                                    String.join(", ", fit.unknown())),
                    "Add them with ALTER TABLE: Millrace does not alter a table of your own."
                            + " --evolve ignore leaves them out.");
        }
        if (!server.json()) {
            proposed.printSources(server.terminal());
            own.print(fit, server.terminal());
            proposed.printNotes(server.terminal());
        }
        return own.schema(fit, flags.isUnnamed());
    }

    private void show(ProposedModel proposed) {
        if (!server.json()) {
            proposed.print(server.terminal());
        }
    }

    private void confirm(String question) {
        if (!yes) {
            server.terminal().requireConfirmed(question);
        }
    }

    /// A model that has what the sources have, as far as that is wanted. What comes on standard
    /// input cannot be looked at before: there the model itself says what becomes of other columns.
    private JsonNode evolved(Api api, JsonNode model) {
        var seen = sources.withoutStandardInput();
        if (evolve == Evolve.IGNORE || seen.sources().isEmpty()) {
            return model;
        }
        // A model that takes no other columns ignores none: there the server refuses the file.
        if (evolve == Evolve.ADD
                && model.path("schema").path("unknownColumns").asText().equals("reject")) {
            return added(api, model, seen, Set.of());
        }
        var unknown = new LinkedHashSet<String>();
        var unseen = false;
        for (var source : seen.sources()) {
            var preview =
                    Preview.of(
                            api,
                            server.terminal(),
                            source.source(),
                            model.path("id").asText(),
                            flags);
            unknown.addAll(unknown(model, source.source(), preview));
            unseen |= isUnseen(preview);
        }
        if (!unknown.isEmpty()) {
            return added(api, model, seen, unknown);
        }
        if (unseen) {
            sayUnseen();
        }
        return model;
    }

    /// The fields of a source that the model lacks.
    private List<String> unknown(JsonNode model, String file, JsonNode preview) {
        var unknown = new ArrayList<String>();
        preview.path("ignoredColumns").forEach(column -> unknown.add(column.asText()));
        if (!unknown.isEmpty() && evolve == Evolve.REFUSE) {
            throw new Failure(
                    "%s has columns that the model '%s' lacks: %s"
                            .formatted(called(file), name(model), String.join(", ", unknown)),
                    "--evolve add adds them to the model, --evolve ignore leaves them out.");
        }
        return unknown;
    }

    private String called(String file) {
        return sources.isOne() ? "The file" : "'%s'".formatted(SourceFlags.name(file));
    }

    /// The records of JSON may have other keys, each of them; only the first were looked at.
    private static boolean isUnseen(JsonNode preview) {
        return preview.path("reading").path("format").asText().startsWith("json")
                && !preview.path("whole").asBoolean();
    }

    private void sayUnseen() {
        if (!server.json()) {
            server.terminal()
                    .say(
                            "Only the keys of the first records were compared with the model's."
                                    + " Others that come later are left out, or their records"
                                    + " rejected if the model rejects unknown columns.");
        }
    }

    /// The names by which the model knows a source's fields, up to their spelling.
    private static Set<String> known(JsonNode schema) {
        var known = new HashSet<String>();
        for (var column : schema.path("columns")) {
            known.add(FieldName.loose(column.path("name").asText()));
            column.path("sourceNames").forEach(name -> known.add(FieldName.loose(name.asText())));
        }
        return known;
    }

    /// Adds what the model lacks: the sources are read whole for that, which may show more.
    ///
    /// @param unknown fields of which that is known
    private JsonNode added(Api api, JsonNode model, SourceList seen, Set<String> unknown) {
        var terminal = server.terminal();
        var proposed = ProposedModel.of(api, terminal, seen, table, flags);
        var fields = new HashSet<>(unknown);
        var known = known(model.path("schema"));
        proposed.columns()
                .valueStream()
                .map(column -> column.path("field").asText())
                .filter(field -> !known.contains(FieldName.loose(field)))
                .forEach(fields::add);
        if (fields.isEmpty()) {
            return model;
        }
        var schema = (ObjectNode) model.path("schema").deepCopy();
        var columns = schema.withArray("columns");
        var added = new ArrayList<List<String>>();
        var proposals = proposed.schema().path("columns");
        for (var i = 0; i < proposals.size(); i++) {
            if (fields.contains(proposed.columns().path(i).path("field").asText())) {
                var column = (ObjectNode) proposals.get(i).deepCopy();
                makeOptional(column);
                columns.add(column);
                added.add(
                        List.of(
                                "+",
                                column.path("name").asText(),
                                column.path("type").asText(),
                                proposed.columns().path(i).path("why").asText()));
            }
        }
        if (!server.json()) {
            terminal.out().print(TextTable.of(added));
            proposed.printNotes(terminal);
            terminal.out().flush();
        }
        confirm(
                "Add these columns to the model %s, and load the %s?"
                        .formatted(name(model), what()));
        var body = Json.object();
        body.set("schema", schema);
        var tag = "\"%d\"".formatted(model.path("version").asInt());
        return api.put(ModelCommands.path(model.path("id").asText()), body, tag);
    }

    /// Rows that are there have no value of it.
    private static void makeOptional(ObjectNode column) {
        var type = column.path("type").asText();
        if (type.startsWith("Array(")) {
            column.put("default", "[]");
        } else if (!type.contains("Nullable(")) {
            column.put("type", nullable(type));
        }
    }

    private static String nullable(String type) {
        var prefix = "LowCardinality(";
        return type.startsWith(prefix)
                ? prefix + "Nullable(" + type.substring(prefix.length()) + ")"
                : "Nullable(" + type + ")";
    }
}
