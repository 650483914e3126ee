package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// A table of the user's own, and the model that a file gets there: of the table's columns and
/// types, each with the file's column that has its name.
///
/// @param name `DB.TABLE`
/// @param columns as ClickHouse tells them: `name`, `type` and `default_kind`
record OwnTable(String name, List<JsonNode> columns) {
    private static final String PATH = "/api/v1/sql?format=JSON";

    /// What a proposal says of a column beside its type, and for which types that can be said.
    private static final Map<String, Predicate<String>> READINGS =
            Map.of(
                    "nullMarkers",
                    type -> type.contains("Nullable(") && !type.contains("String"),
                    "dateFormats",
                    type -> type.contains("Date"),
                    "decimalSeparator",
                    OwnTable::isNumber,
                    "groupSeparator",
                    OwnTable::isNumber,
                    "allowNonFinite",
                    type -> type.contains("Float"),
                    "nested",
                    type -> type.endsWith("String)") || type.equals("String"));

    private static final Pattern NUMBER =
            Pattern.compile("(Nullable\\()?(U?Int\\d|Decimal|Float).*");

    /// A column of the file in one of the table.
    ///
    /// @param proposed what is proposed for it alone
    /// @param evidence what led to that
    record Pair(JsonNode column, JsonNode proposed, JsonNode evidence) {
        String name() {
            return column.path("name").asText();
        }

        String type() {
            return column.path("type").asText();
        }
    }

    /// What of a file goes where.
    ///
    /// @param pairs in the table's order
    /// @param unknown the file's columns that the table lacks, or that take no values there
    record Fit(List<Pair> pairs, List<String> unknown) {}

    /// Asks what the table is.
    ///
    /// @throws Failure when it is not there
    static OwnTable of(Api api, String name) {
        var point = name.indexOf('.');
        var sql =
                "SELECT name, type, default_kind FROM system.columns"
                        + " WHERE database = %s AND table = %s ORDER BY position"
                                .formatted(
                                        literal(name.substring(0, point)),
                                        literal(name.substring(point + 1)));
        try (var answer = api.open(PATH, sql, "*/*")) {
            var columns = answer.json().path("data").valueStream().toList();
            if (columns.isEmpty()) {
                throw new Failure(
                        "There is no table %s that Millrace's reader may see".formatted(name),
                        "Make it first, or grant its reader SELECT on it; or leave out the database:"
                                + " then Millrace makes the table.");
            }
            return new OwnTable(name, columns);
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static boolean isNumber(String type) {
        return NUMBER.matcher(type).matches();
    }

    /// @param byPlace whether the file has no header: its fields are the table's columns in order
    /// @throws Failure when a column of the table has to have a value and the file has none
    Fit fit(ProposedModel proposed, boolean byPlace) {
        var schemas = proposed.schema().path("columns");
        var left = new ArrayList<Integer>();
        for (var i = 0; i < schemas.size(); i++) {
            left.add(i);
        }
        var pairs = new ArrayList<Pair>();
        var missing = new ArrayList<String>();
        for (var column : takers()) {
            var at =
                    byPlace
                            ? (left.isEmpty() ? -1 : left.getFirst())
                            : find(column, proposed, left);
            if (at >= 0) {
                left.remove((Integer) at);
                pairs.add(new Pair(column, schemas.path(at), proposed.columns().path(at)));
                if (!isOptional(column)) {
                    proposed.lacking(schemas.path(at).path("name").asText())
                            .map(source -> "%s (in '%s')".formatted(name(column), source))
                            .forEach(missing::add);
                }
            } else if (byPlace || !isOptional(column)) {
                missing.add(name(column));
            }
        }
        if (!missing.isEmpty()) {
            throw new Failure(
                    byPlace
                            ? "The source has %d fields, and the table %s %d columns"
                                    .formatted(schemas.size(), name, takers().size())
                            : "The source lacks columns of the table %s that are not Nullable and have"
                                            .formatted(name)
                                    + " no default: "
                                    + String.join(", ", missing),
                    byPlace
                            ? "Name the fields: --columns a,b,c"
                            : "Give the source these columns, or the table's columns defaults.");
        }
        return new Fit(
                pairs,
                left.stream().map(i -> proposed.columns().path(i).path("field").asText()).toList());
    }

    private static String name(JsonNode column) {
        return column.path("name").asText();
    }

    /// The columns that an insert may name.
    private List<JsonNode> takers() {
        return columns.stream()
                .filter(column -> {
                    var kind = column.path("default_kind").asText();
                    return (kind.isEmpty() || kind.equals("DEFAULT"))
                            && !column.path("name").asText().startsWith("_millrace_");
                })
                .toList();
    }

    private static boolean isOptional(JsonNode column) {
        var type = column.path("type").asText();
        return !column.path("default_kind").asText().isEmpty()
                || type.startsWith("Nullable(")
                || type.startsWith("LowCardinality(Nullable(");
    }

    private static int find(JsonNode column, ProposedModel proposed, List<Integer> among) {
        var name = column.path("name").asText();
        for (var i : among) {
            if (proposed.columns().path(i).path("field").asText().equals(name)) {
                return i;
            }
        }
        for (var i : among) {
            if (FieldName.loose(proposed.columns().path(i).path("field").asText())
                    .equals(FieldName.loose(name))) {
                return i;
            }
        }
        return -1;
    }

    /// The model's definition.
    ObjectNode schema(Fit fit, boolean byPlace) {
        var schema = Json.object().put("table", name).put("existingTable", true);
        var into = schema.putArray("columns");
        for (var pair : fit.pairs()) {
            var column = into.addObject().put("name", pair.name()).put("type", pair.type());
            READINGS.forEach((key, suits) -> {
                if (pair.proposed().has(key) && suits.test(pair.type())) {
                    column.set(key, pair.proposed().path(key));
                }
            });
            var field = pair.evidence().path("field").asText();
            if (!byPlace && !field.equals(pair.name())) {
                column.putArray("sourceNames").add(field);
            }
        }
        return schema;
    }

    /// Shows which column of the file goes where.
    void print(Fit fit, Terminal terminal) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("COLUMN", "TYPE", "IN THE SOURCE", "WOULD BE"));
        for (var pair : fit.pairs()) {
            rows.add(
                    List.of(
                            pair.name(),
                            pair.type(),
                            pair.evidence().path("field").asText(),
                            pair.evidence().path("type").asText()));
        }
        terminal.out().print(TextTable.of(rows));
        terminal.say(
                "The types are those of the table %s: values that they do not hold will be rejected."
                        .formatted(name));
    }
}
