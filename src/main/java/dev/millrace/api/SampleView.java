package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Sample;
import dev.millrace.explore.Discovery;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// First rows as JSON. Every value is exact: what a number of JavaScript would round is a text.
final class SampleView {
    private static final Pattern WIDE = Pattern.compile("\\b(U?Int(64|128|256)|Decimal)");
    private static final BigDecimal MOST = BigDecimal.valueOf((1L << 53) - 1);
    private static final int SAFE_DIGITS = 17;

    private SampleView() {}

    static ObjectNode of(Discovery.Preview preview) {
        var sample = preview.sample();
        var names = Json.parseValue(sample.names());
        var types = Json.parseValue(sample.types());
        var view = Json.object().put("sql", preview.sql());
        var columns = view.putArray("columns");
        var wide = new ArrayList<Boolean>();
        for (var i = 0; i < names.size(); i++) {
            var type = types.path(i).asText();
            columns.addObject().put("name", names.path(i).asText()).put("type", type);
            wide.add(WIDE.matcher(type).find());
        }
        if (names.isEmpty()) {
            // no row, and so no names before it
            preview.columns().forEach(each -> columns.add(ExploreRoutes.resultColumn(each)));
        }
        var rows = view.putArray("rows");
        sample.rows().forEach(row -> rows.add(row(Json.parseValue(row), wide)));
        view.put("more", sample.more());
        view.set("incomplete", incomplete(sample));
        return view.put("bounded", sample.bounded());
    }

    private static ArrayNode row(JsonNode row, List<Boolean> wide) {
        var cells = JsonNodeFactory.instance.arrayNode(row.size());
        for (var i = 0; i < row.size(); i++) {
            cells.add(exact(row.get(i), wide.get(i)));
        }
        return cells;
    }

    /// A server whose user may set nothing writes wide numbers as numbers.
    private static JsonNode exact(JsonNode value, boolean wide) {
        if (!wide) {
            return value;
        }
        if (value.isNumber()) {
            return JsonNodeFactory.instance.textNode(value.asText());
        }
        if (value instanceof ArrayNode array) {
            var cells = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(each -> cells.add(nested(each)));
            return cells;
        }
        if (value instanceof ObjectNode object) {
            var fields = Json.object();
            object.properties().forEach(each -> fields.set(each.getKey(), nested(each.getValue())));
            return fields;
        }
        return value;
    }

    /// Of several types, which the value does not tell: by how many digits there are.
    private static JsonNode nested(JsonNode value) {
        return value.isNumber() && isSafe(value.asText()) ? value : exact(value, true);
    }

    private static boolean isSafe(String number) {
        if (number.chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
            return new BigDecimal(number).abs().compareTo(MOST) <= 0;
        }
        return number.chars().filter(Character::isDigit).count() <= SAFE_DIGITS;
    }

    private static JsonNode incomplete(Sample sample) {
        var cut = sample.cut();
        if (cut == null) {
            return NullNode.getInstance();
        }
        var message =
                switch (cut) {
                    case READ_LIMIT ->
                            "The server stopped reading after %d rows: these are the first rows of"
                                            .formatted(sample.rowsRead())
                                    + " what those gave, and the whole query may give others";
                    case TIME_LIMIT ->
                            "The server stopped when the time for a preview was over: the whole"
                                    + " query may give others";
                    case SIZE_LIMIT ->
                            "The rows are so long that fewer of them are shown than were asked for";
                };
        return Json.object().put("why", cut.name()).put("message", message);
    }
}
