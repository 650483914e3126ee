package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A JSON object of a request, read exactly: what is not known is refused, not ignored.
///
/// @param what names it at the beginning of a sentence, such as `The body`
/// @param code what its faults are
record JsonObject(ObjectNode node, String what, ErrorCode code) {

    /// @throws MillraceException of this code when it is not an object
    static JsonObject of(JsonNode node, String what, ErrorCode code) {
        if (node instanceof ObjectNode object) {
            return new JsonObject(object, what, code);
        }
        throw new MillraceException(
                code, "%s is not a JSON object but %s".formatted(what, kind(node)));
    }

    /// Refuses every key but these.
    JsonObject withOnly(String... known) {
        for (var property : node.properties()) {
            if (!List.of(known).contains(property.getKey())) {
                throw new MillraceException(
                        code,
                        "%s has the unknown key '%s'".formatted(what, property.getKey()),
                        "Known: %s.".formatted(String.join(", ", known)),
                        null);
            }
        }
        return this;
    }

    boolean has(String key) {
        return node.has(key);
    }

    /// What stands at a key.
    JsonNode required(String key) {
        var value = node.get(key);
        if (value == null) {
            throw new MillraceException(code, "%s has no '%s'".formatted(what, key));
        }
        return value;
    }

    String requiredText(String key) {
        return asText(key, required(key));
    }

    /// A text, or null when it is not there or null.
    @Nullable String text(String key) {
        var value = node.get(key);
        return value == null || value.isNull() ? null : asText(key, value);
    }

    /// Whether something other than null stands at a key.
    boolean says(String key) {
        return node.hasNonNull(key);
    }

    /// What an object holds, or null when it is not there or null.
    @Nullable JsonObject object(String key) {
        var value = node.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return new JsonObject(object, what, code);
        }
        throw wrong(key, "is not an object but", value);
    }

    /// True or false, or null when it is not there or null.
    @Nullable Boolean flag(String key) {
        var value = node.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        throw wrong(key, "is neither true nor false but", value);
    }

    /// A whole number from 0 to 2³¹ - 1, or null when it is not there or null.
    @Nullable Integer count(String key) {
        var value = node.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        try {
            return Integer.parseUnsignedInt(value.isNumber() ? value.asText() : "");
        } catch (NumberFormatException e) {
            throw wrong(key, "is not a whole number but", value);
        }
    }

    /// A text, or a number or truth value as it is spelled; null when it is not there or null.
    @Nullable String spelled(String key) {
        var value = node.get(key);
        return value == null || value.isNull() ? null : spelled(key, value);
    }

    private String spelled(String key, JsonNode value) {
        if (value.isTextual() || value.isNumber() || value.isBoolean()) {
            return value.asText();
        }
        throw wrong(key, "is neither a text, a number, true nor false but", value);
    }

    /// The texts of an array; none when it is not there or null.
    List<String> texts(String key) {
        return elements(key).map(value -> asText(key, value)).toList();
    }

    /// The same of texts, numbers and truth values.
    List<String> spelledList(String key) {
        return elements(key).map(value -> spelled(key, value)).toList();
    }

    /// The objects of an array; none when it is not there or null.
    List<JsonObject> objects(String key) {
        return objects(key, "%s: '%s'".formatted(what, key));
    }

    /// The objects of an array, each named by its place, such as `joins[1]`; none when it is not
    /// there or null.
    ///
    /// @param place of the array
    List<JsonObject> objects(String key, String place) {
        var found = elements(key).toList();
        return IntStream.range(0, found.size())
                .mapToObj(i -> of(found.get(i), "%s[%d]".formatted(place, i), code))
                .toList();
    }

    private Stream<JsonNode> elements(String key) {
        var value = node.get(key);
        if (value == null || value.isNull()) {
            return Stream.empty();
        }
        if (value instanceof ArrayNode array) {
            return array.valueStream();
        }
        throw wrong(key, "is not an array but", value);
    }

    private MillraceException wrong(String key, String how, JsonNode value) {
        return new MillraceException(code, "%s: '%s' %s %s".formatted(what, key, how, kind(value)));
    }

    private String asText(String key, JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        throw wrong(key, "is not a text but", value);
    }

    /// Names a value for a message, cut to a readable length.
    static String kind(JsonNode node) {
        if (node.isMissingNode()) {
            return "empty";
        }
        if (node.isContainerNode()) {
            return node.isArray() ? "an array" : "an object";
        }
        var text = node.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
