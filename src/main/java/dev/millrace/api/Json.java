package dev.millrace.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// JSON in and out, as trees: they keep the document's order, and starting them costs nothing.
final class Json {
    static final String CONTENT_TYPE = "application/json";

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .addModule(
                            new SimpleModule()
                                    .addDeserializer(JsonNode.class, new SpelledNumber.Tree()))
                    .build();

    private static final ObjectMapper VALUES =
            JsonMapper.builder()
                    .addModule(
                            new SimpleModule()
                                    .addDeserializer(JsonNode.class, new SpelledNumber.Tree()))
                    .build();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static <T> ArrayNode array(List<T> things, Function<T, JsonNode> view) {
        var array = JsonNodeFactory.instance.arrayNode(things.size());
        things.forEach(thing -> array.add(view.apply(thing)));
        return array;
    }

    static ArrayNode texts(List<String> texts) {
        return array(texts, JsonNodeFactory.instance::textNode);
    }

    /// `{"items": […]}`.
    static ObjectNode items(ArrayNode items) {
        var node = object();
        node.set("items", items);
        return node;
    }

    /// A moment to the millisecond, or null.
    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void answer(Context ctx, int status, JsonNode node) {
        ctx.status(status).contentType(CONTENT_TYPE).result(bytes(node));
    }

    /// Reads a value that a server has written: a key that comes twice is its own affair.
    static JsonNode parseValue(String text) {
        try {
            return VALUES.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads the request's body.
    ///
    /// @throws MillraceException INVALID_REQUEST when it is not one JSON object
    static JsonObject read(Context ctx) throws IOException {
        return parse(RequestBody.read(ctx));
    }

    /// Reads the request's body, which may be left out.
    ///
    /// @throws MillraceException INVALID_REQUEST when there is one that is not one JSON object
    static JsonObject readIfAny(Context ctx) throws IOException {
        var body = RequestBody.read(ctx);
        return body.length == 0
                ? JsonObject.of(object(), "The body", ErrorCode.INVALID_REQUEST)
                : parse(body);
    }

    private static JsonObject parse(byte[] body) throws IOException {
        JsonNode node;
        try {
            node = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The body is not valid JSON: %s (line %d, column %d)"
                            .formatted(
                                    e.getOriginalMessage(),
                                    at == null ? 1 : at.getLineNr(),
                                    at == null ? 1 : at.getColumnNr()),
                    e);
        }
        return JsonObject.of(node, "The body", ErrorCode.INVALID_REQUEST);
    }
}
