package dev.millrace.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A number of a document exactly as it is spelled there: `1.50` is not `1.5` when a person reads
/// it back, `-0` not 0, and no number passes through a double.
final class SpelledNumber extends ValueNode {
    private static final long serialVersionUID = 1L;

    private final String spelling;

    SpelledNumber(String spelling) {
        this.spelling = spelling;
    }

    @Override
    public String asText() {
        return spelling;
    }

    @Override
    public JsonNodeType getNodeType() {
        return JsonNodeType.NUMBER;
    }

    @Override
    public boolean isIntegralNumber() {
        return spelling.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
    }

    @Override
    public JsonToken asToken() {
        return JsonToken.VALUE_NUMBER_FLOAT;
    }

    @Override
    public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
        generator.writeNumber(spelling);
    }

    @Override
    public void serializeWithType(
            JsonGenerator generator, SerializerProvider provider, TypeSerializer types)
            throws IOException {
        serialize(generator, provider);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpelledNumber number && number.spelling.equals(spelling);
    }

    @Override
    public int hashCode() {
        return spelling.hashCode();
    }

    /// Reads a document as a tree with such numbers.
    static final class Tree extends JsonDeserializer<JsonNode> {
        @Override
        public JsonNode deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            var nodes = context.getNodeFactory();
            return switch (parser.currentToken()) {
                case START_OBJECT -> {
                    var object = nodes.objectNode();
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        var name = parser.currentName();
                        parser.nextToken();
                        object.set(name, deserialize(parser, context));
                    }
                    yield object;
                }
                case START_ARRAY -> {
                    var array = nodes.arrayNode();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        array.add(deserialize(parser, context));
                    }
                    yield array;
                }
                case VALUE_STRING -> nodes.textNode(parser.getText());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new SpelledNumber(parser.getText());
                case VALUE_TRUE -> nodes.booleanNode(true);
                case VALUE_FALSE -> nodes.booleanNode(false);
                case VALUE_NULL -> nodes.nullNode();
                case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                        throw context.wrongTokenException(
                                parser, JsonNode.class, JsonToken.START_OBJECT, "no value");
            };
        }
    }
}
