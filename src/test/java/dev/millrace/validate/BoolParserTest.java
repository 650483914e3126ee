package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.RejectionCode;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoolParserTest {
    @ParameterizedTest
    @ValueSource(strings = {"true", "t", "yes", "y", "on", "1", "enable", "enabled"})
    void wordsOfTruthAreOneInAnyCase(String word) {
        assertReads(word, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "f", "no", "n", "off", "0", "disable", "disabled"})
    void wordsOfFalsehoodAreZeroInAnyCase(String word) {
        assertReads(word, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2",
                "-1",
                "01",
                "1.0",
                "tru",
                "truee",
                "ye",
                "o",
                "enables",
                "disabledx",
                "maybe",
                "\u0000true",
                "\u0011",
                "\u0010",
                "t rue",
                "ТRUE",
                "tr\u0000e",
                "truetruetruetrue"
            })
    void otherWordsAreNotABoolean(String word) {
        assertThat(OneField.read("Bool", word).error()).isEqualTo(RejectionCode.NOT_A_BOOLEAN);
    }

    @Test
    void blanksAroundAnUnquotedWordDoNotCount() {
        assertThat(OneField.read("Bool", " true ").bytes()).containsExactly(1);
        assertThat(OneField.read("Bool", ListedRecords.Field.quoted(" true ")).error())
                .isEqualTo(RejectionCode.NOT_A_BOOLEAN);
    }

    private static void assertReads(String word, int value) {
        var capital = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
        for (var text : new String[] {word, capital, word.toUpperCase(Locale.ROOT)}) {
            assertThat(OneField.read("Bool", text).bytes()).as(text).containsExactly(value);
        }
    }
}
