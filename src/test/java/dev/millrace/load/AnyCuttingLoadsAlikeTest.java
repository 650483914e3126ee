package dev.millrace.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ColumnValues;
import dev.millrace.Parts;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.Rejection;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import dev.millrace.validate.Validator;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// However a source is cut, and however its records are read, together or one by one, the batches
/// and the rejections are those of the source in one piece: values, row numbers, messages, raw
/// records.
class AnyCuttingLoadsAlikeTest {
    private static final int MAX_RECORD_BYTES = 120;
    private static final SplitSizes WHOLE = new SplitSizes(1 << 20, 1 << 20, 1 << 20);
    private static final String[] FIELDS = {
        "1",
        "255",
        "256",
        "-1",
        "x",
        "",
        "\"\"",
        "\"7\"",
        "2024-02-29 10:00:00",
        "1.5",
        "1e400",
        "\"a,b\"",
        "\"a\nb\"",
        "\"q\"\"q\"",
        "龍",
        "\"open",
        "\"x\"y",
        "NaN",
        "\"[1, 2]\"",
        "\"[1, 256]\"",
        "[]",
        "\\N",
        " 7 ",
        "\uD83D\uDE00"
    };
    private static final Model MODEL =
            new Model(
                    new ModelId(new UUID(1, 1)),
                    "m",
                    1,
                    new ModelDefinition(
                            List.of(
                                    column("a", "UInt8"),
                                    column("b", "Nullable(String)"),
                                    column("c", "Nullable(DateTime)"),
                                    column("d", "Nullable(Float64)"),
                                    column("e", "Array(Nullable(UInt8))"),
                                    column("f", "LowCardinality(String)")),
                            null,
                            "b",
                            List.of(),
                            null),
                    "tester",
                    "default",
                    Instant.EPOCH);

    /// What a load of a whole source gives; the values of each column.
    private record Loaded(
            List<List<@Nullable Object>> values, List<Long> rowIds, List<Rejection> rejections) {}

    static LongStream seeds() {
        return LongStream.range(0, 400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyCuttingGivesTheSameBatchesAndRejections(long seed) {
        var random = new Random(seed);
        var source = source(random).getBytes(StandardCharsets.UTF_8);

        var whole = load(source, WHOLE, records -> records);
        var first = 1 + random.nextInt(200);
        var sizes = new SplitSizes(first, first + random.nextInt(400), 1 + random.nextInt(20));
        var cut = load(source, sizes, records -> records);

        assertThat(cut)
                .as(
                        "seed %d, sizes %s, %s",
                        seed, sizes, new String(source, StandardCharsets.UTF_8))
                .isEqualTo(whole);
        assertThat(whole.rowIds.size() + whole.rejections.size()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void recordsReadTogetherAndOneByOneGiveTheSame(long seed) {
        var source = source(new Random(seed)).getBytes(StandardCharsets.UTF_8);

        var together = load(source, WHOLE, records -> records);
        var alone = load(source, WHOLE, OneByOne::new);

        assertThat(together)
                .as("seed %d, %s", seed, new String(source, StandardCharsets.UTF_8))
                .isEqualTo(alone);
    }

    /// Records that are not given in blocks.
    private record OneByOne(Records records) implements Records {
        @Override
        public boolean next(SourceRecord into) {
            return records.next(into);
        }

        @Override
        public int next(RecordBlock into) {
            return 0;
        }

        @Override
        public void goBack() {
            throw new IllegalStateException("There was no block");
        }

        @Override
        public long bytesRead() {
            return records.bytesRead();
        }
    }

    /// Mostly good rows in some sources, and mostly bad ones in others.
    private static String source(Random random) {
        var text = new StringBuilder("a,b,c,d,e,f\n");
        var bad = 1 + random.nextInt(60);
        for (var rows = 1 + random.nextInt(300); rows > 0; rows--) {
            var good = random.nextInt(bad) > 0;
            var fields = good ? 6 : 1 + random.nextInt(8);
            for (var i = 0; i < fields; i++) {
                text.append(i == 0 ? "" : ",");
                text.append(good ? goodField(i, random) : FIELDS[random.nextInt(FIELDS.length)]);
            }
            text.append(random.nextInt(4) == 0 ? "\r\n" : "\n");
        }
        return text.toString();
    }

    private static String goodField(int column, Random random) {
        return switch (column) {
            case 0 -> Integer.toString(random.nextInt(256));
            case 1 -> random.nextBoolean() ? "" : "\"line\none, \"\"two\"\"\"";
            case 2 -> random.nextBoolean() ? "" : "2024-02-29 10:00:0" + random.nextInt(10);
            case 3 -> random.nextBoolean() ? "" : Double.toString(random.nextInt(1000) / 8.0);
            case 4 ->
                    random.nextBoolean() ? "[]" : "\"[1, NULL,%d]\"".formatted(random.nextInt(256));
            default -> random.nextBoolean() ? "" : "x".repeat(random.nextInt(20));
        };
    }

    private static Loaded load(byte[] source, SplitSizes sizes, UnaryOperator<Records> readAs) {
        var values = new ArrayList<List<@Nullable Object>>();
        MODEL.definition().columns().forEach(_ -> values.add(new ArrayList<>()));
        var rowIds = new ArrayList<Long>();
        var rejections = new ArrayList<Rejection>();
        var options = SourceOptions.DETECT;
        try (var decoder =
                SourceDecoder.open(new ByteArrayInputStream(source), options, Parts::next)) {
            var asked = new SourceOptions(null, ',', '"');
            var cutter = Cutter.open(decoder, asked, MAX_RECORD_BYTES, sizes);
            var reading = cutter.reading();
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var records = RecordReader.open(reading, cut, MAX_RECORD_BYTES);
                var validated =
                        new Validator(MODEL, 0, reading.header())
                                .validate(
                                        readAs.apply(records),
                                        cut.records(),
                                        cut.length(),
                                        1 << 20);
                assertThat(validated.read()).isEqualTo(cut.records());
                assertThat(records.bytesRead()).isEqualTo(cut.length());
                var batch = validated.batch();
                for (var i = 0; i < values.size(); i++) {
                    values.get(i).addAll(ColumnValues.of(batch.columns().get(i), batch.rows()));
                }
                Arrays.stream(validated.batch().rowIds(), 0, validated.batch().rows())
                        .forEach(rowIds::add);
                rejections.addAll(validated.rejections());
            }
        }
        return new Loaded(values, rowIds, rejections);
    }

    private static Column column(String name, String type) {
        return new Column(name, ColumnTypes.parse(type));
    }
}
