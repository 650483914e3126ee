package dev.millrace.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Encoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodingTest {
    @ParameterizedTest
    @EnumSource(Encoding.class)
    void whatCharactersAnEncodingHasAreReadAndWritten(Encoding encoding) throws IOException {
        var text = allCharacters(encoding);
        var bytes = text.getBytes(encoding.charset());
        assertThat(new String(decoded(encoding, bytes, 0, 4096), UTF_8)).isEqualTo(text);

        var written = new ByteArrayOutputStream();
        Coding.of(encoding).write(ByteBuffer.wrap(text.getBytes(UTF_8)), written);
        assertThat(new String(written.toByteArray(), encoding.charset())).isEqualTo(text);
        var coding = Coding.of(encoding);
        if (coding.isReversible()) {
            assertThat(written.toByteArray()).isEqualTo(bytes);
            var utf8 = text.getBytes(UTF_8);
            assertThat(coding.sourceBytes(utf8, 0, utf8.length)).isEqualTo(bytes.length);
        }
    }

    private static String allCharacters(Encoding encoding) {
        var encoder = encoding.charset().newEncoder();
        var text = new StringBuilder();
        var hasAll = Texts.UNICODE.contains(encoding) || encoding == Encoding.GB18030;
        var end = isOfTables(encoding) ? Character.MAX_VALUE : 0x30000;
        for (var c = 0; c < end; c += hasAll ? 11 : 1) {
            var character = Character.toString(c);
            if (Character.getType(c) != Character.SURROGATE
                    && Character.isDefined(c)
                    && encoder.canEncode(character)
                    && character.equals(
                            new String(
                                    character.getBytes(encoding.charset()), encoding.charset()))) {
                text.append(character);
            }
        }
        return text.toString();
    }

    /// Whatever the bytes are, however they arrive and are asked for.
    @Property(tries = 3000)
    void anyBytesBecomeTheSameTextAndUndecodableOnesComeBack(
            @ForAll Encoding encoding,
            @ForAll @Size(max = 60) byte[] bytes,
            @ForAll @IntRange(max = 5) int arriving,
            @ForAll @IntRange(min = 1, max = 70) int taken)
            throws IOException {
        var whole = decoded(encoding, bytes, 0, 4096);
        assertThat(decoded(encoding, bytes, arriving, taken)).isEqualTo(whole);
        if (isOfTables(encoding)) {
            var written = new ByteArrayOutputStream();
            Coding.of(encoding).write(ByteBuffer.wrap(whole), written);
            assertThat(written.toByteArray()).isEqualTo(bytes);
        }
    }

    /// The JDK reads a surrogate's code as half a character, which may join what follows it.
    @Test
    void aSurrogateInUtf32IsNoCharacterAndTakesNothingWithIt() throws IOException {
        for (var encoding : List.of(Encoding.UTF_32LE, Encoding.UTF_32BE)) {
            for (var code : new int[] {0xD800, 0xD83D, 0xDBFF, 0xDC00, 0xDC41, 0xDFFF, 0x110000}) {
                var unit = ByteBuffer.allocate(4).putInt(code).array();
                if (encoding == Encoding.UTF_32LE) {
                    unit = new byte[] {unit[3], unit[2], unit[1], unit[0]};
                }
                for (var before : List.of("", "a".repeat(8191), "a".repeat(16_383))) {
                    var bytes =
                            Texts.join(
                                    before.getBytes(encoding.charset()),
                                    unit,
                                    "\nx".getBytes(encoding.charset()));
                    var text = decoded(encoding, bytes, 0, 4096);
                    var undecodable = new byte[12];
                    for (var i = 0; i < 4; i++) {
                        UndecodableByte.put(undecodable, 3 * i, unit[i]);
                    }
                    assertThat(text)
                            .isEqualTo(
                                    Texts.join(
                                            before.getBytes(UTF_8),
                                            undecodable,
                                            new byte[] {'\n', 'x'}));
                    var written = new ByteArrayOutputStream();
                    Coding.of(encoding).write(ByteBuffer.wrap(text), written);
                    assertThat(written.toByteArray()).isEqualTo(bytes);
                }
            }
        }
    }

    /// The kept beginning of a line that is too long may end within a character.
    @Test
    void halfACharacterOfACutLineTakesNoLineBreakWithIt() throws IOException {
        for (var half : new byte[][] {{(byte) 0xD0}, {(byte) 0xE2, (byte) 0x82}, {(byte) 0xED}}) {
            var text = Texts.join(new byte[] {'a'}, half, new byte[] {'\n', 'b', '\n'});
            var written = new ByteArrayOutputStream();
            Coding.of(Encoding.WINDOWS_1251).write(ByteBuffer.wrap(text), written);
            assertThat(written.toString(UTF_8)).startsWith("a?").endsWith("\nb\n");
        }
    }

    /// Bytes that are a character are read as the JDK reads them, and all others can be told.
    @Property(tries = 3000)
    void whatTheJdkReadsIsReadAlike(
            @ForAll Encoding encoding, @ForAll @Size(max = 40) byte[] bytes) {
        if (encoding == Encoding.UTF_32LE || encoding == Encoding.UTF_32BE) {
            return; // the JDK takes surrogates, and drops a mark
        }
        var expected = CharBuffer.allocate(bytes.length + 1);
        var result =
                encoding.charset()
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes), expected, true);
        var text = decoded(encoding, bytes, 0, 4096);
        if (!result.isError()) {
            assertThat(new String(text, UTF_8)).isEqualTo(expected.flip().toString());
        } else {
            assertThat(UTF_8.newDecoder().decode(ByteBuffer.wrap(text), charsFor(text), true))
                    .satisfies(r -> assertThat(r.isError()).isTrue());
        }
    }

    private static CharBuffer charsFor(byte[] text) {
        return CharBuffer.allocate(text.length + 1);
    }

    /// Half a character does not swallow what ends a field or a record.
    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"GB18030", "BIG5", "SHIFT_JIS", "EUC_JP", "EUC_KR"})
    void halfACharacterLeavesDelimitersAndLineBreaks(Encoding encoding) {
        for (var lead = 0x80; lead < 0x100; lead++) {
            for (var next : new byte[] {'\n', '\r', ',', ';', '\t', '"'}) {
                var text = decoded(encoding, new byte[] {(byte) lead, next, 'x'}, 0, 4096);
                assertThat(Arrays.copyOfRange(text, text.length - 2, text.length))
                        .as("%x %x", lead, next)
                        .containsExactly(next, 'x');
            }
        }
    }

    private static boolean isOfTables(Encoding encoding) {
        return Coding.of(encoding) instanceof TableCoding;
    }

    private static byte[] decoded(Encoding encoding, byte[] bytes, int arriving, int taken) {
        var in = arriving == 0 ? new ByteArrayInputStream(bytes) : trickle(bytes, arriving);
        var received = new Received(in);
        var content = Coding.of(encoding).decode(received::read);
        var out = new ByteArrayOutputStream();
        var random = new Random(taken);
        while (true) {
            var into = new byte[1 + random.nextInt(taken)];
            var n = content.read(into, 0, into.length);
            if (n < 0) {
                return out.toByteArray();
            }
            assertThat(n).isPositive();
            out.write(into, 0, n);
        }
    }

    private static java.io.InputStream trickle(byte[] bytes, int most) {
        return Texts.trickle(bytes, most, 3);
    }
}
