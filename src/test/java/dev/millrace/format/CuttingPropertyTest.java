package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Any cutting of any source gives the same records, and three counters agree on them.
class CuttingPropertyTest {
    private static final String[] NASTY = {
        ",",
        ",",
        ";",
        "\"",
        "\"",
        "\"\"",
        "'",
        "\n",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "a",
        "bc",
        " ",
        "é",
        "龍",
        "😀",
        "\u0000",
        "\uFEFF",
        "一",
        "a\",\"b\n",
        "\n\",\"",
        "xxxxxxxxxxxxxxxxxxxx",
        "\"yyyyyyyyyyyyyyyyyyyy\"",
        "\uD83D",
        "\uDE00"
    };

    /// How a source is packed and written, and what is said of it.
    record Form(Encoding encoding, boolean mark, boolean gzip) {}

    /// How it arrives: in pieces of this many bytes at most, and looked at so far ahead.
    record Arrival(int mostBytes, long seed, int headBytes) {}

    record Source(
            String body, int columns, char quote, char lineBreak, int maxRecordBytes, Form form) {
        /// Of a source of lines, one with the other line break: its first records say which.
        static Source of(
                String lines, int columns, char quote, char lineBreak, int max, Form form) {
            var body = Texts.writable(lines, form.encoding());
            return new Source(
                    lineBreak == '\n' ? body : "x,y,z\r".repeat(12) + swapped(body),
                    columns,
                    quote,
                    lineBreak,
                    max,
                    form);
        }

        private static String swapped(String text) {
            return text.replace('\n', '\0').replace('\r', '\n').replace('\0', '\r');
        }

        @Override
        public String toString() {
            var shown = body.replace("\n", "\\n").replace("\r", "\\r").replace("\0", "\\0");
            return "%s | %d columns, quote %s, at most %d, %s"
                    .formatted(shown, columns, quote, maxRecordBytes, form);
        }

        String header() {
            return List.of("a", "b", "c").subList(0, columns).stream()
                            .collect(Collectors.joining(","))
                    + lineBreak;
        }

        byte[] received() {
            var content = Texts.encode(header() + body, form.encoding(), form.mark());
            return form.gzip() ? Texts.gzip(content) : content;
        }

        /// Whether its cuts say exactly where they stand.
        boolean isExact() {
            return !form.gzip() && Coding.of(form.encoding()).isReversible();
        }

        SourceOptions options() {
            return new SourceOptions(form.encoding(), null, null).in(dialect());
        }

        Dialect dialect() {
            return new Dialect(',', quote, lineBreak);
        }
    }

    /// What a reader says of a record.
    record Seen(
            long row, String malformed, List<String> fields, List<Boolean> quoted, String raw) {}

    @Property(tries = 3000)
    void anyCuttingReadsLikeNoCutting(
            @ForAll("sources") Source source,
            @ForAll("sizes") SplitSizes sizes,
            @ForAll("arrivals") Arrival arrival) {
        var body = Texts.utf8(source.body());
        var whole = read(body, body.length, source, 1);
        var cut = new ArrayList<Seen>();
        for (var each : cuts(source, sizes, arrival)) {
            assertThat(each.firstRow()).isEqualTo(cut.size() + 1);
            var seen = read(each.bytes(), each.length(), source, each.firstRow());
            assertThat(seen).hasSize(each.records());
            cut.addAll(seen);
        }
        assertThat(cut).isEqualTo(whole);
    }

    @Property(tries = 3000)
    void aSlowPlainCounterAgrees(
            @ForAll("sources") Source source,
            @ForAll("sizes") SplitSizes sizes,
            @ForAll("arrivals") Arrival arrival) {
        var plain =
                new PlainReader(
                                source.body(),
                                ',',
                                source.quote(),
                                source.lineBreak(),
                                source.columns(),
                                source.maxRecordBytes())
                        .rows();
        var cuts = cuts(source, sizes, arrival);
        assertThat(cuts.stream().mapToLong(Cut::records).sum()).isEqualTo(plain.size());
        assertThat(cuts.stream().mapToLong(Cut::length).sum())
                .isEqualTo(plain.stream().mapToLong(PlainReader.Row::bytes).sum());
        var seen =
                cuts.stream()
                        .flatMap(c -> read(c.bytes(), c.length(), source, c.firstRow()).stream())
                        .map(s -> s.malformed().isEmpty() ? s.fields() : null)
                        .toList();
        var expected =
                plain.stream()
                        .map(r ->
                                r.malformed()
                                        ? null
                                        : r.fields().stream().map(this::shown).toList())
                        .toList();
        assertThat(seen).isEqualTo(expected);
    }

    @Property(tries = 3000)
    void recordsReadTogetherAreThoseReadOneByOne(
            @ForAll("sources") Source source, @ForAll long seed) {
        var body = Texts.utf8(source.body());
        var alone =
                read(body, body.length, source, 1).stream()
                        .map(s -> new Seen(s.row(), s.malformed(), s.fields(), s.quoted(), ""))
                        .toList();
        assertThat(readTogether(body, source, new Random(seed))).isEqualTo(alone);
    }

