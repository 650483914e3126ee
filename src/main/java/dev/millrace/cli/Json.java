package dev.millrace.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/// JSON as trees, read strictly and printed as it was: a key that comes twice is an error, not a
/// value that is lost, and a number keeps its digits.
///
/// Trees are built here, out of the parser's tokens, and the library's mapper is left to what
/// prints: it begins with the calendars of all languages, a sixth of a short command's time.
final class Json {
    private static final JsonFactory TOKENS =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /// @throws IOException when the text is no JSON
    static JsonNode read(byte[] text) throws IOException {
        try (var tokens = TOKENS.createParser(text)) {
            var first = tokens.nextToken();
            if (first == null) {
                throw new IOException("it is empty");
            }
            var node = node(tokens, first);
            if (tokens.nextToken() != null) {
                throw new IOException("more follows after its end");
            }
            return node;
        }
    }

    /// As deep as the parser lets it be nested: a thousand levels.
    private static JsonNode node(JsonParser tokens, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> objectNode(tokens);
            case START_ARRAY -> arrayNode(tokens);
            case VALUE_STRING -> NODES.textNode(tokens.getText());
            case VALUE_NUMBER_INT ->
                    switch (tokens.getNumberType()) {
                        case INT -> NODES.numberNode(tokens.getIntValue());
                        case LONG -> NODES.numberNode(tokens.getLongValue());
                        default -> NODES.numberNode(tokens.getBigIntegerValue());
                    };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(tokens.getDecimalValue());
            case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(token == JsonToken.VALUE_TRUE);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new IOException("%s where a value should be".formatted(token));
        };
    }

    private static ObjectNode objectNode(JsonParser tokens) throws IOException {
        var node = NODES.objectNode();
        while (tokens.nextToken() == JsonToken.FIELD_NAME) {
            var name = tokens.currentName();
            node.set(name, node(tokens, tokens.nextToken()));
        }
        return node;
    }

    private static ArrayNode arrayNode(JsonParser tokens) throws IOException {
        var node = NODES.arrayNode();
        for (var token = tokens.nextToken();
                token != JsonToken.END_ARRAY;
                token = tokens.nextToken()) {
            node.add(node(tokens, token));
        }
        return node;
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static byte[] bytes(JsonNode node) {
        try {
            return Printing.MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// For a person.
    static String pretty(JsonNode node) {
        try {
            return Printing.PRETTY.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Made when something is printed.
    private static final class Printing {
        private static final ObjectMapper MAPPER = new ObjectMapper();
        private static final ObjectWriter PRETTY =
                MAPPER.writer(
                        new DefaultPrettyPrinter(
                                        Separators.createDefaultInstance()
                                                .withObjectFieldValueSpacing(
                                                        Separators.Spacing.AFTER))
                                .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE));

        private Printing() {}
    }
}
