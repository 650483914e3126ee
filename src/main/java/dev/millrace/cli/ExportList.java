package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `millrace export list`: all pages as one.
@Command(
        description = "Print all exports, newest first.",
        footer = {"", "Example:", "  millrace export list"})
final class ExportList implements Callable<Integer> {
    static final String PATH = "/api/v1/exports";

    @Mixin private final ServerOptions server;

    ExportList(Terminal terminal) {
        this.server = new ServerOptions(terminal);
    }

    /// @param export an id, or `last`
    static String path(String export) {
        return PATH + "/" + Api.part(export);
    }

    @Override
    public Integer call() {
        var exports = server.api().list(PATH);
        if (server.json()) {
            server.print(exports);
        } else {
            print(server.terminal(), exports.path("items"));
        }
        return ExitCode.SUCCESS;
    }

    /// A table of exports.
    static void print(Terminal terminal, Iterable<JsonNode> exports) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("EXPORT", "STATE", "FORMAT", "ROWS", "BYTES", "PROGRESS", "QUERY"));
        for (var export : exports) {
            var share = export.path("progress");
            rows.add(
                    List.of(
                            export.path("id").asText(),
                            export.path("state").asText(),
                            export.path("format").asText(),
                            String.format(Locale.ROOT, "%,d", export.path("rows").asLong()),
                            String.format(Locale.ROOT, "%,d", export.path("bytes").asLong()),
                            share.isNumber() ? Bar.of(share.asDouble(), 0, 0) : "",
                            export.path("query").asText()));
        }
        terminal.out().print(TextTable.ofShort(rows));
        terminal.out().flush();
    }
}
