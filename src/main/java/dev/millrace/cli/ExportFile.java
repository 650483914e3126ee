package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `millrace export [TABLE] --to FILE`, or an object of an S3
@Command(
        description =
                "Export a table or the result of a query into a file, which is there once it is"
                        + " whole and checked.",
        synopsisSubcommandLabel = "[COMMAND]",
        footer = {
            "",
            "Examples:",
            "  millrace export purchases --to purchases.csv.gz",
            "  millrace export --query \"SELECT * FROM purchases WHERE amount > 10\" --to big.parquet",
            "  millrace export warehouse.orders --connection cloud --columns id,total --to - | head",
            "  millrace export purchases --to s3://lake/purchases.parquet --to-connection store"
        })
final class ExportFile implements Callable<Integer> {
    private static final String OUTPUT = "-";

    @Spec private @Nullable CommandSpec spec;

    @Mixin private final ServerOptions server;

    @Mixin private final SelectedRows rows = new SelectedRows();

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description =
                    "The file to write, an s3:// address that the server writes to, or - for"
                            + " standard output.")
    private @Nullable String to;

    @Option(
            names = "--to-connection",
            paramLabel = "CONNECTION",
            description = "Of an s3:// address: the connection by which the server writes it.")
    private @Nullable String toConnection;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description =
                    "csv, tsv, jsonl, parquet, avro or xlsx; what the file's name says otherwise,"
                            + " csv for standard output.")
    private @Nullable String format;

    @Option(
            names = "--compression",
            paramLabel = "NAME",
            description =
                    "none, gzip or zstd; gzip for a name that ends in .gz and zstd for one in .zst"
                            + " otherwise.")
    private @Nullable String compression;

    @Option(
            names = "--guard-formulas",
            description =
                    "Put an apostrophe before texts that a spreadsheet would take for formulas"
                            + " (they begin with = + - @, tab or CR). The file is not exact then.")
    private boolean guardFormulas;

    @Option(
            names = "--checksum",
            paramLabel = "NAME",
            description =
                    "crc32c or sha256: what is shown of the file. What arrives is compared by its"
                            + " CRC-32C in any case; a SHA-256 takes more time. An"
                            + " s3:// object has a SHA-256 unless told otherwise.")
    private @Nullable String checksum;

    @Option(
            names = "--fsync",
            description =
                    "Wait until the disk has the file, so that it survives a power cut right"
                            + " behind the command's end.")
    private boolean fsync;

    @Option(names = "--force", description = "Replace a file or object that is there.")
    private boolean force;

    ExportFile(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    @Override
    public Integer call() {
        if (to == null) {
            throw usage("Say --to FILE, or --to - for standard output");
        }
        var body = body(to);
        if (S3Address.isOne(to)) {
            return toObject(to, body);
        }
        if (toConnection != null) {
            throw usage("--to-connection is for s3:// addresses, and '%s' is none".formatted(to));
        }
        var file = to.equals(OUTPUT) ? null : Path.of(to);
        if (file != null && !force) {
            PartFile.requireFree(file);
        }
        var api = server.api();
        var export = api.post(ExportList.PATH, body);
        try (var download = new Download(server.terminal(), server::api, export)) {
            var whole = file == null ? toOutput(download) : toFile(download, file);
            say(whole, file == null ? null : file.toString());
        }
        return ExitCode.SUCCESS;
    }

    private int toObject(String uri, ObjectNode body) {
        if (toConnection == null) {
            throw new Failure(
                    "%s is written by a connection, and none is named".formatted(uri),
                    "Add --to-connection NAME; millrace connection list shows them.");
        }
        body.putObject("target")
                .put("connection", toConnection)
                .put("uri", uri)
                .put("replace", force);
        var api = server.api();
        var export = api.post(ExportList.PATH, body);
        say(new Delivery(server.terminal(), api).await(export), uri);
        return ExitCode.SUCCESS;
    }

    private ObjectNode body(String target) {
        var name = ExportName.of(target);
        var chosen = format != null ? format : target.equals(OUTPUT) ? "csv" : name.format();
        if (chosen == null) {
            throw usage("The name '%s' says no format: give a --format".formatted(target));
        }
        return rows.source(server.api())
                .put("format", chosen)
                .put("compression", compression != null ? compression : name.compression())
                .put("guardFormulas", guardFormulas)
                .put(
                        "checksum",
                        checksum != null
                                ? checksum
                                : S3Address.isOne(target) ? "sha256" : "crc32c");
    }

    private ParameterException usage(String what) {
        return new ParameterException(
                Objects.requireNonNull(spec, "set by picocli").commandLine(), what);
    }

    private JsonNode toOutput(Download download) {
        return download.copyTo(new StandardOutput(server.terminal().out()));
    }

    /// A PrintStream keeps to itself that nobody reads any more.
    private static final class StandardOutput extends OutputStream {
        private final PrintStream out;

        StandardOutput(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            if (out.checkError()) {
                throw new IOException("nobody reads standard output any more");
            }
        }
    }

    private JsonNode toFile(Download download, Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                try (OutputStream device = Files.newOutputStream(file)) {
                    return download.copyTo(device); // a pipe, or a device such as /dev/null
                }
            }
            try (var part = new PartFile(file, force, fsync)) {
                var whole = download.fill(part);
                part.keep();
                return whole;
            }
        } catch (IOException e) {
            throw new Failure("Could not write '%s': %s".formatted(file, e.getMessage()), null, e);
        }
    }

    private void say(JsonNode export, @Nullable String file) {
        var terminal = server.terminal();
        if (server.json() && file != null) {
            server.print(export);
            return;
        }
        var line =
                String.format(
                        Locale.ROOT,
                        "%,d rows, %,d bytes%s, %s.%n  %s",
                        export.path("rows").asLong(),
                        export.path("bytes").asLong(),
                        file == null ? "" : " in " + file,
                        checked(export),
                        checksum(export));
        if (file == null) {
            terminal.err().println(line);
        } else {
            terminal.say(line);
        }
    }

    /// `sha256` or `crc32c` and what it is.
    static String checksum(JsonNode export) {
        var name = export.path("checksum").asText();
        return name + " " + export.path(name).asText();
    }

    private static String checked(JsonNode export) {
        return switch (export.path("verified").asText()) {
            case "QUERY_LOG" -> "as many rows as ClickHouse's query log says";
            case "FOOTER" -> "as many rows as ClickHouse wrote at the file's end";
            default -> "the answer's end arrived (no right to compare with the query log)";
        };
    }
}
