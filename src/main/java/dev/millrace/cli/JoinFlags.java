package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A join, by flags or by a file.
final class JoinFlags {
    @Option(
            names = "--table",
            paramLabel = "TABLE[=ALIAS]",
            description =
                    "A table, as TABLE or DATABASE.TABLE, and what the rest calls it. The first one"
                            + " is joined by the others, in their order.")
    private List<String> tables = List.of();

    @Option(
            names = "--columns",
            paramLabel = "COLUMNS",
            description =
                    "The columns with commas between, as COLUMN, ALIAS.COLUMN or with 'as NAME'."
                            + " All if not said.")
    private List<String> columns = List.of();

    @Option(
            names = "--join",
            paramLabel = "JOIN",
            description =
                    "How each table after the first is joined: inner, left, right or full, and"
                            + " conditions with 'and' between, each of =, <, <=, >, >=.")
    private List<String> joins = List.of();

    @Option(
            names = "--where",
            paramLabel = "FILTER",
            description =
                    "COLUMN, an operator and a value: =, !=, <, <=, >, >=, in (…), not in (…),"
                            + " between … and …, like, not like, ilike, is null, is not null. Can be"
                            + " said several times; all have to hold.")
    private List<String> filters = List.of();

    @Option(
            names = "--order-by",
            paramLabel = "COLUMNS",
            description = "Columns with commas between, each perhaps with desc.")
    private List<String> orderBy = List.of();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The whole join as JSON, as the API takes it, in place of other flags.")
    private @Nullable String file;

    /// As the API takes it.
    ObjectNode json() {
        if (file != null) {
            return read(file);
        }
        if (tables.isEmpty()) {
            throw new Failure("No table is named", "Name one with --table, or a --file.");
        }
        var join = Json.object();
        tables.forEach(each -> join.withArray("tables").add(JoinWords.table(each, "--table")));
        columns.forEach(each ->
                JoinWords.columns(each, "--columns").forEach(join.withArray("columns")::add));
        joins.forEach(each -> join.withArray("joins").add(JoinWords.join(each, "--join")));
        filters.forEach(each -> join.withArray("filters").add(JoinWords.filter(each, "--where")));
        orderBy.forEach(each ->
                JoinWords.orderings(each, "--order-by").forEach(join.withArray("orderBy")::add));
        return join;
    }

    private static ObjectNode read(String file) {
        try {
            if (Json.read(Files.readAllBytes(Path.of(file))) instanceof ObjectNode join) {
                return join;
            }
            throw new IOException("it is no JSON object");
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
    }
}
