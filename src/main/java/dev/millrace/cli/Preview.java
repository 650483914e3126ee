package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.cli.Terminal.Colour;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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

/// `millrace preview SOURCE`
@Command(
        description =
                "Show the first 100 rows of a file as they would be stored, and what is wrong with"
                        + " the others; or those of a table or a query.",
        footer = {
            "",
            "Examples:",
            "  millrace preview purchases.csv",
            "  millrace preview purchases.csv --model purchases --delimiter ';'",
            "  millrace preview --table purchases --columns 'id, amount'",
            "  millrace preview --connection warehouse --query \"SELECT * FROM sales.orders\"",
            "",
            "Rows of tables and queries come at once, whatever their size; it is said when the",
            "server stopped before it had read everything. Those of a join: millrace join --preview"
        })
final class Preview implements Callable<Integer> {
    /// As much as the server looks at.
    private static final int HEAD_BYTES = 1 << 20;

    private static final String PATH = "/api/v1/preview";

    @Mixin private final ServerOptions server;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "SOURCE",
            description = "A file, an https:// or s3:// address, or - for standard input.")
    private @Nullable String file;

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description =
                    "A table in place of a file, as TABLE or DATABASE.TABLE; --columns chooses of"
                            + " its columns.")
    private @Nullable String table;

    @Option(names = "--query", paramLabel = "SQL", description = "A query in place of a file.")
    private @Nullable String query;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many rows of a table or query: 1 to 1000, otherwise 100.")
    private int limit = 100;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "The id or name of the model to read it by; otherwise one is proposed.")
    private @Nullable String model;

    @Mixin private final SourceFlags flags = new SourceFlags();

    Preview(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        requireOne();
        var preview =
                file == null
                        ? TablePreview.of(server.api(), flags.connection(), body())
                        : of(server.api(), server.terminal(), file, model, flags);
        if (server.json()) {
            server.print(preview);
        } else if (file == null) {
            TablePreview.print(preview, server.terminal());
        } else {
            print(preview, server.terminal());
        }
        return ExitCode.SUCCESS;
    }

    private ObjectNode body() {
        var body = Json.object().put("limit", limit);
        if (query != null) {
            return body.put("query", query);
        }
        var named = JoinWords.table(String.valueOf(table), "--table");
        var columns = flags.columns();
        if (columns != null) {
            var names = named.putArray("columns");
            JoinWords.columns(columns, "--columns")
                    .forEach(each -> names.add(each.path("column").asText()));
        }
        return body.set("table", named);
    }

    private void requireOne() {
        var said = (file == null ? 0 : 1) + (query == null ? 0 : 1) + (table == null ? 0 : 1);
        if (said != 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "set by picocli").commandLine(),
                    said == 0
                            ? "Name a file, or give --table or --query"
                            : "Give one of a file, --table and --query");
        }
    }

    /// Sends a source's head, and the whole of it if that does not tell enough.
    static JsonNode of(
            Api api, Terminal terminal, String file, @Nullable String model, SourceFlags flags) {
        flags.requireFetched(file);
        if (S3Address.isOne(file)) {
            var said = new LinkedHashMap<>(flags.fetched(file));
            if (model != null) {
                said.put("model", model);
            }
            return send(
                    api, terminal, PATH + flags.query(said), file, InputStream.nullInputStream());
        }
        try (var in = open(file, terminal)) {
            var head = in.readNBytes(HEAD_BYTES + 1);
            var said = new LinkedHashMap<String, String>();
            if (model != null) {
                said.put("model", model);
            }
            var whole = PATH + flags.query(said);
            if (head.length <= HEAD_BYTES) {
                return api.send(whole, head);
            }
            said.put("whole", "false");
            try {
                return api.send(PATH + flags.query(said), Arrays.copyOf(head, HEAD_BYTES));
            } catch (Failure e) {
                if (!e.isFor("SOURCE_INCOMPLETE")) {
                    throw e;
                }
                var all = new SequenceInputStream(new ByteArrayInputStream(head), in);
                return send(api, terminal, whole, file, all);
            }
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
    }

    private static JsonNode send(
            Api api, Terminal terminal, String path, String file, InputStream all) {
        try (var watch = new Watch(terminal);
                var upload = Upload.of(file, all, watch::uploaded)) {
            return api.send(path, upload);
        } catch (IOException e) {
            throw api.broken(e);
        }
    }

    private static InputStream open(String file, Terminal terminal) throws IOException {
        if (file.equals("-")) {
            return terminal.in();
        }
        return WebAddress.isOne(file) ? WebStream.open(WebAddress.of(file)) : LocalFile.open(file);
    }

    private static void print(JsonNode preview, Terminal terminal) {
        var out = terminal.out();
        JobEnd.printReading(preview.path("reading"), out);
        out.println(
                preview.path("inferred").asBoolean()
                        ? "model: proposed for these rows"
                        : "model: as given");
        var ignored = preview.path("ignoredColumns");
        if (!ignored.isEmpty()) {
            var names = new ArrayList<String>();
            ignored.forEach(name -> names.add("'" + name.asText() + "'"));
            out.println("not in the model, so ignored: " + String.join(", ", names));
        }
        out.print(TextTable.ofShort(rows(preview)));
        var problems = 0;
        for (var row : preview.path("rows")) {
            for (var problem : row.path("problems")) {
                problems++;
                out.printf(
                        "%s %s%s: %s (%s)%n",
                        terminal.in(Colour.RED, "row"),
                        row.path("row").asText(),
                        column(problem),
                        problem.path("message").asText(),
                        problem.path("error").asText());
            }
        }
        out.println(
                problems == 0 ? "All of these rows fit." : "Rows marked with ! would be rejected.");
        out.flush();
    }

    private static String column(JsonNode problem) {
        var column = problem.path("column").asText();
        return column.isEmpty() ? "" : ", " + column;
    }

    private static List<List<String>> rows(JsonNode preview) {
        var rows = new ArrayList<List<String>>();
        var names = new ArrayList<>(List.of("", "ROW"));
        var types = new ArrayList<>(List.of("", ""));
        for (var column : preview.path("columns")) {
            names.add(column.path("name").asText());
            types.add(column.path("type").asText());
        }
        rows.add(names);
        rows.add(types);
        for (var row : preview.path("rows")) {
            var cells = new ArrayList<String>();
            cells.add(row.path("stored").asBoolean() ? "" : "!");
            cells.add(row.path("row").asText());
            row.path("cells").forEach(cell -> cells.add(cell.isNull() ? "NULL" : cell.asText()));
            rows.add(cells);
        }
        return rows;
    }
}
