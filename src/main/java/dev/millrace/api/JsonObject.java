package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.List;
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

    private String asText(String key, JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        throw new MillraceException(
                code, "%s: '%s' is not a text but %s".formatted(what, key, kind(value)));
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
