package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.RejectionCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatingParserTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-1",
                "+1",
                ".5",
                "5.",
                "-.5",
                "0.1",
                "2.25",
                "1e3",
                "1E3",
                "1e+3",
                "1e-3",
                "007.50",
                "9007199254740993",
                "9007199254740992.5",
                "16777217",
                "16777217.0000000000000000001",
                "3.4028235e38",
                "1.4e-45",
                "1.17549435e-38",
                "0.30000000000000004",
                "123456789012345678901234567890",
                "8.5e-1",
                "1e22",
                "1e10",
                "1e11",
                "4503599627370497.5",
                "0e999999999999",
                "0.000000e-99999",
                "3.14159265358979323846264338327950288",
                "99999999999999999999e-20",
                "0000000000000000000000000000000000001",
                "0.00000000000000000000000000000000001"
            })
    void aTextBecomesTheNearestNumber(String text) {
        assertNearest(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4.9e-324",
                "2.2250738585072011e-308",
                "2.2250738585072014e-308",
                "1.7976931348623157e308",
                "5e-324",
                "2.4703282292062328e-324",
                "1e-320"
            })
    void theEndsOfDoubleAreReached(String text) {
        assertThat(asDouble(text)).isEqualTo(Double.parseDouble(text));
        assertThat(asDouble(text)).isNotZero().isFinite();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.7976931348623159e308",
                "1e309",
                "-1e400",
                "1e99999999999",
                "2.47e-324",
                "1e-400",
                "-1e-99999999999"
            })
    void whatADoubleWouldMakeInfiniteOrZeroIsOutOfRange(String text) {
        assertThat(OneField.read("Float64", text).error()).isEqualTo(RejectionCode.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.4028236e38", "1e39", "7e-46", "-1e-300"})
    void whatAFloatWouldMakeInfiniteOrZeroIsOutOfRange(String text) {
        assertThat(OneField.read("Float32", text).error()).isEqualTo(RejectionCode.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ten",
                ".",
                "-",
                "+",
                "-.",
                "e5",
                ".e5",
                "1e",
                "1e+",
                "1e-",
                "1e5.0",
                "1.2.3",
                "1,5",
                "1 5",
                "--1",
                "+-1",
                "1f",
                "1d",
                "1D",
                "0x1p3",
                "1_000",
                "٣",
                "5%",
                "$5",
                "1e5x",
                "1..",
                "1234567890123456789012345.x"
            })
    void whatIsNotADecimalNumberIsNotANumber(String text) {
        for (var type : new String[] {"Float32", "Float64"}) {
            assertThat(OneField.read(type, text).error()).isEqualTo(RejectionCode.NOT_A_NUMBER);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "nan", "-nan", "inf", "-inf", "+Infinity", "INF"})
    void aNumberThatIsNotFiniteIsNotAllowed(String text) {
        var field = OneField.read("Float64", text);
        assertThat(field.error()).isEqualTo(RejectionCode.NOT_A_NUMBER);
        assertThat(field.message())
                .isEqualTo("'%s' is not allowed in 'x': write a finite number".formatted(text));
    }

    @Test
    void minusZeroKeepsItsSign() {
        for (var text : new String[] {"-0", "-0.0", "-0e5", "-.0"}) {
            assertThat(1 / asDouble(text)).isEqualTo(Double.NEGATIVE_INFINITY);
            assertThat(1 / asFloat(text)).isEqualTo(Float.NEGATIVE_INFINITY);
        }
        assertThat(1 / asDouble("0")).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void aFloatIsRoundedOnceAndNotThroughADouble() {
        // The nearest double of this lies halfway between two floats.
        var text = "1.000000059604644775390625000000000000001";
        assertThat(asFloat(text)).isEqualTo(Math.nextUp(1f));
        assertThat((float) asDouble(text)).isEqualTo(1f);
    }

    @Test
    void messagesNameTheLimits() {
        assertThat(OneField.read("Float32", "1e39").message())
                .isEqualTo(
                        "'1e39' does not fit Float32, which holds 0 and magnitudes from 1.4E-45 to 3.4028235E38");
        assertThat(OneField.read("Float64", "ten").message())
                .isEqualTo("'ten' is not a number: write it like 12.5 or -1.25e3");
    }

    /// The quick way is allowed to give up, never to be wrong, and gives up rarely.
    @Test
    void theQuickWayAgreesWithTheJdk() {
        var random = new Random(42);
        var gaveUp = 0;
        var tries = 400_000;
        for (var i = 0; i < tries; i++) {
            var digits = random.nextLong() >>> random.nextInt(64);
            var exponent = random.nextInt(-345, 312);
            var text = Long.toUnsignedString(digits) + "e" + exponent;
            var quick = Nearest.toDouble(digits, exponent);
            if (Double.isNaN(quick)) {
                gaveUp++;
            } else {
                assertThat(quick).as(text).isEqualTo(Double.parseDouble(text));
            }
            var small = random.nextInt(-50, 42);
            var quickFloat = Nearest.toFloat(digits, small);
            if (!Float.isNaN(quickFloat)) {
                var floatText = Long.toUnsignedString(digits) + "e" + small;
                assertThat(quickFloat).as(floatText).isEqualTo(Float.parseFloat(floatText));
            }
        }
        assertThat(gaveUp).isLessThan(tries / 10);
    }

    @Test
    void shortestTextsOfDoublesAndFloatsComeBack() {
        var random = new Random(7);
        for (var i = 0; i < 100_000; i++) {
            var number = Double.longBitsToDouble(random.nextLong());
            var text = Double.toString(Double.isFinite(number) ? number : 1.5);
            var decimal = new Decimal();
            var bytes = text.getBytes(US_ASCII);
            assertThat(decimal.scan(bytes, 0, bytes.length)).isTrue();
            assertThat(decimal.isWhole()).isTrue();
            var quick = Nearest.toDouble(decimal.digits(), decimal.exponent());
            if (!Double.isNaN(quick)) {
                assertThat(decimal.isNegative() ? -quick : quick)
                        .isEqualTo(Double.parseDouble(text));
            }
        }
    }

    /// Decimals exactly between two neighbours, and a hair beside it, are what rounding gets wrong.
    @Test
    void numbersBetweenTwoNeighboursAreRoundedToTheNearest() {
        var random = new Random(99);
        for (var i = 0; i < 2_000; i++) {
            var low = random.nextLong(1L << 52, 1L << 53);
            var shift = random.nextInt(-60, 12);
            var middle = new BigDecimal(BigInteger.valueOf(low).shiftLeft(1).add(BigInteger.ONE));
            var tie =
                    shift < 0
                            ? middle.divide(new BigDecimal(BigInteger.TWO.pow(-shift)))
                            : middle.multiply(new BigDecimal(BigInteger.TWO.pow(shift)));
            var hair = tie.ulp().movePointLeft(random.nextInt(1, 30));
            assertNearest(tie.toPlainString());
            assertNearest(tie.add(hair).toPlainString());
            assertNearest(tie.subtract(hair).toPlainString());
        }
    }

    @Property
    void everyDecimalIsTheNearestNumberOrOutOfRange(@ForAll("decimals") String text) {
        assertNearest(text);
    }

    @Property
    void anyTextIsADecimalNumberOrRejected(@ForAll("nearDecimals") String text) {
        if (text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
            assertNearest(text);
        } else {
            assertThat(OneField.read("Float64", text).error())
                    .isEqualTo(RejectionCode.NOT_A_NUMBER);
        }
    }

    @Provide
    Arbitrary<String> decimals() {
        var digits = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(40);
        var exponents = Arbitraries.integers().between(-360, 330);
        return Combinators.combine(digits, digits, exponents)
                .as((whole, fraction, exponent) -> whole + "." + fraction + "e" + exponent);
    }

    @Provide
    Arbitrary<String> nearDecimals() {
        return Arbitraries.strings().withChars("0123456789+-.eE").ofMinLength(1).ofMaxLength(12);
    }

    private static void assertNearest(String text) {
        var exact = new BigDecimal(clampExponent(text));
        var asDouble = OneField.read("Float64", text);
        var expected = exact.doubleValue();
        if (Double.isInfinite(expected) || (expected == 0 && exact.signum() != 0)) {
            assertThat(asDouble.error()).as(text).isEqualTo(RejectionCode.OUT_OF_RANGE);
        } else {
            assertThat(asDouble.littleEndian().getDouble() + 0.0).as(text).isEqualTo(expected);
        }
        var asFloat = OneField.read("Float32", text);
        var expectedFloat = exact.floatValue();
        if (Float.isInfinite(expectedFloat) || (expectedFloat == 0 && exact.signum() != 0)) {
            assertThat(asFloat.error()).as(text).isEqualTo(RejectionCode.OUT_OF_RANGE);
        } else {
            assertThat(asFloat.littleEndian().getFloat() + 0f).as(text).isEqualTo(expectedFloat);
        }
    }

    /// BigDecimal refuses exponents of more than ten digits; ones far beyond all numbers do as
    /// well.
    private static String clampExponent(String text) {
        var e = text.toLowerCase(Locale.ROOT).indexOf('e');
        if (e < 0) {
            return text;
        }
        var exponent = new BigInteger(text.substring(e + 1));
        var limit = BigInteger.valueOf(100_000);
        return text.substring(0, e) + "e" + exponent.min(limit).max(limit.negate());
    }

    private static double asDouble(String text) {
        return OneField.read("Float64", text).littleEndian().getDouble();
    }

    private static float asFloat(String text) {
        return OneField.read("Float32", text).littleEndian().getFloat();
    }

    @Test
    void aDictionaryKeepsNoSignOfZero() {
        for (var zero : List.of("-0", "-0.0", "-.0", "-0e5")) {
            var read = OneField.read("LowCardinality(Float64)", zero);
            assertThat(read.error()).as(zero).isEqualTo(RejectionCode.OUT_OF_RANGE);
            assertThat(read.message()).contains("a dictionary does not keep for 0");
            assertThat(OneField.read("Float64", zero).error()).isNull();
        }
        assertThat(OneField.read("LowCardinality(Float32)", "0").error()).isNull();
        assertThat(OneField.read("LowCardinality(Float32)", "-1").error()).isNull();
    }
}
