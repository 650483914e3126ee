package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ColumnValues;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.RejectionCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    /// Short and long ones, alone and many to an array, in rows of which some are bad and leave
    /// nothing behind: some megabytes, which no single chunk holds.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void manyTextsStandOneBehindTheOther(long seed) {
        var random = new Random(seed);
        var records = new ListedRecords();
        var texts = new ArrayList<@Nullable Object>();
        var arrays = new ArrayList<@Nullable Object>();
        var rows = 4_000;
        for (var row = 0; row < rows; row++) {
            var text = text(random);
            var elements = Stream.generate(() -> text(random)).limit(random.nextInt(5)).toList();
            var good = random.nextInt(10) > 0;
            records.row(text, "['" + String.join("','", elements) + "']", good ? "1" : "x");
            if (good) {
                texts.add(bytes(text));
                var one = elements.isEmpty() ? List.of("") : elements;
                arrays.add(one.stream().map(TextParserTest::bytes).toList());
            }
        }
        var model =
                OneField.model(
                        new Column("a", ColumnTypes.parse("String")),
                        new Column("b", ColumnTypes.parse("Array(String)")),
                        new Column("c", ColumnTypes.parse("UInt8")));

        var batch =
                new Validator(model, 0, List.of("a", "b", "c"))
                        .validate(records, rows, 100, 10)
                        .batch();

        assertThat(batch.columns().getFirst().runs()).hasSizeGreaterThan(2);
        assertThat(ColumnValues.of(batch.columns().get(0), batch.rows())).isEqualTo(texts);
        assertThat(ColumnValues.of(batch.columns().get(1), batch.rows())).isEqualTo(arrays);
    }

    private static String text(Random random) {
        return "x".repeat(random.nextInt(random.nextInt(500) == 0 ? 300_000 : 1_000));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
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
