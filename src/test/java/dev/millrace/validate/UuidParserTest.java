package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.RejectionCode;
import java.util.Locale;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UuidParserTest {
    private static final String TEXT = "61f0c404-5cb3-11e7-907b-a6006ad3dba0";

    @Property
    void everyIdentifierIsItselfInEitherCaseWithAndWithoutHyphens(
            @ForAll long high, @ForAll long low) {
        var uuid = new UUID(high, low);
        var text = uuid.toString();
        for (var form : new String[] {text, text.toUpperCase(Locale.ROOT), text.replace("-", "")}) {
            assertThat(value(form)).isEqualTo(uuid);
        }
    }

    @Test
    void everyHexadecimalDigitCountsInEveryPlace() {
        for (var at = 0; at < TEXT.length(); at++) {
            for (var c = 0; c < 128 && TEXT.charAt(at) != '-'; c++) {
                var text = TEXT.substring(0, at) + (char) c + TEXT.substring(at + 1);
                if (Character.digit(c, 16) >= 0) {
                    assertThat(value(text)).isEqualTo(UUID.fromString(text));
                } else if (c != ' ' && c != '\t') {
                    assertThat(OneField.read("UUID", text).error())
                            .as(text)
                            .isEqualTo(RejectionCode.NOT_A_UUID);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "61f0c404-5cb3-11e7-907b-a6006ad3dba",
                "61f0c404-5cb3-11e7-907b-a6006ad3dba01",
                "61f0c404-5cb3-11e7-907b-a6006ad3dba0T",
                "{61f0c404-5cb3-11e7-907b-a6006ad3dba0}",
                "urn:uuid:61f0c404-5cb3-11e7-907b-a6006ad3dba0",
                "61f0c404x5cb3-11e7-907b-a6006ad3dba0",
                "61f0c4045-cb3-11e7-907b-a6006ad3dba0",
                "61f0c404-5cb311e7-907b-a6006ad3dba0",
                "61f0c4045cb311e7907ba6006ad3dba",
                "61f0c4045cb311e7907ba6006ad3dba00",
                "61f0c404-5cb3-11e7-907b-a6006ad3dbaé",
                "1-1-1-1-1",
                "1",
                "null"
            })
    void whatHasAnotherShapeIsNotAUuid(String text) {
        assertThat(OneField.read("UUID", text).error()).isEqualTo(RejectionCode.NOT_A_UUID);
    }

    @Test
    void theMessageSaysHowToWriteOne() {
        assertThat(OneField.read("UUID", "7").message())
                .isEqualTo(
                        "'7' is not a UUID: write 32 hexadecimal digits in groups of 8, 4, 4, 4 and"
                                + " 12 with a hyphen between, or without any hyphen");
    }

    private static UUID value(String text) {
        var bytes = OneField.read("UUID", text).littleEndian();
        assertThat(bytes.remaining()).as(text).isEqualTo(16);
        return new UUID(bytes.getLong(0), bytes.getLong(8));
    }
}
