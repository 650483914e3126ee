package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.RejectionCode;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeParserTest {
    private static final int[] WIDTHS = {8, 16, 32, 64, 128, 256};

    record Type(String name, int bits, boolean signed) {
        BigInteger max() {
            return BigInteger.TWO.pow(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
        }

        BigInteger min() {
            return signed ? BigInteger.TWO.pow(bits - 1).negate() : BigInteger.ZERO;
        }

        boolean holds(BigInteger value) {
            return value.compareTo(min()) >= 0 && value.compareTo(max()) <= 0;
        }
    }

    static Stream<Type> types() {
        return Arrays.stream(WIDTHS)
                .boxed()
                .flatMap(bits ->
                        Stream.of(
                                new Type("Int" + bits, bits, true),
                                new Type("UInt" + bits, bits, false)));
    }

    @ParameterizedTest
    @MethodSource("types")
    void bothEndsFitAndTheNextNumbersDoNot(Type type) {
        for (var edge : new BigInteger[] {type.min(), type.max(), BigInteger.ZERO}) {
            assertThat(value(type, edge.toString())).isEqualTo(edge);
        }
        var above = OneField.read(type.name(), type.max().add(BigInteger.ONE).toString());
        var below = OneField.read(type.name(), type.min().subtract(BigInteger.ONE).toString());
        assertThat(above.error()).isEqualTo(RejectionCode.OUT_OF_RANGE);
        assertThat(below.error()).isEqualTo(RejectionCode.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @MethodSource("types")
    void leadingZerosAndSignsDoNotChangeTheValue(Type type) {
        for (var text : new String[] {"7", "+7", "007", "0".repeat(300) + "7", " 7\t"}) {
            assertThat(value(type, text)).as(text).isEqualTo(7);
        }
        for (var text : new String[] {"0", "-0", "+0", "-" + "0".repeat(100)}) {
            assertThat(value(type, text)).as(text).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void whatIsNotDigitsIsNotAnInteger(Type type) {
        var texts =
                new String[] {
                    "1.0",
                    "1e3",
                    "-",
                    "+",
                    "--1",
                    "+-1",
                    "1-",
                    "1 000",
                    "1,000",
                    "0x10",
                    "ten",
                    "1_0",
                    "٣",
                    "1L",
                    "9".repeat(400) + "x",
                    "12345678901234567890.",
                    "123456789/",
                    "123456789:",
                    "NaN",
                    "\u00005"
                };
        for (var text : texts) {
            assertThat(OneField.read(type.name(), text).error())
                    .as(text)
                    .isEqualTo(RejectionCode.NOT_AN_INTEGER);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void hugeNumbersAreOutOfRangeHoweverLong(Type type) {
        for (var digits : new int[] {79, 1000, 100_000}) {
            assertThat(OneField.read(type.name(), "9".repeat(digits)).error())
                    .isEqualTo(RejectionCode.OUT_OF_RANGE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" 5", "5 ", "\t5"})
    void blanksInsideQuotesCount(String text) {
        assertThat(OneField.read("UInt8", ListedRecords.Field.quoted(text)).error())
                .isEqualTo(RejectionCode.NOT_AN_INTEGER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    UInt8           | 256                  | '256' does not fit UInt8, which holds 0 to 255
                    Nullable(Int16) | -32769               | '-32769' does not fit Int16, which holds -32768 to 32767
                    UInt64          | 99999999999999999999 | '99999999999999999999' does not fit UInt64, which holds 0 to 18446744073709551615
                    UInt64          | -20000               | '-20000' does not fit UInt64, which holds 0 to 18446744073709551615
                    Int8            | ten                  | 'ten' is not a whole number: write digits only, such as 42
                    """)
    void messagesSayWhatIsWrong(String type, String text, String message) {
        assertThat(OneField.read(type, text).message()).isEqualTo(message);
    }

    @Property
    void everyNumberIsItselfOrOutOfRange(@ForAll("numbers") BigInteger number) {
        types().forEach(type -> assertExact(type, number.toString(), number));
    }

    @Property
    void anyTextIsWhatBigIntegerSaysOrRejected(@ForAll("nearNumbers") String text) {
        types().forEach(type -> {
            if (text.matches("[+-]?[0-9]+")) {
                assertExact(type, text, new BigInteger(text));
            } else {
                assertThat(OneField.read(type.name(), text).error())
                        .isEqualTo(RejectionCode.NOT_AN_INTEGER);
            }
        });
    }

    @Provide
    Arbitrary<BigInteger> numbers() {
        return Arbitraries.bigIntegers()
                .between(BigInteger.TWO.pow(257).negate(), BigInteger.TWO.pow(257))
                .flatMap(n -> Arbitraries.integers().between(0, 257).map(n::shiftRight));
    }

    @Provide
    Arbitrary<String> nearNumbers() {
        return Arbitraries.strings()
                .withChars("0123456789+-. e")
                .ofMinLength(1)
                .ofMaxLength(25)
                .filter(text -> !text.startsWith(" ") && !text.endsWith(" "));
    }

    private static void assertExact(Type type, String text, BigInteger number) {
        if (type.holds(number)) {
            assertThat(value(type, text)).isEqualTo(number);
        } else {
            assertThat(OneField.read(type.name(), text).error())
                    .isEqualTo(RejectionCode.OUT_OF_RANGE);
        }
    }

    private static BigInteger value(Type type, String text) {
        var bytes = OneField.read(type.name(), text).bytes();
        assertThat(bytes).hasSize(type.bits() / 8);
        var reversed = new byte[bytes.length];
        for (var i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return type.signed() ? new BigInteger(reversed) : new BigInteger(1, reversed);
    }
}
