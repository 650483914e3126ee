package dev.millrace.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Parts;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.Rejection;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import dev.millrace.format.SourceEncoder;
import dev.millrace.validate.Validator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The rejected rows of a source, given back in its form, are exactly its rejected records, however
/// it is cut; loaded again they are rejected again, row by row, and mended they are good.
class RejectedRowsComeBackTest {
    private static final int MAX_RECORD_BYTES = 4096;
    private static final String BAD = "BAD";
    private static final List<Encoding> ENCODINGS =
            List.of(Encoding.UTF_8, Encoding.UTF_16LE, Encoding.UTF_16BE);

    /// Texts of the second column, which takes any text; `;` is the delimiter.
    private static final String[] TEXTS = {
        "",
        "x",
        "a,b",
        "\"a;b\"",
        "\"a\nb\"",
        "\"a\r\n\r\nb\"",
        "\"q\"\"q\"",
        "\"\"",
        "龍",
        "\uD83D\uDE00",
        "é"
    };

    /// Fields that may spoil anything around them.
    private static final String[] HOSTILE = {
        "1",
        "256",
        "",
        "\"\"",
        "\"7\"",
        "\"a;b\"",
        "\"a\nb\"",
        "\"q\"\"q\"",
        "\"open",
        "\"x\"y",
        "a\"",
        "龍",
        "\uD83D\uDE00",
        "\uD83D",
        "\uDE00",
        "\uFEFF",
        "\r",
        "\n\n",
        "z".repeat(MAX_RECORD_BYTES),
        "龍".repeat(2000)
    };

    private static final Model MODEL = model("name of; a", "b\"\nb");

    /// A source, and what is known of it.
    private record Source(byte[] content, SourceOptions options) {}

    /// What a load makes of a source.
    private record Loaded(long good, List<Rejection> rejections, byte[] rejected) {
        /// What is said of each rejected row, wherever it stands.
        List<String> problems() {
            return rejections.stream()
                    .map(r -> r.column() + r.error() + r.observed() + r.message() + r.raw())
                    .toList();
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theFileIsTheHeaderAndExactlyTheRejectedRecords(long seed) {
        var random = new Random(seed);
        var encoding = ENCODINGS.get(random.nextInt(ENCODINGS.size()));
        var records = records(random);
        var blank = random.nextBoolean() ? "" : "\n";
        var whole = String.join(blank, records);
        var bad = records.stream().filter(r -> r.startsWith(BAD)).toList();
        var crlf = !bad.isEmpty() && firstLine(bad.getFirst()).endsWith("\r");
        var header = "\"name of; a\";\"b\"\"\nb\"";

        var source = new Source(bytes(header + "\n" + whole, encoding), options(encoding, '"'));
        var loaded = load(source, sizes(random));

        var mark = encoding == Encoding.UTF_8 ? "" : "\uFEFF";
        var expected = mark + header + (crlf ? "\r\n" : "\n") + String.join("", bad);
        assertThat(new String(loaded.rejected, encoding.charset()))
                .as("seed %d", seed)
                .isEqualTo(expected);
        var mended = expected.replace(BAD, "7");
        var again = load(new Source(bytes(mended, encoding), source.options), sizes(random));
        assertThat(again.rejections).isEmpty();
        assertThat(again.good).isEqualTo(bad.size());
        assertThat(loaded.good).isEqualTo(records.size() - bad.size());
    }

    private static List<String> records(Random random) {
        var records = new ArrayList<String>();
        var count = 1 + random.nextInt(40);
        for (var i = 0; i < count; i++) {
            var first = random.nextInt(3) == 0 ? BAD : Integer.toString(random.nextInt(256));
            var lineBreak = i == count - 1 && random.nextBoolean() ? "" : lineBreak(random);
            records.add(first + ";" + TEXTS[random.nextInt(TEXTS.length)] + lineBreak);
        }
        return records;
    }

    private static String firstLine(String text) {
        return text.substring(0, Math.max(text.indexOf('\n'), 0));
    }

    private static String lineBreak(Random random) {
        return random.nextInt(4) == 0 ? "\r\n" : "\n";
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void loadedAgainAsItIsTheFileIsRejectedRowByRow(long seed) throws IOException {
        var random = new Random(seed);
        var encoding = ENCODINGS.get(random.nextInt(ENCODINGS.size()));
        var quote = random.nextInt(4) == 0 ? Dialect.NO_QUOTE : '"';
        var header = quote == '"' ? "\"name of; a\";\"b\"\"\nb\"\n" : "\uFEFF,a;bb\n";
        var text = new StringBuilder(header);
        for (var rows = 1 + random.nextInt(12); rows > 0; rows--) {
            text.append(HOSTILE[random.nextInt(HOSTILE.length)]);
            text.append(random.nextInt(8) == 0 ? "" : ";");
            text.append(HOSTILE[random.nextInt(HOSTILE.length)]);
            text.append(rows == 1 && random.nextBoolean() ? "" : lineBreak(random));
        }
        var content = new ByteArrayOutputStream();
        content.writeBytes(bytes((quote == '"' ? "" : "\uFEFF") + text, encoding));
        if (random.nextInt(4) == 0) {
            content.write(0xC3); // half a character
        }
        var model = quote == '"' ? MODEL : model("\uFEFF,a", "bb");
        var source = new Source(content.toByteArray(), options(encoding, quote));

        var loaded = load(model, source, sizes(random));
        var again = load(model, new Source(loaded.rejected, source.options), sizes(random));

        assertThat(again.problems()).as("seed %d: %s", seed, text).isEqualTo(loaded.problems());
        assertThat(again.good).isZero();
        assertThat(again.rejected).isEqualTo(loaded.rejected);
    }

    /// A mark that stands before the first rejected record is a character of it.
    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"UTF_8", "UTF_16LE", "UTF_16BE"})
    void withoutAHeaderTheFirstRecordIsARowAndComesBackAsOne(Encoding encoding) {
        var options = options(encoding, '"').with(List.of("name of; a", "b\"\nb"));
        for (var first : List.of("BAD;x\n", "\uFEFF1;x\n")) {
            var text = "\uFEFF" + first + "7;y\n";
            var source = new Source(bytes(text, encoding), options);
            var loaded = load(source, new SplitSizes(99, 99, 99));
            assertThat(loaded.good).isEqualTo(1);
            assertThat(loaded.rejections.getFirst().row()).isEqualTo(1);
            var rejected = new String(loaded.rejected, encoding.charset());
            var needsMark = encoding != Encoding.UTF_8 || first.startsWith("\uFEFF");
            assertThat(rejected).isEqualTo(needsMark ? "\uFEFF" + first : first);
            var again = load(new Source(loaded.rejected, options), new SplitSizes(9, 9, 9));
            assertThat(again.problems()).isEqualTo(loaded.problems());
            assertThat(again.rejected).isEqualTo(loaded.rejected);
        }
    }

