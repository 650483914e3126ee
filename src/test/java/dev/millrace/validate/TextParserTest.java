package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.RejectionCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "1234567",
                "12345678",
                "123456789",
                " spaces stay ",
                "\t",
                "Fruit Shop™",
                "Köln Nights",
                "龍の財宝",
                "🂡🂢",
                "a\u0000b",
                "\uFEFF",
                "\u07FF\u0800\uFFFF",
                "NULL"
            })
    void aTextIsItself(String text) {
        assertThat(OneField.read("String", text).text()).isEqualTo(text);
        assertThat(OneField.read("String", ListedRecords.Field.quoted(text)).text())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {126, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152})
    void lengthsAreUnsignedLeb128(int length) {
        var text = "x".repeat(length);
        assertThat(OneField.read("String", text).text()).isEqualTo(text);
    }

    @Test
    void bytesThatAreNotUtf8AreAnInvalidEncoding() {
        var broken =
                List.of(
                        new int[] {0x80},
                        new int[] {0xC0, 0x80},
                        new int[] {0xC1, 0xBF},
                        new int[] {0xC3},
                        new int[] {0xC3, 0x28},
                        new int[] {0xE0, 0x9F, 0xBF},
                        new int[] {0xE2, 0x84},
                        new int[] {0xED, 0xA0, 0x80},
                        new int[] {0xED, 0xBF, 0xBF},
                        new int[] {0xF0, 0x8F, 0xBF, 0xBF},
                        new int[] {0xF4, 0x90, 0x80, 0x80},
                        new int[] {0xF5, 0x80, 0x80, 0x80},
                        new int[] {0xFF},
                        new int[] {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 0xE4});
        for (var bytes : broken) {
            var field = OneField.read("String", ListedRecords.Field.ofBytes(bytes));
            assertThat(field.error())
                    .as(Arrays.toString(bytes))
                    .isEqualTo(RejectionCode.INVALID_ENCODING);
            assertThat(field.observed()).contains("\uFFFD");
        }
    }

    @Test
    void bytesThatAreNotUtf8AreAnInvalidEncodingInANumberToo() {
        assertThat(OneField.read("UInt8", ListedRecords.Field.ofBytes('1', 0xFF)).error())
                .isEqualTo(RejectionCode.INVALID_ENCODING);
    }

    @Test
    void whatIsUtf8IsWhatTheJdkSays() {
        var random = new Random(3);
        for (var i = 0; i < 200_000; i++) {
            var bytes = nearUtf8(random);
            assertThat(Utf8.isValid(bytes, 0, bytes.length))
                    .as(Arrays.toString(bytes))
                    .isEqualTo(isUtf8(bytes));
        }
    }

    /// Characters of all lengths in a row, one byte of them spoiled half of the time.
    private static byte[] nearUtf8(Random random) {
        var out = new ByteArrayOutputStream();
        for (var n = random.nextInt(1, 12); n > 0; n--) {
            var point = random.nextInt(0x110000) >>> random.nextInt(21);
            if (point < 0xD800 || point > 0xDFFF) {
                out.writeBytes(Character.toString(point).getBytes(UTF_8));
            }
        }
        var bytes = out.toByteArray();
        if (bytes.length > 0 && random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, bytes.length / 2) : bytes;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }
}
