package dev.millrace.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ColumnValues;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.Rejection;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.CsvRecords;
import dev.millrace.format.RecordCutter;
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
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// However a source is cut, the batches and the rejections are those of the source in one piece:
/// values, row numbers, messages, raw records.
class AnyCuttingLoadsAlikeTest {
    private static final int MAX_RECORD_BYTES = 120;
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
                                    column("d", "Nullable(Float64)")),
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

        var whole = load(source, new SplitSizes(1 << 20, 1 << 20, 1 << 20));
        var first = 1 + random.nextInt(200);
        var sizes = new SplitSizes(first, first + random.nextInt(400), 1 + random.nextInt(20));
        var cut = load(source, sizes);

        assertThat(cut)
                .as(
                        "seed %d, sizes %s, %s",
                        seed, sizes, new String(source, StandardCharsets.UTF_8))
                .isEqualTo(whole);
        assertThat(whole.rowIds.size() + whole.rejections.size()).isPositive();
    }

    private static String source(Random random) {
        var text = new StringBuilder("a,b,c,d\n");
        for (var rows = 1 + random.nextInt(40); rows > 0; rows--) {
            var good = random.nextInt(3) > 0;
            var fields = good ? 4 : 1 + random.nextInt(6);
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
            default -> random.nextBoolean() ? "" : Double.toString(random.nextInt(1000) / 8.0);
        };
    }

    private static Loaded load(byte[] source, SplitSizes sizes) {
        var values = new ArrayList<List<@Nullable Object>>();
        MODEL.definition().columns().forEach(_ -> values.add(new ArrayList<>()));
        var rowIds = new ArrayList<Long>();
        var rejections = new ArrayList<Rejection>();
        var options = SourceOptions.DETECT;
        try (var decoder = SourceDecoder.open(new ByteArrayInputStream(source), options)) {
            var asked = new SourceOptions(null, ',', '"');
            var cutter = RecordCutter.open(decoder, asked, MAX_RECORD_BYTES, sizes);
            var reading = cutter.reading();
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var records =
                        new CsvRecords(
                                cut.bytes(),
                                0,
                                cut.length(),
                                reading.dialect(),
                                reading.header().size(),
                                cut.firstRow(),
                                MAX_RECORD_BYTES);
                var validated =
                        new Validator(MODEL, 0, reading.header())
                                .validate(records, cut.records(), cut.length(), 1 << 20);
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
