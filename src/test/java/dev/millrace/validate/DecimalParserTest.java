package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.RejectionCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalParserTest {
    private static final int MAX_PRECISION = 76;

    @ParameterizedTest
    @CsvSource({
        "'Decimal(9, 2)', 12.34, 1234",
        "'Decimal(9, 2)', 12.3, 1230",
        "'Decimal(9, 2)', 12, 1200",
        "'Decimal(9, 2)', -0.01, -1",
        "'Decimal(9, 2)', +.5, 50",
        "'Decimal(9, 2)', 5., 500",
        "'Decimal(9, 2)', -0, 0",
        "'Decimal(9, 2)', -0.00000, 0",
        "'Decimal(9, 2)', 0012.50000, 1250",
        "'Decimal(9, 2)', 1.50000000000000000000000000000, 150",
        "'Decimal(9, 2)', 00000000000000000000000000007.5, 750",
        "'Decimal(9, 2)', 1e3, 100000",
        "'Decimal(9, 2)', 1.5E-2, ",
        "'Decimal(9, 2)', 150E-2, 150",
        "'Decimal(9, 2)', 1E+2, 10000",
        "'Decimal(9, 2)', 0e99, 0",
        "'Decimal(9, 2)', 0e-99, 0",
        "'Decimal(9, 2)', 1234567.89, 123456789",
        "'Decimal(9, 2)', -9999999.99, -999999999",
        "'Decimal(5, 0)', 99999, 99999",
        "'Decimal(5, 0)', 44.000, 44",
        "'Decimal(9, 9)', .999999999, 999999999",
        "'Decimal(18, 1)', -92233720368547758.1, -922337203685477581",
        "'Decimal(38, 0)', 1e37, 10000000000000000000000000000000000000",
        "'Decimal(38, 28)', 1234567890, 12345678900000000000000000000000000000",
        "'Decimal(38, 9)', -12345678901234567890123456789.123456789, -12345678901234567890123456789123456789",
    })
    void aNumberIsItsDigitsUpToTheScale(String type, String text, @Nullable BigInteger expected) {
        if (expected == null) {
            assertThat(OneField.read(type, text).error()).isEqualTo(RejectionCode.TOO_PRECISE);
        } else {
            assertThat(unscaled(type, text)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "e",
                "1e",
                "1e+",
                ".",
                "-",
                "+",
                "+-1",
                "--1",
                "1,5",
                "1_000",
                "0x1F",
                "1.2.3",
                "nan",
                "inf",
                "12a",
                "１",
                "1 2",
                "$5",
                "5%",
                "1e1.5",
                "12345678901234567890x",
                "12345678901234567890.1.2",
                "--12345678901234567890",
            })
    void whatIsNoDecimalNumberIsNotANumber(String text) {
        for (var type : new String[] {"Decimal(9, 2)", "Decimal(18, 2)", "Decimal(76, 20)"}) {
            assertThat(OneField.read(type, text).error())
                    .as(text)
                    .isEqualTo(
                            text.isEmpty() ? RejectionCode.NULL_VALUE : RejectionCode.NOT_A_NUMBER);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e50",
                "1e999999999999",
                "99999999999.999",
                "10000000",
                "-10000000.00",
                "123456789012345678901234567890.12345",
                "18446744073709551616",
                "100000000000000000000000000000000000000000000000000000000000000000000000000000000"
            })
    void tooManyDigitsBeforeThePointAreOutOfRangeWhateverFollows(String text) {
        assertThat(OneField.read("Decimal(9, 2)", text).error())
                .isEqualTo(RejectionCode.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.235",
                "0.001",
                "1e-3",
                "1e-999999999999",
                "9999999.999",
                "0.0000000000000000000000000000000000000001",
                "1.2300000000000000000000000000000000000001",
                "1234567.00000000000000001"
            })
    void otherDigitsThanZerosBeyondTheScaleAreTooPrecise(String text) {
        assertThat(OneField.read("Decimal(9, 2)", text).error())
                .isEqualTo(RejectionCode.TOO_PRECISE);
    }

    @Test
    void messagesSayWhatFits() {
        assertThat(OneField.read("Decimal(9, 2)", "1.235").message())
                .isEqualTo(
                        "'1.235' has more digits behind the point than the 2 that Decimal(9, 2)"
                                + " holds: round it, or give the column a greater scale");
        assertThat(OneField.read("Decimal(9, 2)", "12345678").message())
                .isEqualTo(
                        "'12345678' does not fit Decimal(9, 2), which holds at most 7 digits before"
                                + " the point");
        assertThat(OneField.read("Decimal(4, 4)", "1").message())
                .isEqualTo("'1' does not fit Decimal(4, 4), which holds what is between -1 and 1");
        assertThat(OneField.read("Decimal(9, 2)", "ten").message())
                .isEqualTo("'ten' is not a number: write it like 12.5 or -1.25e3");
        assertThat(OneField.read("Array(Decimal(9, 2))", "[1, 2.005]").message())
                .startsWith("Element 2: '2.005' has more digits");
    }

    @Test
    void theEndsOfEveryTypeFitAndWhatIsBeyondDoesNot() {
        for (var precision = 1; precision <= MAX_PRECISION; precision++) {
            for (var scale : List.of(0, precision / 2, precision)) {
                var type = new ColumnType.Decimal(precision, scale);
                var most = BigInteger.TEN.pow(precision).subtract(BigInteger.ONE);
                assertExact(type, new BigDecimal(most, scale).toPlainString());
                assertExact(type, new BigDecimal(most.negate(), scale).toString());
                assertExact(type, new BigDecimal(most.add(BigInteger.ONE), scale).toString());
                assertExact(type, new BigDecimal(BigInteger.ONE, scale).toString());
                assertExact(type, new BigDecimal(BigInteger.ONE, scale + 1).toPlainString());
            }
        }
    }

    @Property
    void everyNumberIsWhatBigDecimalSays(
            @ForAll("types") ColumnType.Decimal type, @ForAll("texts") String text) {
        assertExact(type, text);
    }

    /// Numbers near the type's own size, which a text of any size seldom is.
    @Property
    void everyNumberOfATypesSizeIsWhatBigDecimalSays(
            @ForAll("types") ColumnType.Decimal type,
            @ForAll("digits") String digits,
            @ForAll("shifts") int shift) {
        var cut = digits.substring(0, Math.min(digits.length(), type.precision() + 1));
        var number = new BigDecimal(new BigInteger(cut), type.scale() + shift);
        assertExact(type, number.toPlainString());
        assertExact(type, number.negate().toString());
    }

    private static void assertExact(ColumnType.Decimal type, String text) {
        var number = new BigDecimal(text);
        var limit = BigDecimal.TEN.pow(type.precision() - type.scale());
        if (number.abs().compareTo(limit) >= 0) {
            assertThat(OneField.read(type.name(), text).error())
                    .as("%s in %s", text, type)
                    .isEqualTo(RejectionCode.OUT_OF_RANGE);
        } else if (number.stripTrailingZeros().scale() > type.scale()) {
            assertThat(OneField.read(type.name(), text).error())
                    .as("%s in %s", text, type)
                    .isEqualTo(RejectionCode.TOO_PRECISE);
        } else {
            assertThat(unscaled(type.name(), text))
                    .as("%s in %s", text, type)
                    .isEqualTo(number.setScale(type.scale()).unscaledValue());
        }
    }

    private static BigInteger unscaled(String type, String text) {
        var bytes = OneField.read(type, text).bytes();
        assertThat(bytes).as(text).hasSize(ColumnTypes.parse(type).widthBytes());
        var reversed = new byte[bytes.length];
        for (var i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(reversed);
    }

    @Provide
    Arbitrary<ColumnType.Decimal> types() {
        return Arbitraries.integers()
                .between(1, MAX_PRECISION)
                .flatMap(p ->
                        Arbitraries.integers()
                                .between(0, p)
                                .map(s -> new ColumnType.Decimal(p, s)));
    }

    @Provide
    Arbitrary<String> digits() {
        return Arbitraries.strings().withChars("0123456789009").ofMinLength(1).ofMaxLength(80);
    }

    @Provide
    Arbitrary<Integer> shifts() {
        return Arbitraries.integers().between(-2, 2);
    }

    @Provide
    Arbitrary<String> texts() {
        var sign = Arbitraries.of("", "", "-", "+");
        var whole = Arbitraries.strings().withChars("0123456789000").ofMinLength(1).ofMaxLength(45);
        var fraction = Arbitraries.strings().withChars("0123456789000").ofMaxLength(45);
        var exponent =
                Arbitraries.oneOf(
                        Arbitraries.just(""),
                        Arbitraries.integers().between(-90, 90).map(e -> "e" + e));
        return Combinators.combine(sign, whole, fraction, exponent)
                .as((s, w, f, e) -> s + w + (f.isEmpty() ? "" : "." + f) + e);
    }
}
