package dev.millrace.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.Escape;
import dev.millrace.core.Evidence;
import dev.millrace.core.Format;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitSizes;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// As many records are counted in pieces of a text as a reader finds in the whole.
class RecordCountTest {
    private static final Dialect COMMAS = dialect(Escape.NONE, Dialect.NO_COMMENT);

    private static Dialect dialect(Escape escape, char comment) {
        return new Dialect(",", '"', '\n', escape, comment, false);
    }

    @Property(tries = 3000)
    void itIsThatOfAReader(
            @ForAll("texts") String text,
            @ForAll Escape escape,
            @ForAll boolean comments,
            @ForAll @IntRange(min = 3, max = 40) int most,
            @ForAll long seed) {
        var kind = escape == Escape.SEQUENCES ? Escape.NONE : escape;
        var dialect = dialect(kind, comments ? '#' : Dialect.NO_COMMENT);
        assertThat(count(dialect, text, most, new Random(seed)))
                .isEqualTo(read(dialect, text, most));
    }

    @Test
    void whatIsNoNeighbourMayGrowTogether() {
        assertThat(count(COMMAS, "\"open,1\nshut\",3\n", 40, new Random(1))).isEqualTo(1);
        assertThat(count(COMMAS, "\"open,1\ngood,2\n", 40, new Random(1))).isEqualTo(2);
    }

    @Test
    void aCommentThatIsTooLongIsOneHoweverItArrives() {
        var comments = dialect(Escape.NONE, '#');
        assertThat(read(comments, "#aaaa", 3)).isEqualTo(1);
        assertThat(count(comments, "#aaaa", 3, new Random(0))).isEqualTo(1);
        assertThat(count(comments, "#aaa", 3, new Random(0))).isZero();
    }

    @Test
    void aCrThatEndsTheHeadDoesNotDecideOnLineBreaks() {
        assertThat(read(COMMAS, "a".repeat(63) + "\r\n1,2\n", 200, 64)).isEqualTo(2);
        assertThat(read(COMMAS, "a".repeat(63) + "\r\n", 20, 64)).isEqualTo(1);
    }

    private static long count(Dialect dialect, String text, int most, Random random) {
        var count = new RecordCount(reading(dialect), most);
        var bytes = text.getBytes(UTF_8);
        for (var from = 0; from < bytes.length; ) {
            var length = Math.min(bytes.length - from, 1 + random.nextInt(6));
            count.add(ByteBuffer.wrap(bytes, from, length));
            from += length;
        }
        return count.end();
    }

    private static long read(Dialect dialect, String text, int most) {
        return read(dialect, text, most, 1 << 12);
    }

    private static long read(Dialect dialect, String text, int most, int headBytes) {
        var options =
                new SourceOptions(
                        Format.CSV,
                        Encoding.UTF_8,
                        dialect.delimiter(),
                        dialect.quote(),
                        dialect.escape(),
                        dialect.comment(),
                        dialect.trailing(),
                        0,
                        null,
                        List.of("a", "b"));
        var sizes = new SplitSizes(1 << 20, 1 << 20, 1 << 20);
        var in = new ByteArrayInputStream(text.getBytes(UTF_8));
        try (var decoder = SourceDecoder.open(in, options, headBytes)) {
            var cutter = RecordCutter.open(decoder, options, most, sizes, headBytes);
            var records = 0L;
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                records += cut.records();
            }
            return records;
        }
    }

    private static SourceReading reading(Dialect dialect) {
        return new SourceReading(
                Compression.NONE,
                Encoding.UTF_8,
                Format.CSV,
                dialect,
                0,
                List.of("a", "b"),
                false,
                Evidence.NONE);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b,", ",", "\"", "\n", "\r\n", "\\", "#", "long text ", "é")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }
}
