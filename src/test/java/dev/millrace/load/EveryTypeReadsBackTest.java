package dev.millrace.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.NotedInMemory;
import dev.millrace.Samples;
import dev.millrace.clickhouse.ClickHouseConnection;
import dev.millrace.clickhouse.ClickHouseQueries;
import dev.millrace.clickhouse.ClickHouseSink;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Digest;
import dev.millrace.core.Encoding;
import dev.millrace.core.JobId;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.Publishable;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitId;
import dev.millrace.core.Staging;
import dev.millrace.format.RecordReader;
import dev.millrace.validate.Validated;
import dev.millrace.validate.Validator;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Values of every type over its whole range and at its edges, read out of CSV, written and
/// published: ClickHouse holds the very values. And near-misses: each refused with its code.
class EveryTypeReadsBackTest {
    private static final int GOOD = 1_500;
    private static final int BAD = 300;
    private static final ClickHouseConnection CONNECTION =
            new ClickHouseConnection(Engines.clickhouseSettings());
    private static final ClickHouseSink SINK = new ClickHouseSink(CONNECTION);

    @AfterAll
    static void close() {
        CONNECTION.close();
    }

    static List<String> types() {
        return Samples.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void whatIsReadIsWhatClickHouseHolds(String type) {
        var random = new Random(type.hashCode());
        var columnType = ColumnTypes.parse(type);
        var csv = new ByteArrayOutputStream();
        var expected = new ArrayList<String>();
        for (var i = 0; i < GOOD; i++) {
            var good = Samples.good(columnType, random);
            csv.writeBytes((i + ",").getBytes(UTF_8));
            csv.writeBytes(Samples.field(good.text()));
            csv.write('\n');
            expected.add(good.stored());
        }
        var model = model(type);
        var validated = validate(model, csv.toByteArray());
        assertThat(validated.rejections()).isEmpty();

        SINK.prepare(model);
        var staging = new Staging(new JobId(UUID.randomUUID()), 1, 1, 0, model);
        SINK.open(load(staging, Digest.EMPTY));
        SINK.write(staging, new SplitId(staging.job(), 0, 0), validated.batch());
        SINK.publish(load(staging, validated.batch().digest()), new NotedInMemory());
        SINK.discard(staging.job());

        var answer = new ByteArrayOutputStream();
        try (var queries = new ClickHouseQueries(CONNECTION)) {
            queries.query(
                    "SELECT %s FROM %s ORDER BY id"
                            .formatted(Samples.probe(columnType, "v"), model.table()),
                    "TSVRaw",
                    answer);
        }
        assertThat(answer.toString(UTF_8).lines()).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("types")
    void nearMissesAreRefusedWithTheirCode(String type) {
        var random = new Random(type.hashCode());
        var columnType = ColumnTypes.parse(type);
        var csv = new ByteArrayOutputStream();
        var expected = new ArrayList<String>();
        for (var i = 0; i < BAD; i++) {
            var bad = Samples.bad(columnType, random);
            csv.writeBytes((i + ",").getBytes(UTF_8));
            csv.writeBytes(Samples.field(bad.text()));
            csv.write('\n');
            expected.add("%d %s".formatted(i + 1, bad.error()));
        }
        var validated = validate(model(type), csv.toByteArray());
        assertThat(validated.rejections().stream().map(r -> "%d %s".formatted(r.row(), r.error())))
                .containsExactlyElementsOf(expected);
        assertThat(validated.rejections())
                .allSatisfy(r -> assertThat(r.message()).hasSizeGreaterThan(20));
    }

    private static Validated validate(Model model, byte[] csv) {
        var reading =
                new SourceReading(
                        Compression.NONE,
                        Encoding.UTF_8,
                        new Dialect(',', '"'),
                        List.of("id", "v"));
        var records = RecordReader.open(reading, csv, 0, csv.length, 1, 1 << 20, _ -> false);
        return new Validator(model, 0, List.of("id", "v")).validate(records, GOOD, csv.length, BAD);
    }

    private static Model model(String type) {
        var columns =
                List.of(
                        new Column("id", ColumnTypes.parse("UInt32")),
                        new Column("v", ColumnTypes.parse(type)));
        return new Model(
                new ModelId(UUID.randomUUID()),
                type,
                1,
                new ModelDefinition(columns, null, null, List.of("id"), null),
                "test",
                "default",
                Instant.EPOCH);
    }

    private static Publishable load(Staging staging, Digest written) {
        return new Publishable(staging, written, LoadOptions.DEFAULT);
    }
}
