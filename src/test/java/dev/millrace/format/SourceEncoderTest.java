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
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// What is written in a source's own form reads as the source did.
class SourceEncoderTest {
    private static final int MOST = 1 << 12;
    private static final SplitSizes SIZES = new SplitSizes(1 << 20, 1 << 20, 1 << 20);

    @Property(tries = 4000)
    void aHeaderIsReadAgain(
            @ForAll("dialects") Dialect dialect, @ForAll("names") List<String> names)
            throws IOException {
        // Such names cannot be written in such a dialect, so no source had them.
        if (!dialect.hasQuote()
                && (dialect.escape() == Escape.NONE
                        || (dialect.escape() == Escape.BACKSLASH
                                && (names.getFirst().startsWith("#")
                                        || String.join("", names).contains("\r"))))) {
            return;
        }
        var written = write(dialect, names, "1,2\n".replace(",", dialect.delimiter()));
        assertThat(header(dialect, written)).isEqualTo(names);
    }

    @Test
    void aDelimiterBeyondAsciiIsEscapedAsAWhole() {
        var dialect = new Dialect("é", '"', '\n', Escape.BACKSLASH, Dialect.NO_COMMENT, false);
        var source = "aéb\n1\\éxé2\n\\龍é3\n\\èé4\n";
        var records = records(dialect, source.getBytes(UTF_8));
        assertThat(records)
                .containsExactly(List.of("1éx", "2"), List.of("\\龍", "3"), List.of("\\è", "4"));
    }

    private static byte[] write(Dialect dialect, List<String> names, String records)
            throws IOException {
        var out = new ByteArrayOutputStream();
        var reading =
                new SourceReading(
                        Compression.NONE,
                        Encoding.UTF_8,
                        Format.CSV,
                        dialect,
                        0,
                        names,
                        true,
                        Evidence.NONE);
        try (var encoder = new SourceEncoder(out, reading)) {
            encoder.write(ByteBuffer.wrap(records.getBytes(UTF_8)));
        }
        return out.toByteArray();
    }

    private static List<String> header(Dialect dialect, byte[] source) {
        var options = options(dialect);
        try (var decoder = SourceDecoder.open(new ByteArrayInputStream(source), options, 1 << 12)) {
            return RecordCutter.open(decoder, options, MOST, SIZES, 1 << 12).reading().header();
        }
    }

    private static List<List<String>> records(Dialect dialect, byte[] source) {
        var options = options(dialect);
        try (var decoder = SourceDecoder.open(new ByteArrayInputStream(source), options, 1 << 12)) {
            var cutter = RecordCutter.open(decoder, options, MOST, SIZES, 1 << 12);
            var cut = Objects.requireNonNull(cutter.next());
            var read = RecordReader.open(cutter.reading(), cut, MOST);
            var found = new ArrayList<List<String>>();
            var record = new SourceRecord();
            while (read.next(record)) {
                assertThat(record.malformed).isEmpty();
                var fields = new ArrayList<String>();
                for (var i = 0; i < record.fields; i++) {
                    fields.add(
                            new String(
                                    record.bytes,
                                    record.starts[i],
                                    record.ends[i] - record.starts[i],
                                    UTF_8));
                }
                found.add(fields);
            }
            return found;
        }
    }

    private static SourceOptions options(Dialect dialect) {
        return new SourceOptions(
                null,
                Encoding.UTF_8,
                dialect.delimiter(),
                dialect.quote(),
                dialect.escape(),
                dialect.comment(),
                dialect.trailing(),
                0,
                null,
                null);
    }

    @Provide
    Arbitrary<Dialect> dialects() {
        return Combinators.combine(
                        Arbitraries.of(",", ";", "\t", "||", "::", "|~|", "§", "龍"),
                        Arbitraries.of(Escape.class),
                        Arbitraries.of('"', '\'', Dialect.NO_QUOTE),
                        Arbitraries.of(Dialect.NO_COMMENT, '#'),
                        Arbitraries.of(true, false))
                .as((delimiter, escape, quote, comment, trailing) ->
                        new Dialect(
                                delimiter,
                                escape == Escape.SEQUENCES ? Dialect.NO_QUOTE : quote,
                                '\n',
                                escape,
                                comment,
                                trailing));
    }

    @Provide
    Arbitrary<List<String>> names() {
        return Arbitraries.of(
                        "a", "b", ",", ";", "\t", ":", "|", "||", "~", "§", "龍", "\"", "'", "\\",
                        "#", "\n", "\r", "n", "x")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> String.join("", parts))
                .filter(name -> name.strip().equals(name))
                .list()
                .uniqueElements()
                .ofSize(2);
    }
}
