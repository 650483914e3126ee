package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class FixedTextParserTest {
    @Property
    void everyTextThatFitsIsItselfAndZerosBehind(
            @ForAll @StringLength(max = 300) String text,
            @ForAll @IntRange(min = 1, max = 256) int width) {
        var read = OneField.read("FixedString(" + width + ")", text);
        var bytes = text.getBytes(UTF_8);
        // A text of jqwik's may hold half a surrogate pair, which getBytes makes a question mark.
        if (bytes.length > width) {
            assertThat(read.error()).isEqualTo(RejectionCode.TOO_LONG);
        } else {
            assertThat(read.bytes()).isEqualTo(Arrays.copyOf(bytes, width));
        }
    }

    @Test
    void lengthIsThatOfTheBytes() {
        assertThat(OneField.read("FixedString(2)", "é").bytes()).containsExactly(0xC3, 0xA9);
        assertThat(OneField.read("FixedString(1)", "é").error()).isEqualTo(RejectionCode.TOO_LONG);
        assertThat(OneField.read("Nullable(FixedString(3))", "abcd").message())
                .isEqualTo(
                        "'abcd' is longer than the 3 bytes of UTF-8 that FixedString(3) holds:"
                                + " shorten it, or make the column String");
    }

    @Test
    void blanksAndEmptyFieldsCountAsInString() {
        assertThat(OneField.read("FixedString(4)", " a ").bytes())
                .containsExactly(' ', 'a', ' ', 0);
        assertThat(OneField.read("FixedString(2)", "").bytes()).containsExactly(0, 0);
        assertThat(OneField.read("Nullable(FixedString(2))", "").isNull()).isTrue();
        var quoted = ListedRecords.Field.quoted("");
        assertThat(OneField.read("Nullable(FixedString(2))", quoted).bytes()).containsExactly(0, 0);
    }

    @Test
    void bytesThatAreNoCharactersAreInvalidEncodingHoweverMany() {
        var read = OneField.read("FixedString(2)", ListedRecords.Field.ofBytes(0xC3, 0x28));
        assertThat(read.error()).isEqualTo(RejectionCode.INVALID_ENCODING);
        var longer = OneField.read("FixedString(2)", ListedRecords.Field.ofBytes(0xFF, 1, 2, 3));
        assertThat(longer.error()).isEqualTo(RejectionCode.INVALID_ENCODING);
    }

    @Test
    void elementsOfAnArrayStandInQuotes() {
        assertThat(OneField.read("Array(FixedString(2))", "['a','']").rejection()).isNull();
        assertThat(OneField.read("Array(FixedString(2))", "[a]").error())
                .isEqualTo(RejectionCode.NOT_AN_ARRAY);
        assertThat(OneField.read("Array(FixedString(2))", "['a','abc']").error())
                .isEqualTo(RejectionCode.TOO_LONG);
    }
}