    @Test
    void withoutARejectedRowThereIsTheHeaderAlone() {
        var source = new Source("a;b\n1;x\n".getBytes(UTF_8), options(Encoding.UTF_8, '"'));
        assertThat(load(model("a", "b"), source, new SplitSizes(99, 99, 99)).rejected)
                .asString(UTF_8)
                .isEqualTo("a;b\n");
    }

    private static Loaded load(Source source, SplitSizes sizes) {
        return load(MODEL, source, sizes);
    }

    private static Loaded load(Model model, Source source, SplitSizes sizes) {
        var rejections = new ArrayList<Rejection>();
        var good = 0L;
        var rejected = new ByteArrayOutputStream();
        var in = new ByteArrayInputStream(source.content);
        try (var decoder = SourceDecoder.open(in, source.options, Parts::next)) {
            var cutter = Cutter.open(decoder, source.options, MAX_RECORD_BYTES, sizes);
            var reading = cutter.reading();
            try (var out = new SourceEncoder(rejected, reading)) {
                for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                    var records = RecordReader.open(reading, cut, MAX_RECORD_BYTES);
                    var validated =
                            new Validator(model, 0, reading.header())
                                    .validate(records, cut.records(), cut.length(), 1 << 20);
                    assertThat(validated.records().count()).isEqualTo((int) validated.rejected());
                    good += validated.batch().rows();
                    rejections.addAll(validated.rejections());
                    if (validated.rejected() > 0) {
                        out.write(validated.records().bytes());
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Loaded(good, rejections, rejected.toByteArray());
    }

    private static SplitSizes sizes(Random random) {
        var first = 1 + random.nextInt(200);
        return new SplitSizes(first, first + random.nextInt(400), 1 + random.nextInt(20));
    }

    private static SourceOptions options(Encoding encoding, char quote) {
        return new SourceOptions(encoding, ';', quote);
    }

    private static byte[] bytes(String text, Encoding encoding) {
        if (encoding == Encoding.UTF_8) {
            return text.getBytes(UTF_8);
        }
        // Not by a charset, which would not write half a surrogate pair.
        var bytes = ByteBuffer.allocate(2 * text.length());
        text.chars()
                .forEach(c ->
                        bytes.putShort(
                                encoding == Encoding.UTF_16BE
                                        ? (short) c
                                        : Short.reverseBytes((short) c)));
        return bytes.array();
    }

    private static Model model(String number, String text) {
        var columns = List.of(column("a", "UInt8", number), column("b", "String", text));
        return new Model(
                new ModelId(new UUID(1, 1)),
                "m",
                1,
                new ModelDefinition(columns, null, null, List.of(), null),
                "tester",
                "default",
                Instant.EPOCH);
    }

    private static Column column(String name, String type, String sourceName) {
        var names = List.of(sourceName);
        return new Column(
                name,
                ColumnTypes.parse(type),
                new ColumnReading(
                        names, List.of(), null, List.of(), false, ColumnReading.ClockChange.REJECT),
                ColumnConstraints.NONE);
    }
}
