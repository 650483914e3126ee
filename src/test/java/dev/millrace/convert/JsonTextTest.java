package dev.millrace.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class JsonTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static String written(Consumer<JsonText> write) {
        var text = new JsonText();
        text.startValue();
        write.accept(text);
        return new String(text.bytes(), 0, text.length(), StandardCharsets.UTF_8);
    }

    @Property
    void integersReadBackTheSame(@ForAll long value) {
        assertThat(written(t -> t.whole(value))).isEqualTo(Long.toString(value));
        assertThat(written(t -> t.unsigned(value))).isEqualTo(Long.toUnsignedString(value));
    }

    @Property
    void integersOfAnyLengthReadBackTheSame(
            @ForAll @IntRange(max = 62) int bits, @ForAll @IntRange(min = -2, max = 2) int more) {
        var value = (1L << bits) + more;
        assertThat(written(t -> t.whole(value))).isEqualTo(Long.toString(value));
        var power = BigInteger.TEN.pow(bits % 19).longValue() + more;
        assertThat(written(t -> t.whole(power))).isEqualTo(Long.toString(power));
    }

    @Property
    void decimalsAreInPlainNotation(@ForAll long unscaled, @ForAll @IntRange(max = 40) int scale) {
        var expected = new BigDecimal(BigInteger.valueOf(unscaled), scale).toPlainString();
        assertThat(written(t -> t.decimal(unscaled, scale))).isEqualTo(expected);
        assertThat(written(t -> t.decimal(BigInteger.valueOf(unscaled), scale)))
                .isEqualTo(expected);
    }

    @Property
    void wideDecimalsAreInPlainNotation(
            @ForAll BigInteger unscaled, @ForAll @IntRange(min = -5, max = 80) int scale) {
        var expected = new BigDecimal(unscaled.pow(3), scale).toPlainString();
        assertThat(written(t -> t.decimal(unscaled.pow(3), scale))).isEqualTo(expected);
    }

    @Property
    void doublesAreTheShortestThatReadBackTheSame(@ForAll long bits) {
        assertDouble(Double.longBitsToDouble(bits));
    }

    @Property
    void doublesOfFewDigitsAreTheShortestThatReadBackTheSame(
            @ForAll long number, @ForAll @IntRange(max = 12) int scale) {
        assertDouble(number / Math.pow(10, scale));
        assertDouble(number % 1_000_000_000 / Math.pow(10, scale));
    }

    private static void assertDouble(double value) {
        var text = written(t -> t.real(value));
        if (!Double.isFinite(value)) {
            assertThat(text).isIn("\"nan\"", "\"inf\"", "\"-inf\"");
            return;
        }
        assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
                .isEqualTo(Double.doubleToRawLongBits(value));
        assertThat(digits(text)).isLessThanOrEqualTo(digits(Double.toString(value)));
        assertThat(text.length()).isLessThanOrEqualTo(Double.toString(value).length());
        assertIsJson(text);
    }

    @Property
    void floatsAreTheShortestThatReadBackTheSame(@ForAll int bits) {
        assertFloat(Float.intBitsToFloat(bits));
        assertFloat(bits / 1_000f);
        assertFloat(bits % 100_000 / 100f);
    }

    private static void assertFloat(float value) {
        var text = written(t -> t.real(value));
        if (Float.isFinite(value)) {
            assertThat(Float.floatToRawIntBits(Float.parseFloat(text)))
                    .isEqualTo(Float.floatToRawIntBits(value));
            assertThat(digits(text)).isLessThanOrEqualTo(digits(Float.toString(value)));
            assertIsJson(text);
        }
    }

    private static int digits(String number) {
        return Math.max(1, new BigDecimal(number).stripTrailingZeros().precision());
    }

    private static void assertIsJson(String text) {
        try {
            assertThat(JSON.readTree(text).isNumber()).isTrue();
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    @Example
    void numbersAreAsShortAsTheyCanBe() {
        assertThat(written(t -> t.real(1d))).isEqualTo("1");
        assertThat(written(t -> t.real(0d))).isEqualTo("0");
        assertThat(written(t -> t.real(-0d))).isEqualTo("-0.0");
        assertThat(written(t -> t.real(12.5))).isEqualTo("12.5");
        assertThat(written(t -> t.real(1e15))).isEqualTo("1E15");
        assertThat(written(t -> t.real(123456789.12345679))).isEqualTo("123456789.12345679");
        assertThat(written(t -> t.real(1234567890123456800d))).isEqualTo("1234567890123456800");
        assertThat(written(t -> t.real(1.5e17))).isEqualTo("1.5E17");
        assertThat(written(t -> t.real(16_777_216f))).isEqualTo("16777216");
        assertThat(written(t -> t.real(1.05e20))).isEqualTo("1.05E20");
        assertThat(written(t -> t.real(10.05f))).isEqualTo("10.05");
    }

    @Property
    void daysAreTheCalendars(@ForAll @LongRange(min = -719_528, max = 2_932_896) long day) {
        assertThat(written(t -> assertThat(t.day(day)).isTrue()))
                .isEqualTo("\"" + LocalDate.ofEpochDay(day) + "\"");
    }

    @Example
    void daysBeyondFourDigitsAreNotWritten() {
        assertThat(written(t -> assertThat(t.day(-719_529)).isFalse())).isEmpty();
        assertThat(written(t -> assertThat(t.day(2_932_897)).isFalse())).isEmpty();
        assertThat(written(t -> assertThat(t.timestamp(253_402_300_800L, 0, 3, true)).isFalse()))
                .isEmpty();
        assertThat(written(t -> assertThat(t.timestamp(-62_167_219_201L, 0, 3, true)).isFalse()))
                .isEmpty();
        assertThat(written(t -> assertThat(t.time(86_400, 0, 3)).isFalse())).isEmpty();
        assertThat(written(t -> assertThat(t.time(-1, 0, 3)).isFalse())).isEmpty();
    }

    @Property
    void timestampsReadBackTheSame(
            @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long second,
            @ForAll @IntRange(max = 999_999_999) int nanos) {
        var time = LocalDateTime.ofEpochSecond(second, nanos, ZoneOffset.UTC);
        var instant = written(t -> t.timestamp(second, nanos, 9, true));
        assertThat(instant).endsWith("Z\"");
        assertThat(LocalDateTime.parse(instant.substring(1, instant.length() - 2))).isEqualTo(time);
        var local = written(t -> t.timestamp(second, nanos, 9, false));
        assertThat(LocalDateTime.parse(local.substring(1, local.length() - 1))).isEqualTo(time);
        var ofDay = written(t -> t.time(second + 62_167_219_200L & 0xFFFF, nanos / 1_000, 6));
        assertThat(LocalTime.parse(ofDay.substring(1, ofDay.length() - 1)))
                .isEqualTo(
                        LocalTime.ofSecondOfDay(second + 62_167_219_200L & 0xFFFF)
                                .plusNanos(nanos / 1_000 * 1_000L));
    }

    @Property
    void textsReadBackTheSame(@ForAll String text) throws IOException {
        var sound = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        var json = written(t -> t.text(sound));
        assertThat(JSON.readTree(json).textValue()).isEqualTo(sound);
        assertThat(JsonText.unquote(json)).isEqualTo(sound);
        assertThat(json).doesNotContain("\n");
    }

    @Property
    void bytesKeepTheirPlaces(@ForAll byte[] bytes) {
        var text = new JsonText();
        text.startValue();
        text.text(bytes, 0, bytes.length);
        var json = new String(text.bytes(), 0, text.length(), StandardCharsets.ISO_8859_1);
        assertThat(JsonText.unquote(json).getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(bytes);
    }
}
