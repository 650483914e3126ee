package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Compression;
import dev.millrace.core.Encoding;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/// A source that goes on behind any of its cuts is cut, read and hashed as in one go.
class ContinuingPropertyTest {
    private static final String[] PARTS = {
        "a,b\n",
        "é,龍\n",
        "😀,1\r\n",
        "\"in\nquotes\",x\n",
        "\"never closed\n",
        "too long for a record, whatever its end is\n",
        "longer than a record may be, and much longer than what is kept of it,,,,,,,,,,,,\n",
        "\n",
        "\r\n",
        "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
        "\uD83D,half\n",
        "half,\uDE00\n",
        "\uFEFF,mark\n",
        "no line break",
        "1,2\n3,4\n5,6\n"
    };

    record Source(
            String text,
            Encoding encoding,
            boolean mark,
            boolean odd,
            boolean headerless,
            int maxRecordBytes) {
        byte[] received() {
            var bytes = Texts.encode(text, encoding, mark);
            return odd ? Arrays.copyOf(bytes, bytes.length + 1) : bytes;
        }

        SourceOptions options() {
            var options = new SourceOptions(encoding, ',', '"');
            return headerless ? options.with(List.of("x", "y")) : options;
        }
    }

    /// What cutting a source gave, and what is known of its first bytes behind the first so many
    /// cuts.
    record Taken(RecordCutter cutter, List<Cut> cuts, String hash) {}

    @Property(tries = 4000)
    void aSourceThatGoesOnBehindAnyCutIsCutAndHashedAsInOneGo(
            @ForAll("sources") Source source,
            @ForAll("sizes") SplitSizes sizes,
            @ForAll("arrivals") int mostBytes) {
        var bytes = source.received();
        var whole =
                take(
                        SourceDecoder.open(in(bytes, 0, mostBytes), source.options(), 4),
                        source,
                        sizes);
        assertThat(whole.hash()).isEqualTo(sha256(bytes, bytes.length));
        var head = whole.cutter().head();
        if (head == null) {
            assertThat(Coding.of(source.encoding()).isReversible()).isFalse();
            return;
        }
        assertThat(whole.cutter().reading().compression()).isEqualTo(Compression.NONE);
        var reading = whole.cutter().reading();
        var prefix = new SourcePrefix(reading, head);
        for (var i = 0; i < whole.cuts().size() && whole.cuts().get(i).exact(); i++) {
            var cut = whole.cuts().get(i);
            prefix.add(cut.bytes(), 0, cut.length(), cut.records());
            assertThat(prefix.bytes()).isEqualTo(cut.to());
            assertThat(prefix.sha256()).isEqualTo(sha256(bytes, (int) cut.to()));
            var rest = in(bytes, (int) cut.to(), mostBytes);
            var decoder = SourceDecoder.resume(rest, reading.encoding(), prefix);
            var cutter =
                    RecordCutter.resume(decoder, reading, source.maxRecordBytes(), sizes, prefix);
            var continued = take(decoder, cutter);
            assertThat(continued.hash()).isEqualTo(whole.hash());
            assertThat(shown(continued.cuts()))
                    .isEqualTo(shown(whole.cuts().subList(i + 1, whole.cuts().size())));
        }
        Statistics.collect(whole.cuts().stream().filter(Cut::exact).count() > 2);
    }

    private static Taken take(SourceDecoder decoder, Source source, SplitSizes sizes) {
        return take(
                decoder,
                RecordCutter.open(decoder, source.options(), source.maxRecordBytes(), sizes, 8));
    }

    private static Taken take(SourceDecoder decoder, RecordCutter cutter) {
        try (decoder) {
            var cuts = new ArrayList<Cut>();
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                cuts.add(cut);
            }
            return new Taken(cutter, cuts, decoder.contentHash());
        }
    }

    private static InputStream in(byte[] bytes, int from, int mostBytes) {
        var rest = Arrays.copyOfRange(bytes, from, bytes.length);
        return mostBytes == 0
                ? new ByteArrayInputStream(rest)
                : Texts.trickle(rest, mostBytes, from);
    }

    private static List<String> shown(List<Cut> cuts) {
        return cuts.stream()
                .map(c ->
                        "%d rows from %d, bytes %d to %d, exact %s: %s"
                                .formatted(
                                        c.records(),
                                        c.firstRow(),
                                        c.from(),
                                        c.to(),
                                        c.exact(),
                                        HexFormat.of().formatHex(c.bytes(), 0, c.length())))
                .toList();
    }

    private static String sha256(byte[] bytes, int length) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Provide
    Arbitrary<Source> sources() {
        return Combinators.combine(
                        Arbitraries.of(PARTS).list().ofMaxSize(40),
                        Arbitraries.of("x,y\n", "\n\nx,y\r\n", "é,y\n", "one\n"),
                        Arbitraries.of(Encoding.class),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.of(true, false, false),
                        Arbitraries.of(12, 30, 1000))
                .as((parts, header, encoding, mark, odd, headerless, max) ->
                        new Source(
                                Texts.writable(header + String.join("", parts), encoding),
                                encoding,
                                mark && Texts.UNICODE.contains(encoding),
                                odd == 0,
                                headerless,
                                max));
    }

    @Provide
    Arbitrary<SplitSizes> sizes() {
        var bytes = Arbitraries.integers().between(1, 80);
        return Combinators.combine(bytes, bytes, Arbitraries.integers().between(1, 12))
                .as((one, other, n) -> new SplitSizes(one, Math.max(one, other), n));
    }

    @Provide
    Arbitrary<Integer> arrivals() {
        return Arbitraries.integers().between(0, 20);
    }
}
