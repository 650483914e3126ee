package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WideNumberTest {
    private static final int MAX_BITS = 256;

    @Property
    void digitsMakeTheNumberThatBigIntegerMakes(@ForAll("digits") String digits) {
        assertIs(of(digits), new BigInteger(digits));
    }

    @Property
    void zerosMultiplyByTen(@ForAll("digits") String digits, @ForAll("powers") int power) {
        var number = of(digits);
        number.appendZeros(power);
        assertIs(number, new BigInteger(digits).multiply(BigInteger.TEN.pow(power)));
    }

    @Test
    void whatIsNoDigitIsFoundWhereverItStands() {
        for (var length = 1; length < 40; length++) {
            for (var at = 0; at < length; at++) {
                for (var other : new byte[] {'/', ':', '.', 0, 0x70, (byte) 0xB5, (byte) 0xFF}) {
                    var bytes = "5".repeat(length).getBytes(US_ASCII);
                    bytes[at] = other;
                    var number = new WideNumber();
                    number.set(0);
                    assertThat(number.appendDigits(bytes, 0, length)).isFalse();
                }
            }
        }
    }

    private static WideNumber of(String digits) {
        var number = new WideNumber();
        number.set(7);
        number.set(0);
        assertThat(number.appendDigits(digits.getBytes(US_ASCII), 0, digits.length())).isTrue();
        return number;
    }

    private static void assertIs(WideNumber number, BigInteger expected) {
        if (expected.bitLength() > MAX_BITS) {
            assertThat(number.bitLength()).isGreaterThan(MAX_BITS);
            return;
        }
        assertThat(number.bitLength()).isEqualTo(expected.bitLength());
        assertThat(number.isPowerOfTwo()).isEqualTo(expected.bitCount() == 1);
        assertThat(bytes(number, false)).isEqualTo(littleEndian(expected));
        assertThat(bytes(number, true)).isEqualTo(littleEndian(expected.negate()));
    }

    private static byte[] bytes(WideNumber number, boolean negative) {
        var bytes = new byte[MAX_BITS / 8];
        number.put(bytes, 0, bytes.length, negative);
        return bytes;
    }

    private static byte[] littleEndian(BigInteger value) {
        var bytes = new byte[MAX_BITS / 8];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = value.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    @Provide
    Arbitrary<String> digits() {
        var powers = Arbitraries.integers().between(0, 260).map(BigInteger.TWO::pow);
        var near = Arbitraries.integers().between(-1, 1).map(BigInteger::valueOf);
        var edges = powers.flatMap(p -> near.map(n -> p.add(n).abs().toString()));
        var any = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(90);
        return Arbitraries.oneOf(edges, any);
    }

    @Provide
    Arbitrary<Integer> powers() {
        return Arbitraries.integers().between(0, 80);
    }
}
