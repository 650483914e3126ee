package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.Escape;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What was written in any dialect and encoding is read, however the source is cut and arrives, and
/// a damaged record is rejected by its number without its neighbours.
class DialectPropertyTest {
    private static final int COLUMNS = 3;
    private static final String UNCLOSED = "\"never closed";

    /// Of which fields are made.
    private static final String[] PARTS = {
        "", "a", "1.5", " ", ",", ";", "|", "||", "\t", "\"", "'", "\\", "\\\\", "\\n", "\n",
        "\r\n", "\r", "#", "N", "\\N", "é", "龍", "😀", "::", ":"
    };

    /// A dialect, and how the rest is written.
    record Form(Dialect dialect, Encoding encoding, boolean crlf, int before, int comments) {
        SourceOptions options() {
            return new SourceOptions(
                    null,
                    encoding,
                    dialect.delimiter(),
                    dialect.quote(),
                    dialect.escape(),
                    dialect.comment(),
                    dialect.trailing(),
                    before,
                    null,
                    null);
        }

        String lineBreak() {
            return crlf ? "\r\n" : "\n";
        }

        /// A field so that it is read as it is.
        String field(String text) {
            return switch (dialect.escape()) {
                case SEQUENCES ->
                        text.replace("\\", "\\\\")
                                .replace("\t", "\\t")
                                .replace("\n", "\\n")
                                .replace("\r", "\\r")
                                .replace("#", "\\#")
                                .replace(
                                        dialect.delimiter().substring(0, 1),
                                        "\\" + dialect.delimiter().charAt(0));
                case BACKSLASH -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
                case NONE -> '"' + text.replace("\"", "\"\"") + '"';
            };
        }

        String record(List<String> fields) {
            return fields.stream().map(this::field).collect(Collectors.joining(dialect.delimiter()))
                    + (dialect.trailing() ? dialect.delimiter() : "")
                    + lineBreak();
        }

        String source(List<List<String>> table, int damagedBefore) {
            var text = new StringBuilder();
            for (var i = 0; i < before; i++) {
                text.append("line %d of what stands before\n".formatted(i));
            }
            text.append(record(List.of("a", "b", "c")));
            for (var i = 0; i < table.size(); i++) {
                if (i == damagedBefore) {
                    text.append(UNCLOSED).append('\n');
                }
                if (dialect.hasComment() && i % 3 < comments) {
                    text.append(dialect.comment()).append(" no \"record\n");
                }
                text.append(record(table.get(i)));
            }
            return text.toString();
        }
    }

    @Property(tries = 1500)
    void whatWasWrittenIsRead(
            @ForAll("forms") Form form,
            @ForAll("tables") List<List<String>> table,
            @ForAll("sizes") SplitSizes sizes,
            @ForAll long seed) {
        var read = read(form, form.source(table, -1), sizes, seed);
        assertThat(read.malformed).isEmpty();
        assertThat(read.rows).isEqualTo(table);
    }

    @Property(tries = 500)
    void aDamagedRecordIsNamedAndItsNeighboursAreRead(
            @ForAll("forms") Form form,
            @ForAll("plainTables") List<List<String>> table,
            @ForAll("sizes") SplitSizes sizes,
            @ForAll long seed) {
        if (!form.dialect.hasQuote()) {
            return;
        }
        var damaged = new Random(seed).nextInt(table.size());
        // No quote behind it may close the one that is open.
        var plain = new Form(form.dialect, form.encoding, form.crlf, 0, 0);
        var source = unquoted(plain, table, damaged);
        var read = read(plain, source, sizes, seed);
        assertThat(read.malformed).containsExactly(damaged + 1L);
        assertThat(read.rows).isEqualTo(table);
    }

    @Property(tries = 2000)
    void whateverItHoldsAnyCuttingReadsLikeNoCutting(
            @ForAll("forms") Form form,
            @ForAll("garbage") String garbage,
            @ForAll("sizes") SplitSizes sizes,
            @ForAll("limits") int most,
            @ForAll long seed) {
        var source = form.source(List.of(), -1) + Texts.writable(garbage, form.encoding);
        var whole = new SplitSizes(1 << 20, 1 << 20, 1 << 20);
        assertThat(read(form, source, sizes, seed, most))
                .isEqualTo(read(form, source, whole, seed + 1, most));
    }

    private static String unquoted(Form form, List<List<String>> table, int damaged) {
        var text = new StringBuilder(form.record(List.of("a", "b", "c")));
        for (var i = 0; i < table.size(); i++) {
            text.append(i == damaged ? UNCLOSED + form.lineBreak() : "");
            text.append(String.join(form.dialect.delimiter(), table.get(i)))
                    .append(form.dialect.trailing() ? form.dialect.delimiter() : "")
                    .append(form.lineBreak());
        }
        return text.toString();
    }

