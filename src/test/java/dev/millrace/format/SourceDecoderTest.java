package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Parts;
import dev.millrace.core.Compression;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceDecoderTest {
    private static final String CHINESE = "编号,说明\n1,一个中文字段没有拉丁字母\n2,第二行也没有拉丁字母\n";

    @Test
    void utf16IsFoundWithoutAMarkInBothOrders() {
        for (var text : new String[] {"a,b\n1,2\n", CHINESE, "名,値\n一,1\n", "id\n", "é;ü\n一;二\n"}) {
            assertThat(detected(Texts.encode(text, Encoding.UTF_16BE, false)))
                    .as(text)
                    .isEqualTo(Encoding.UTF_16BE);
            assertThat(detected(Texts.encode(text, Encoding.UTF_16LE, false)))
                    .as(text)
                    .isEqualTo(Encoding.UTF_16LE);
            assertThat(detected(Texts.utf8(text))).as(text).isEqualTo(Encoding.UTF_8);
        }
    }

    @Test
    void longLinesOfChineseAreFoundToBeUtf16() {
        var text = new StringBuilder("编号,说明\n");
        for (var c = 0x4E00; c < 0x4E00 + 20_000; c++) {
            text.append((char) c).append(c % 1000 == 0 ? "\n" : "");
        }
        for (var encoding : Texts.UNICODE) {
            assertThat(detected(Texts.encode(text.toString(), encoding, false)))
                    .isEqualTo(encoding);
        }
    }

    @Test
    void zeroBytesDoNotMakeATextUtf16() {
        assertThat(detected(Texts.utf8("a,b\n1,\0\n2,\0\0\n"))).isEqualTo(Encoding.UTF_8);
        assertThat(detected(Texts.utf8("a,b\n1,\0\0\0\0\0\0\0\0\n"))).isEqualTo(Encoding.UTF_8);
        var latin1 = "a,b\nü\0,é\nü,\0\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(detected(latin1)).isEqualTo(Encoding.UTF_8);
    }

    @Test
    void aByteOrderMarkIsDroppedAndWinsOverWhatWasAsked() {
        for (var written : Texts.UNICODE) {
            for (var asked : Encoding.values()) {
                var bytes = Texts.encode("ä,b\n", written, true);
                assertThat(text(bytes, asked)).isEqualTo("ä,b\n");
            }
        }
    }

    @Test
    void whatWasAskedWinsOverWhatItLooksLike() {
        assertThat(text(Texts.utf8("ab"), Encoding.UTF_16BE)).isEqualTo("\u6162");
    }

    @Test
    void anEmptySourceIsEmpty() {
        for (var mark : new boolean[] {false, true}) {
            for (var encoding : Texts.UNICODE) {
                assertThat(decode(Texts.encode("", encoding, mark), null)).isEmpty();
            }
        }
        assertThat(decode(Texts.gzip(new byte[0]), null)).isEmpty();
        assertThat(decode(new byte[] {'x'}, null)).containsExactly('x');
    }

    @Test
    void whatIsNoCharacterInUtf16IsNoneInUtf8() {
        var halves = Texts.encode("a\uDE00\uD83Db\uD83D", Encoding.UTF_16LE, true);
        assertThat(decode(halves, null)).isEqualTo(Texts.utf8("a\uDE00\uD83Db\uD83D"));
        var odd = Texts.join(Texts.encode("ab", Encoding.UTF_16BE, true), new byte[] {0});
        assertThat(decode(odd, null)).containsExactly('a', 'b', 0xFF);
    }

    @Property(tries = 1000)
    void utf16BecomesTheSameUtf8HoweverItIsRead(
            @ForAll @Size(max = 40) char[] units,
            @ForAll boolean bigEndian,
            @ForAll @IntRange(max = 5) int arriving,
            @ForAll @IntRange(min = 1, max = 70) int taken) {
        var text = "ascii at first, " + new String(units) + new String(units) + "ascii at last";
        var encoding = bigEndian ? Encoding.UTF_16BE : Encoding.UTF_16LE;
        var in = Texts.trickle(Texts.encode(text, encoding, true), arriving, 7);
        var out = new ByteArrayOutputStream();
        try (var source = SourceDecoder.open(in, SourceOptions.DETECT, 4)) {
            copy(source, out, taken);
        }
        assertThat(out.toByteArray()).isEqualTo(Texts.utf8(text));
    }

    @Test
    void gzipOfSeveralMembersIsUnpackedWhole() {
        var packed = Texts.join(Texts.gzip(Texts.utf8("a,b\n")), Texts.gzip(Texts.utf8("1,2\n")));
        for (var most = 0; most < 4; most++) {
            var in = Texts.trickle(packed, most, 1);
            var out = new ByteArrayOutputStream();
            try (var source = SourceDecoder.open(in, SourceOptions.DETECT, Parts::next)) {
                copy(source, out, 100);
                assertThat(source.compression()).isEqualTo(Compression.GZIP);
                assertThat(source.receivedBytes()).isEqualTo(packed.length);
            }
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a,b\n1,2\n");
        }
    }

    @Test
    void gzipCutAnywhereIsDamaged() {
        var packed = Texts.gzip(Texts.utf8("a,b\n1,2\n"));
        for (var length = 2; length < packed.length; length++) {
            assertDamaged(Arrays.copyOf(packed, length), "cut short");
        }
    }

    @Test
    void gzipWithAnyByteOfItsContentOrChecksumChangedIsDamaged() {
        var packed = Texts.gzip(Texts.utf8("a,b\n1,2\n"));
        for (var i = 10; i < packed.length; i++) {
            var changed = packed.clone();
            changed[i] ^= 0x01;
            assertDamaged(changed, "gzip");
        }
    }

    @Test
    void bytesBehindGzipAreDamageAndSaidWhere() {
        var packed = Texts.gzip(Texts.utf8("a,b\n"));
        assertDamaged(Texts.join(packed, new byte[] {'x'}), "byte " + (packed.length + 1));
        assertDamaged(Texts.join(packed, new byte[512]), "not gzip");
    }

    @Test
    void gzipInGzipIsRefused() {
        assertDamaged(Texts.gzip(Texts.gzip(Texts.utf8("a,b\n"))), "one layer");
    }

    @Test
    void theHashIsOfTheUnpackedContent() throws Exception {
        var content = Texts.encode("a,b\n".repeat(50_000), Encoding.UTF_16LE, true);
        var expected =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        for (var bytes : new byte[][] {content, Texts.gzip(content)}) {
            try (var source = open(bytes, null)) {
                assertThatThrownBy(source::contentHash).isInstanceOf(IllegalStateException.class);
                copy(source, new ByteArrayOutputStream(), 1000);
                assertThat(source.contentHash()).isEqualTo(expected);
            }
        }
    }

    @Test
    void aBrokenStreamIsAnInterruptedUpload() {
        var broken =
                new InputStream() {
                    private int given;

                    @Override
                    public int read() throws IOException {
                        if (given++ < 10) {
                            return 'a';
                        }
                        throw new IOException("connection reset");
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        into[offset] = (byte) read();
                        return 1;
                    }
                };
        assertThatThrownBy(() -> SourceDecoder.open(broken, SourceOptions.DETECT, Parts::next))
                .hasMessageContaining("10 bytes")
                .extracting(e -> ((MillraceException) e).code())
                .isEqualTo(ErrorCode.UPLOAD_INTERRUPTED);
    }

    private static void assertDamaged(byte[] received, String message) {
        assertThatThrownBy(() -> decode(received, null))
                .hasMessageContaining(message)
                .extracting(e -> ((MillraceException) e).code())
                .isEqualTo(ErrorCode.SOURCE_DAMAGED);
    }

    private static SourceDecoder open(byte[] received, @Nullable Encoding asked) {
        return SourceDecoder.open(
                new ByteArrayInputStream(received),
                new SourceOptions(asked, null, null),
                Parts::next);
    }

    private static Encoding detected(byte[] received) {
        try (var source = open(received, null)) {
            return source.encoding();
        }
    }

    private static String text(byte[] received, Encoding asked) {
        return new String(decode(received, asked), StandardCharsets.UTF_8);
    }

    private static byte[] decode(byte[] received, @Nullable Encoding asked) {
        var out = new ByteArrayOutputStream();
        try (var source = open(received, asked)) {
            copy(source, out, 4096);
        }
        return out.toByteArray();
    }

    private static void copy(SourceDecoder source, ByteArrayOutputStream out, int taken) {
        var into = new byte[taken];
        for (var n = source.read(into, 0, taken); n >= 0; n = source.read(into, 0, taken)) {
            assertThat(n).isPositive();
            out.write(into, 0, n);
        }
    }
}
