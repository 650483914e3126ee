package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// How a source is read, as far as somebody says it.
final class SourceFlags {
    private static final String TRAILING = "trailingDelimiter";

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
                    "csv (whatever the delimiter), jsonl (a JSON object in each line), json (an"
                            + " array of objects), parquet, avro or xlsx; detected otherwise.")
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
            description = "Lines that begin with it are no records, or `none`; detected otherwise.")
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

    @Option(
            names = "--sheet",
            paramLabel = "NAME",
            description = "Of a workbook: the sheet to read; its first visible one otherwise.")
    private @Nullable String sheet;

    @Option(
            names = "--connection",
            paramLabel = "NAME",
            description = "Of an s3:// address: the connection by which the server fetches it.")
    private @Nullable String connection;

    @ArgGroup private @Nullable FirstRecord firstRecord;

    /// What the first record is.
    private static final class FirstRecord {
        @Option(
                names = "--header",
                description =
                        "The file has a header, also where it could be a row; asked only of one"
                                + " that no model is known for.")
        private boolean header;

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

    /// What `--columns` says, or null.
    @Nullable String columns() {
        return firstRecord == null ? null : firstRecord.columns();
    }

    private Map<String, String> said() {
        var said = new LinkedHashMap<String, @Nullable String>();
        said.put("format", format);
        said.put("encoding", encoding);
        said.put("delimiter", delimiter);
        said.put("quote", quote);
        said.put("escape", escape);
        said.put("comment", comment);
        said.put(TRAILING, trailing == null ? null : trailing.toString());
        said.put("sheet", sheet);
        said.put("skip", skip == null ? null : skip.toString());
        said.put("columns", firstRecord == null ? null : firstRecord.columns());
        var known = new LinkedHashMap<String, String>();
        said.forEach((name, value) -> {
            if (value != null) {
                known.put(name, value);
            }
        });
        return known;
    }

    /// Which connection is named, or null.
    @Nullable String connection() {
        return connection;
    }

    /// What a source that the server fetches is, for a request.
    ///
    /// @param address for which [S3Address#isOne] holds
    /// @throws Failure when no connection is named
    Map<String, String> fetched(String address) {
        if (connection == null) {
            throw new Failure(
                    "%s is fetched by a connection, and none is named".formatted(address),
                    "Add --connection NAME; millrace connection list shows them.");
        }
        var fetched = new LinkedHashMap<String, String>();
        fetched.put("connection", connection);
        fetched.put("uri", address);
        return fetched;
    }

    /// @throws Failure when a connection is named for a source that the command sends itself
    void requireFetched(String source) {
        if (connection != null && !S3Address.isOne(source)) {
            throw new Failure(
                    "--connection is for s3:// addresses, and '%s' is none".formatted(source),
                    "Leave it out.");
        }
    }

    /// @throws Failure also when what the server fetches is not alone
    void requireFetched(SourceList sources) {
        requireFetched(sources.first());
        if (sources.isFetched() && !sources.isOne()) {
            throw new Failure(
                    "An s3:// address is alone in its command, and there are %d sources"
                            .formatted(sources.sources().size()),
                    "Write a pattern that all objects match, or load them one by one.");
        }
    }

    /// Whether the file is said to have no header, and no names for its fields are given.
    boolean isUnnamed() {
        return firstRecord != null && firstRecord.noHeader;
    }

    /// Adds what was said.
    void putInto(ObjectNode body) {
        said().forEach((name, value) -> {
            if (name.equals(TRAILING)) {
                body.put(name, Boolean.parseBoolean(value));
            } else {
                body.put(name, value);
            }
        });
    }

    /// The same for a query that looks at a source, with something before it.
    ///
    /// @param others names and values
    String query(Map<String, String> others) {
        var all = new LinkedHashMap<>(others);
        all.putAll(said());
        if (firstRecord != null && firstRecord.header) {
            all.put("header", "true");
        }
        var query =
                all.entrySet().stream()
                        .map(e -> e.getKey() + "=" + Api.part(e.getValue()))
                        .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    /// What to call a source by itself.
    static String name(String file) {
        if (S3Address.isOne(file)) {
            return S3Address.name(file);
        }
        if (WebAddress.isOne(file)) {
            return WebAddress.of(file).name();
        }
        return file.equals("-") ? "stdin" : String.valueOf(Path.of(file).getFileName());
    }
}
