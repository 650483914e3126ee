package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace job create MODEL FILE`: makes a job, sends it its file, and may wait for its end.
@Command(
        description = "Load a file into a model's table.",
        footer = {
            "",
            "Examples:",
            "  millrace job create purchases purchases.csv --wait",
            "  millrace job create purchases export.csv --no-header --wait",
            "  zcat old.csv.gz | millrace job create purchases - --max-rejected 1%%"
        })
final class JobCreate implements Callable<Integer> {
    @Mixin private final ServerOptions server;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's id or name.")
    private String model = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "CSV, plain or packed; - for standard input.")
    private String file = "";

    @Option(names = "--wait", description = "Wait until the job is done, and say how it went.")
    private boolean wait;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What to call the source; the file's name otherwise.")
    private @Nullable String name;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description =
                    "Such as utf-8, utf-16le, windows-1252, iso-8859-2, shift_jis or gb18030;"
                            + " detected otherwise.")
    private @Nullable String encoding;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description =
                    "csv (whatever the delimiter), jsonl (a JSON object in each line) or json (an"
                            + " array of objects); detected otherwise.")
    private @Nullable String format;

    @Option(
            names = "--delimiter",
            paramLabel = "TEXT",
            description = "What stands between fields, or `tab`; detected otherwise.")
    private @Nullable String delimiter;

    @Option(
            names = "--quote",
            paramLabel = "CHAR",
            description = "What stands around fields, or `none`; detected otherwise.")
    private @Nullable String quote;

    @Option(
            names = "--escape",
            paramLabel = "HOW",
            description =
                    "What backslashes are: none (text), backslash (take a quote as text) or"
                            + " sequences (\\t, \\n, \\N as in TabSeparated); detected otherwise.")
    private @Nullable String escape;

    @Option(
            names = "--comment",
            paramLabel = "CHAR",
            description = "Lines that begin with it are no records; none otherwise.")
    private @Nullable String comment;

    @Option(
            names = "--trailing-delimiter",
            arity = "1",
            paramLabel = "true|false",
            description =
                    "Whether a delimiter may stand behind a record's last field; detected"
                            + " otherwise.")
    private @Nullable Boolean trailing;

    @Option(
            names = "--skip",
            paramLabel = "LINES",
            description = "How many lines stand before the header; detected otherwise.")
    private @Nullable Integer skip;

    @ArgGroup private @Nullable Headerless headerless;

    /// Of a file without a header.
    private static final class Headerless {
        @Option(
                names = "--no-header",
                description = "The file has no header: its fields are the model's columns.")
        private boolean noHeader;

        @Option(
                names = "--columns",
                paramLabel = "NAMES",
                description = "The file has no header: its fields are these, with commas between.")
        private @Nullable String columns;

        @Nullable String columns() {
            return noHeader ? "*" : columns;
        }
    }

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "How the rows meet those in the table: append (the default), replace all of"
                            + " them at once, replace-partitions, or upsert, which is for a model"
                            + " that keeps the latest row of each key.")
    private @Nullable String mode;

    @Mixin private final LoadWishes wishes = new LoadWishes();

    @Option(
            names = "--parent",
            paramLabel = "JOB",
            description = "The job whose rejected rows this file brings back, mended.")
    private @Nullable String parent;

    JobCreate(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        var terminal = server.terminal();
        var api = server.api();
        try (var watch = new Watch(terminal);
                var upload = Upload.open(file, terminal, watch::uploaded)) {
            var job = api.post(Jobs.PATH, description());
            if (!server.json()) {
                terminal.say("job %s created.".formatted(Jobs.id(job)));
            }
            job = new Sending(terminal, api, watch, upload).send(job);
            watch.wipe();
            return new JobEnd(server, api).follow(job, wait);
        }
    }

    private JsonNode description() {
        var body = Json.object().put("model", model).put("sourceName", sourceName());
        putIfSaid(body, "encoding", encoding);
        putIfSaid(body, "format", format);
        putIfSaid(body, "delimiter", delimiter);
        putIfSaid(body, "quote", quote);
        putIfSaid(body, "escape", escape);
        putIfSaid(body, "comment", comment);
        if (trailing != null) {
            body.put("trailingDelimiter", trailing);
        }
        if (skip != null) {
            body.put("skip", skip);
        }
        putIfSaid(body, "columns", headerless == null ? null : headerless.columns());
        putIfSaid(body, "mode", mode);
        putIfSaid(body, "parent", parent);
        return wishes.putInto(body);
    }

    private static void putIfSaid(ObjectNode body, String field, @Nullable String value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    private String sourceName() {
        if (name != null) {
            return name;
        }
        return file.equals("-") ? "stdin" : String.valueOf(Path.of(file).getFileName());
    }
}
