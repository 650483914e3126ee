package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "false",
                "\"a\\\"\\\\\\n\"",
                "-0",
                "2147483648",
                "9223372036854775808",
                "123456789012345678901234567890",
                "0.10",
                "1.0E+400",
                "[[],[{}],{\"a\":[1,2.50,null,\"x\"]}]",
                "{\"b\":1,\"a\":{\"ä\":\"€\"}}"
            })
    void whatIsReadIsPrintedAsItWas(String text) throws IOException {
        assertThat(new String(Json.bytes(read(text)), StandardCharsets.UTF_8))
                .isEqualTo(text.equals("-0") ? "0" : text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "[1,",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,\"a\":2}",
                "[{\"x\":{\"a\":1,\"a\":1}}]",
                "1 2",
                "{} x",
                "nul",
                "[1}",
                "NaN",
                "01"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
    }

    @Test
    void nestingHasAnEnd() {
        var text = "[".repeat(100_000);

        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
    }

    private static JsonNode read(String text) throws IOException {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