    @Property(tries = 1000)
    void whereTheCutsFallDoesNotDependOnHowTheBytesArrive(
            @ForAll("sources") Source source,
            @ForAll("sizes") SplitSizes sizes,
            @ForAll("arrivals") Arrival one,
            @ForAll("arrivals") Arrival other) {
        assertThat(shown(cuts(source, sizes, one), source))
                .isEqualTo(shown(cuts(source, sizes, other), source));
    }

    @Property(tries = 1000)
    void cutsFollowEachOtherToTheSourcesEnd(
            @ForAll("sources") Source source, @ForAll("sizes") SplitSizes sizes) {
        var head = Texts.encode(source.header(), source.form().encoding(), source.form().mark());
        var length = source.received().length;
        var position = (long) head.length;
        for (var cut : cuts(source, sizes, new Arrival(7, 1, 8))) {
            assertThat(cut.to()).isLessThanOrEqualTo(length);
            if (source.isExact()) {
                assertThat(cut.from()).isEqualTo(position);
                assertThat(cut.to()).isGreaterThan(cut.from());
            }
            assertThat(cut.records()).isBetween(1, sizes.maxRecords());
            if (cut.records() > 1) {
                assertThat(cut.length()).isLessThanOrEqualTo(sizes.maxBytes());
            }
            position = cut.to();
        }
    }

    @Property(tries = 1000)
    void whatWasWrittenIsRead(
            @ForAll("tables") List<List<String>> table,
            @ForAll("sizes") SplitSizes sizes,
            @ForAll("arrivals") Arrival arrival,
            @ForAll boolean crlf) {
        var lineBreak = crlf ? "\r\n" : "\n";
        var body =
                table.stream()
                        .map(row -> row.stream().map(CuttingPropertyTest::written))
                        .map(row -> row.collect(Collectors.joining(",")) + lineBreak)
                        .collect(Collectors.joining());
        var source =
                new Source(body, 3, '"', '\n', 1 << 20, new Form(Encoding.UTF_16LE, true, false));
        var seen =
                cuts(source, sizes, arrival).stream()
                        .flatMap(c -> read(c.bytes(), c.length(), source, c.firstRow()).stream())
                        .map(Seen::fields)
                        .toList();
        assertThat(seen).isEqualTo(table);
    }

    private static String written(String field) {
        var plain =
                field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                        && !field.isEmpty();
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }

