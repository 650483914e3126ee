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
    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description =
                    "Such as utf-8, utf-16le, windows-1252, iso-8859-2, shift_jis or gb18030;"
                            + " detected otherwise.")
    private @Nullable String encoding;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "What stands between fields, or `tab`; detected otherwise.")
    private @Nullable String delimiter;

    @Option(
            names = "--quote",
            paramLabel = "CHAR",
            description = "What stands around fields, or `none`; detected otherwise.")
    private @Nullable String quote;

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

    private Map<String, String> said() {
        var said = new LinkedHashMap<String, @Nullable String>();
        said.put("encoding", encoding);
        said.put("delimiter", delimiter);
        said.put("quote", quote);
        said.put("columns", headerless == null ? null : headerless.columns());
        var known = new LinkedHashMap<String, String>();
        said.forEach((name, value) -> {
            if (value != null) {
                known.put(name, value);
            }
        });
        return known;
    }

    /// Adds what was said.
    void putInto(ObjectNode body) {
        said().forEach(body::put);
    }

    /// The same for a query, with something before it.
    ///
    /// @param others names and values
    String query(Map<String, String> others) {
        var all = new LinkedHashMap<>(others);
        all.putAll(said());
        var query =
                all.entrySet().stream()
                        .map(e -> e.getKey() + "=" + Api.part(e.getValue()))
                        .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    /// What to call a source by itself.
    static String name(String file) {
        return file.equals("-") ? "stdin" : String.valueOf(Path.of(file).getFileName());
    }
}
