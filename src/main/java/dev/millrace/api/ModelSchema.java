package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.PartitionKey;
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
        var columns = columnsByName(schema);
        var eventId = defaultEventId(columns);
        return new ModelDefinition(columns, null, eventId, defaultOrder(columns, eventId), null);
    }

    private static ModelDefinition full(JsonObject schema) {
        schema.withOnly("columns", "table", "eventId", "orderBy", "partitionBy");
        var columns = columns(schema.required("columns"));
        var eventId = schema.has("eventId") ? schema.text("eventId") : defaultEventId(columns);
        var orderBy =
                schema.has("orderBy")
                        ? names(schema.required("orderBy"))
                        : defaultOrder(columns, eventId);
        var partition = schema.text("partitionBy");
        return new ModelDefinition(
                columns,
                schema.text("table"),
                eventId,
                orderBy,
                partition == null ? null : PartitionKey.parse(partition, columns));
    }

    private static List<Column> columns(JsonNode columns) {
        if (columns instanceof ObjectNode byName) {
            return columnsByName(byName);
        }
        if (!(columns instanceof ArrayNode array)) {
            throw invalid(
                    "'columns' is neither an object nor an array but " + JsonObject.kind(columns));
        }
        var list = new ArrayList<Column>(array.size());
        for (var element : array) {
            var what = "Column %d".formatted(list.size() + 1);
            var column =
                    JsonObject.of(element, what, ErrorCode.INVALID_MODEL).withOnly("name", "type");
            list.add(column(column.requiredText("name"), column.required("type")));
        }
        return list;
    }

    private static List<Column> columnsByName(ObjectNode columns) {
        return columns.properties().stream().map(c -> column(c.getKey(), c.getValue())).toList();
    }

    private static Column column(String name, JsonNode type) {
        if (!type.isTextual()) {
            throw invalid(
                    "The type of column '%s' is not a text such as \"String\" but %s"
                            .formatted(name, JsonObject.kind(type)));
        }
        return new Column(name, ColumnTypes.parse(type.textValue()));
    }

    private static List<String> names(JsonNode orderBy) {
        if (!(orderBy instanceof ArrayNode array)) {
            throw invalid("'orderBy' is not an array of columns but " + JsonObject.kind(orderBy));
        }
        var list = new ArrayList<String>(array.size());
        for (var name : array) {
            if (!name.isTextual()) {
                throw invalid("'orderBy' names a column by " + JsonObject.kind(name));
            }
            list.add(name.textValue());
        }
        return list;
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
        view.set("columns", Json.array(definition.columns(), ModelSchema::view));
        view.put("table", definition.table());
        view.put("eventId", definition.eventId());
        view.set("orderBy", Json.texts(definition.orderBy()));
        var partition = definition.partitionBy();
        return view.put("partitionBy", partition == null ? null : partition.text());
    }

    private static ObjectNode view(Column column) {
        return Json.object().put("name", column.name()).put("type", column.type().name());
    }

    private static MillraceException invalid(String what) {
        return new MillraceException(ErrorCode.INVALID_MODEL, WHAT + ": " + what);
    }
}