    @Provide
    Arbitrary<Source> sources() {
        return Combinators.combine(
                        Arbitraries.of(NASTY).list().ofMaxSize(60),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of('"', '"', '\'', Dialect.NO_QUOTE),
                        Arbitraries.of('\n', '\n', '\r'),
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(5, 40),
                                Arbitraries.of(1000, 10_000)),
                        forms(),
                        Arbitraries.frequencyOf(
                                Tuple.of(7, Arbitraries.just(0)),
                                Tuple.of(1, Arbitraries.integers().between(1, 800))))
                .as((parts, columns, quote, lineBreak, max, form, rows) ->
                        Source.of(
                                rows(columns, rows) + String.join("", parts) + rows(columns, rows),
                                columns,
                                quote,
                                lineBreak,
                                max,
                                form));
    }

    /// Ordinary records, so many that they are taken many at a time.
    private static String rows(int columns, int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        Stream.of("" + i, "x".repeat(i % 13), "7")
                                        .limit(columns)
                                        .collect(Collectors.joining(","))
                                + "\n")
                .collect(Collectors.joining());
    }

    private static Arbitrary<Form> forms() {
        return Combinators.combine(
                        Arbitraries.of(Encoding.class),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((encoding, mark, gzip) ->
                        new Form(encoding, mark && Texts.UNICODE.contains(encoding), gzip));
    }

    @Provide
    Arbitrary<SplitSizes> sizes() {
        var bytes =
                Arbitraries.oneOf(
                        Arbitraries.integers().between(1, 80),
                        Arbitraries.integers().between(80, 9_000));
        var records =
                Arbitraries.oneOf(
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.integers().between(12, 600));
        return Combinators.combine(bytes, bytes, records)
                .as((one, other, n) -> new SplitSizes(one, Math.max(one, other), n));
    }

    @Provide
    Arbitrary<Arrival> arrivals() {
        return Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(0, 20),
                                Arbitraries.integers().between(20, 9_000)),
                        Arbitraries.longs(),
                        Arbitraries.integers().between(7, 60))
                .as(Arrival::new);
    }

    @Provide
    Arbitrary<List<List<String>>> tables() {
        var field =
                Arbitraries.of("", "a", "1.5", " ", ",", "\"", "\n", "\r\n", "'", "é", "龍", "😀")
                        .list()
                        .ofMaxSize(6)
                        .map(parts -> String.join("", parts));
        return field.list().ofSize(3).list().ofMaxSize(20);
    }

    private static List<Cut> cuts(Source source, SplitSizes sizes, Arrival arrival) {
        var cuts = new ArrayList<Cut>();
        var in = Texts.trickle(source.received(), arrival.mostBytes(), arrival.seed());
        try (var decoder = SourceDecoder.open(in, source.options(), arrival.headBytes())) {
            var cutter =
                    RecordCutter.open(
                            decoder,
                            source.options(),
                            source.maxRecordBytes(),
                            sizes,
                            arrival.headBytes());
            assertThat(cutter.reading().header()).hasSize(source.columns());
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                cuts.add(cut);
            }
            assertThat(cutter.next()).isNull();
            assertThat(decoder.receivedBytes()).isEqualTo(source.received().length);
        }
        return cuts;
    }

    private static Records reader(byte[] bytes, int length, Source source, long firstRow) {
        return RecordReader.delimited(
                bytes,
                0,
                length,
                source.dialect(),
                source.columns(),
                firstRow,
                source.maxRecordBytes());
    }

    private static List<Seen> read(byte[] bytes, int length, Source source, long firstRow) {
        var reader = reader(bytes, length, source, firstRow);
        var record = new SourceRecord();
        var seen = new ArrayList<Seen>();
        while (reader.next(record)) {
            var most = Math.min(record.rawEnd, record.rawStart + source.maxRecordBytes());
            seen.add(seen(record, text(record.raw, record.rawStart, most)));
        }
        assertThat(reader.bytesRead()).isEqualTo(length);
        return seen;
    }

    private static Seen seen(SourceRecord record, String raw) {
        var fields = new ArrayList<String>();
        var quoted = new ArrayList<Boolean>();
        for (var i = 0; i < record.fields; i++) {
            fields.add(text(record.bytes, record.starts[i], record.ends[i]));
            quoted.add(record.quotes[i] != RecordBlock.UNQUOTED);
        }
        return new Seen(record.row, record.malformed, fields, quoted, raw);
    }

    /// Reads in blocks of any size, goes back before some of them and reads some of their records
    /// again, one by one as what stands in none.
    private static List<Seen> readTogether(byte[] bytes, Source source, Random random) {
        var reader = reader(bytes, bytes.length, source, 1);
        var block = new RecordBlock(source.columns());
        var record = new SourceRecord();
        var seen = new ArrayList<Seen>();
        while (true) {
            block.limit = 1 + random.nextInt(8);
            var together = reader.next(block);
            if (together > 0 && random.nextInt(4) > 0) {
                seen.addAll(seen(block));
                continue;
            }
            if (together > 0) {
                reader.goBack();
            }
            for (var i = random.nextInt(Math.max(together, 1)); i >= 0; i--) {
                if (!reader.next(record)) {
                    assertThat(together).isZero();
                    assertThat(reader.bytesRead()).isEqualTo(bytes.length);
                    return seen;
                }
                seen.add(seen(record, ""));
            }
        }
    }

    private static List<Seen> seen(RecordBlock block) {
        var seen = new ArrayList<Seen>();
        for (var i = 0; i < block.records; i++) {
            var fields = new ArrayList<String>();
            var quoted = new ArrayList<Boolean>();
            for (var field = 0; field < block.fields; field++) {
                var place = block.first(field) + i;
                fields.add(text(block, place));
                quoted.add(block.written(place) != RecordBlock.UNQUOTED);
            }
            seen.add(new Seen(block.firstRow + i, "", fields, quoted, ""));
        }
        return seen;
    }

    private static String text(RecordBlock block, int place) {
        var start = block.starts[place];
        var end = block.ends[place];
        if (block.written(place) != RecordBlock.ESCAPED) {
            return text(block.bytes, start, end);
        }
        var undoubled = new byte[end - start];
        return text(undoubled, 0, block.unescape(place, undoubled));
    }

    /// All that is said of cuts, but for the places in a source that cannot be rebuilt, which
    /// nobody knows exactly.
    private static List<String> shown(List<Cut> cuts, Source source) {
        return cuts.stream()
                .map(c ->
                        "%d %d %d %d %s %s"
                                .formatted(
                                        c.records(),
                                        c.firstRow(),
                                        source.isExact() ? c.from() : 0,
                                        source.isExact() ? c.to() : 0,
                                        c.exact(),
                                        text(c.bytes(), 0, c.length())))
                .toList();
    }

    /// A text as the bytes of its UTF-8, so that half surrogate pairs can be compared.
    private String shown(String field) {
        var bytes = Texts.utf8(field);
        return text(bytes, 0, bytes.length);
    }

    private static String text(byte[] bytes, int from, int to) {
        var part = Arrays.copyOfRange(bytes, from, to);
        var text = new String(part, StandardCharsets.UTF_8);
        return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), part)
                ? text
                : Arrays.toString(part);
    }
}