    private record Read(List<List<String>> rows, List<Long> malformed) {}

    private static Read read(Form form, String source, SplitSizes sizes, long seed) {
        return read(form, source, sizes, seed, 1 << 12);
    }

    private static Read read(
            Form form, String source, SplitSizes sizes, long seed, int maxRecordBytes) {
        var rows = new ArrayList<List<String>>();
        var malformed = new ArrayList<Long>();
        var in = Texts.trickle(Texts.encode(source, form.encoding, false), 20, seed);
        var options = form.options();
        try (var decoder = SourceDecoder.open(in, options, 64)) {
            var cutter = RecordCutter.open(decoder, options, maxRecordBytes, sizes, 64);
            assertThat(cutter.reading().header()).containsExactly("a", "b", "c");
            assertThat(cutter.reading().dialect()).isEqualTo(form.dialect);
            var random = new Random(seed);
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var before = rows.size() + malformed.size();
                read(cutter, cut, random, maxRecordBytes, rows, malformed);
                assertThat(rows.size() + malformed.size() - before).isEqualTo(cut.records());
            }
        }
        return new Read(rows, malformed);
    }

    /// Reads some of the records in blocks and others one by one.
    private static void read(
            RecordCutter cutter,
            Cut cut,
            Random random,
            int maxRecordBytes,
            List<List<String>> rows,
            List<Long> malformed) {
        var records = RecordReader.open(cutter.reading(), cut, maxRecordBytes);
        var block = new RecordBlock(COLUMNS);
        var record = new SourceRecord();
        while (true) {
            block.limit = 1 + random.nextInt(4);
            var together = records.next(block);
            if (together > 0 && random.nextBoolean()) {
                IntStream.range(0, together).forEach(i -> rows.add(fields(block, i)));
                continue;
            }
            if (together > 0) {
                records.goBack();
            }
            for (var i = 0; i < Math.max(together, 1); i++) {
                if (!records.next(record)) {
                    assertThat(records.bytesRead()).isEqualTo(cut.length());
                    return;
                }
                if (record.malformed.isEmpty()) {
                    rows.add(fields(record));
                } else {
                    malformed.add(record.row);
                }
            }
        }
    }

    private static List<String> fields(RecordBlock block, int record) {
        return IntStream.range(0, COLUMNS)
                .mapToObj(field -> {
                    var place = block.first(field) + record;
                    var start = block.starts[place];
                    var length = block.ends[place] - start;
                    if (block.written(place) != RecordBlock.ESCAPED) {
                        return text(block.bytes, start, length);
                    }
                    var plain = new byte[length];
                    return text(plain, 0, block.unescape(place, plain));
                })
                .toList();
    }

    private static List<String> fields(SourceRecord record) {
        return IntStream.range(0, record.fields)
                .mapToObj(i ->
                        text(record.bytes, record.starts[i], record.ends[i] - record.starts[i]))
                .toList();
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<Form> forms() {
        var dialects =
                Combinators.combine(
                                Arbitraries.of(",", ";", "\t", "|", "||", "::", "|~|", "§"),
                                Arbitraries.of(Escape.class),
                                Arbitraries.of(Dialect.NO_COMMENT, '#'),
                                Arbitraries.of(true, false))
                        .as((delimiter, escape, comment, trailing) ->
                                new Dialect(
                                        delimiter,
                                        escape == Escape.SEQUENCES ? Dialect.NO_QUOTE : '"',
                                        '\n',
                                        escape,
                                        comment,
                                        trailing));
        return Combinators.combine(
                        dialects,
                        Arbitraries.of(
                                Encoding.UTF_8,
                                Encoding.UTF_8,
                                Encoding.UTF_16LE,
                                Encoding.UTF_32BE,
                                Encoding.GB18030),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 2))
                .as(Form::new);
    }

    @Provide
    Arbitrary<SplitSizes> sizes() {
        var bytes = Arbitraries.integers().between(1, 80);
        return Combinators.combine(bytes, bytes, Arbitraries.integers().between(1, 12))
                .as((one, other, n) -> new SplitSizes(one, Math.max(one, other), n));
    }

    @Provide
    Arbitrary<String> garbage() {
        return Arbitraries.of(PARTS).list().ofMaxSize(60).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<Integer> limits() {
        return Arbitraries.oneOf(Arbitraries.integers().between(30, 60), Arbitraries.just(1000));
    }

    @Provide
    Arbitrary<List<List<String>>> tables() {
        return Arbitraries.of(PARTS)
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts))
                .list()
                .ofSize(COLUMNS)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<List<String>>> plainTables() {
        return Arbitraries.of("a", "b1", "x y", "é", "龍", "")
                .list()
                .ofSize(COLUMNS)
                .filter(fields -> !fields.getFirst().isEmpty())
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }
}
