package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every short text, wherever it stands: where it does decides which way it is read.
class DecimalTest {
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?");

    /// Digits, what may stand between them, and the neighbours of both; the last is a point but for
    /// its highest bit.
    private static final String CHARACTERS = "019.-+e,/:\u00AE";

    private final Decimal decimal = new Decimal();

    @Test
    void readsEveryTextOfUpToFiveCharacters() {
        everyText("", 5);
    }

    private void everyText(String text, int more) {
        if (!text.isEmpty()) {
            requireRead(text);
        }
        if (more > 0) {
            for (var i = 0; i < CHARACTERS.length(); i++) {
                everyText(text + CHARACTERS.charAt(i), more - 1);
            }
        }
    }

    @Test
    void readsLongerTexts() {
        var random = new Random(1);
        for (var i = 0; i < 300_000; i++) {
            var text = new StringBuilder();
            var length = 6 + random.nextInt(16);
            var kinds = 1 + random.nextInt(CHARACTERS.length());
            while (text.length() < length) {
                text.append(CHARACTERS.charAt(random.nextInt(kinds)));
            }
            requireRead(text.toString());
        }
    }

    private void requireRead(String text) {
        requireRead(text, "", "");
        requireRead(text, "", "12.3456789");
        requireRead(text, "98.7654321", "");
        requireRead(text, ".........,", "12.3456789");
    }

    private void requireRead(String text, String before, String behind) {
        var bytes = (before + text + behind).getBytes(ISO_8859_1);
        var isRead = decimal.scan(bytes, before.length(), before.length() + text.length());
        if (isRead != NUMBER.matcher(text).matches()) {
            assertThat(isRead).describedAs("'%s' behind '%s'", text, before).isEqualTo(!isRead);
        }
        if (isRead && decimal.isWhole() && Math.abs((long) decimal.exponent()) < 1000) {
            var value =
                    new BigDecimal(Long.toUnsignedString(decimal.digits()))
                            .scaleByPowerOfTen(decimal.exponent());
            var expected = new BigDecimal(text);
            if (value.compareTo(expected.abs()) != 0
                    || decimal.isZero() != (expected.signum() == 0)
                    || decimal.isNegative() != text.startsWith("-")) {
                assertThat(value).describedAs("'%s' behind '%s'", text, before).isEqualTo(expected);
            }
        }
    }
}
