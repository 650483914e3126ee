package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Column;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Keep;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.PartitionKey;
import dev.millrace.core.UnknownColumns;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model's definition as users write it in JSON, short or full, and as they get it back: full.
/// Columns come in the document's order.
final class ModelSchema {
    private static final String WHAT = "The schema";
    private static final String DEFAULT_EVENT_ID = "event_id";

    private ModelSchema() {}

    /// @throws MillraceException INVALID_MODEL saying what is wrong
    static ModelDefinition parse(JsonNode schema) {
        var object = JsonObject.of(schema, WHAT, ErrorCode.INVALID_MODEL);
        // A text there is the type of a column that is called `columns`.
        return object.has("columns") && !object.required("columns").isTextual()
                ? full(object)
                : shortForm(object.node());
    }

    private static ModelDefinition shortForm(ObjectNode schema) {
        for (var column : schema.properties()) {
            if (!column.getValue().isTextual()) {
                throw new MillraceException(
                        ErrorCode.INVALID_MODEL,
                        "Column '%s': its type is not a text such as \"String\" but %s"
                                .formatted(column.getKey(), JsonObject.kind(column.getValue())),
                        "To say more of a column than its type, put the columns into \"columns\":"
                                + " {\"columns\": {\"amount\": {\"type\": \"Float64\", …}}}.",
                        null);
            }
        }
        var columns = columnsByName(schema, ColumnSchema.PLAIN);
        var eventId = defaultEventId(columns);
        return new ModelDefinition(columns, null, eventId, defaultOrder(columns, eventId), null);
    }

    private static ModelDefinition full(JsonObject schema) {
        schema.withOnly(
                "columns",
                "table",
                "existingTable",
                "eventId",
                "key",
                "keep",
                "orderBy",
                "partitionBy",
                "unknownColumns",
                "nullMarkers",
                "dateFormats",
                "outerBlanks");
        var forAll =
                new ColumnSchema(
                        schema.texts("nullMarkers"),
                        schema.texts("dateFormats"),
                        ColumnSchema.outerBlanks(schema));
        var columns = columns(schema.required("columns"), forAll);
        var eventId = schema.has("eventId") ? schema.text("eventId") : defaultEventId(columns);
        var key = schema.texts("key");
        var existing = Boolean.TRUE.equals(schema.flag("existingTable"));
        var orderBy =
                schema.says("orderBy") || existing
                        ? schema.texts("orderBy")
                        : key.isEmpty() ? defaultOrder(columns, eventId) : key;
        var partition = schema.text("partitionBy");
        return new ModelDefinition(
                columns,
                schema.text("table"),
                existing,
                eventId,
                key,
                keep(schema.text("keep")),
                orderBy,
                partition == null ? null : PartitionKey.parse(partition, columns),
                unknownColumns(schema.text("unknownColumns")));
    }

    private static Keep keep(@Nullable String text) {
        return switch (text) {
            case null -> Keep.ALL;
            case "all" -> Keep.ALL;
            case "latest" -> Keep.LATEST;
            default -> throw invalid("'keep' is neither all nor latest but " + text);
        };
    }

    private static UnknownColumns unknownColumns(@Nullable String text) {
        return switch (text) {
            case null -> UnknownColumns.IGNORE;
            case "ignore" -> UnknownColumns.IGNORE;
            case "reject" -> UnknownColumns.REJECT;
            default -> throw invalid("'unknownColumns' is neither ignore nor reject but " + text);
        };
    }

    private static List<Column> columns(JsonNode columns, ColumnSchema forAll) {
        if (columns instanceof ObjectNode byName) {
            return columnsByName(byName, forAll);
        }
        if (!(columns instanceof ArrayNode array)) {
            throw invalid(
                    "'columns' is neither an object nor an array but " + JsonObject.kind(columns));
        }
        var list = new ArrayList<Column>(array.size());
        for (var element : array) {
            list.add(forAll.parse(list.size() + 1, element));
        }
        return list;
    }

    private static List<Column> columnsByName(ObjectNode columns, ColumnSchema forAll) {
        return columns.properties().stream()
                .map(c -> forAll.parse(c.getKey(), c.getValue()))
                .toList();
    }

    private static @Nullable String defaultEventId(List<Column> columns) {
        return columns.stream().anyMatch(c -> c.name().equals(DEFAULT_EVENT_ID))
                ? DEFAULT_EVENT_ID
                : null;
    }

    private static List<String> defaultOrder(List<Column> columns, @Nullable String eventId) {
        return columns.stream()
                .filter(c -> c.name().equals(eventId) && !c.type().isNullable())
                .map(Column::name)
                .toList();
    }

    /// The full form; parsing it gives the same definition.
    static ObjectNode view(ModelDefinition definition) {
        var view = Json.object();
        view.set("columns", Json.array(definition.columns(), ColumnSchema::view));
        view.put("table", definition.table());
        view.put("existingTable", definition.existingTable());
        view.put("eventId", definition.eventId());
        view.set("key", Json.texts(definition.key()));
        view.put(
                "keep",
                switch (definition.keep()) {
                    case ALL -> "all";
                    case LATEST -> "latest";
                });
        view.set("orderBy", Json.texts(definition.orderBy()));
        var partition = definition.partitionBy();
        view.put("partitionBy", partition == null ? null : partition.text());
        return view.put(
                "unknownColumns",
                switch (definition.unknownColumns()) {
                    case IGNORE -> "ignore";
                    case REJECT -> "reject";
                });
    }

    private static MillraceException invalid(String what) {
        return new MillraceException(ErrorCode.INVALID_MODEL, WHAT + ": " + what);
    }
}
