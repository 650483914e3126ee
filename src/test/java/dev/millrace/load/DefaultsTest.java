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
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnType;
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
import dev.millrace.validate.Validator;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A default is one value, whoever gives it: the load, to a row whose source lacks the column; or
/// ClickHouse, to a row that was there before the column and to one of a job that runs with an
/// older version of the model.
class DefaultsTest {
    private static final int TYPES = 10;
    private static final int DEFAULTS = 12;
    private static final ClickHouseConnection CONNECTION =
            new ClickHouseConnection(Engines.clickhouseSettings());
    private static final ClickHouseSink SINK = new ClickHouseSink(CONNECTION);

    @AfterAll
    static void close() {
        CONNECTION.close();
    }

    /// A column for each of some defaults of some types.
    private record Defaults(List<Column> columns, List<String> probes, List<String> stored) {}

    static Stream<List<String>> types() {
        var types = Samples.types();
        return IntStream.iterate(0, from -> from < types.size(), from -> from + TYPES)
                .mapToObj(from -> types.subList(from, Math.min(from + TYPES, types.size())));
    }

    @ParameterizedTest
    @MethodSource("types")
    void aDefaultIsTheSameWhoeverGivesIt(List<String> types) {
        var id = new Column("id", ColumnTypes.parse("UInt32"));
        var before = model(new ModelId(UUID.randomUUID()), 1, List.of(id));
        SINK.prepare(before);
        publish(before, open(before), 1);
        var late = open(before);

        var defaults = defaults(types);
        var columns = new ArrayList<>(defaults.columns());
        columns.addFirst(id);
        var after = model(before.id(), 2, columns);
        SINK.prepare(after);
        publish(after, open(after), 2);
        publish(before, late, 3);

        for (var row = 1; row <= 3; row++) {
            assertThat(stored(before, defaults.probes(), row))
                    .as("row %d, %s", row, types)
                    .isEqualTo(defaults.stored());
        }
    }

    private static List<String> stored(Model model, List<String> probes, int id) {
        var answer = new ByteArrayOutputStream();
        try (var queries = new ClickHouseQueries(CONNECTION)) {
            queries.query(
                    "SELECT arrayJoin([%s]) FROM %s WHERE id = %d"
                            .formatted(String.join(", ", probes), model.table(), id),
                    "TSVRaw",
                    answer);
        }
        return answer.toString(UTF_8).lines().toList();
    }

    private static Defaults defaults(List<String> types) {
        var defaults = new Defaults(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (var typeName : types) {
            var type = ColumnTypes.parse(typeName);
            for (var good : defaults(type, new Random(typeName.hashCode()))) {
                var name = "v" + defaults.columns().size();
                defaults.columns().add(column(name, type, good));
                defaults.probes().add(Samples.probe(type, name));
                defaults.stored().add(good.stored());
            }
        }
        return defaults;
    }

    /// Values that can stand in a model: no NULL, texts that are texts, and no year 0000.
    private static List<Samples.Good> defaults(ColumnType type, Random random) {
        var defaults = new ArrayList<Samples.Good>();
        while (defaults.size() < DEFAULTS) {
            var good = Samples.good(type, random);
            var text = new String(good.text(), UTF_8);
            if (!good.stored().equals("NULL")
                    && text.indexOf('\0') < 0
                    && text.indexOf('\uFFFD') < 0
                    && !text.contains("0000-")) {
                defaults.add(good);
            }
        }
        return defaults;
    }

    private static Column column(String name, ColumnType type, Samples.Good value) {
        var text = new String(value.text(), UTF_8);
        var isText =
                type.base() instanceof ColumnType.Text
                        || type.base() instanceof ColumnType.FixedText;
        var reading =
                new ColumnReading(
                        List.of(),
                        List.of(),
                        isText ? text : text.strip(),
                        List.of(),
                        true,
                        ClockChange.REJECT);
        return new Column(name, type, reading, ColumnConstraints.NONE);
    }

    private static Staging open(Model model) {
        var staging = new Staging(new JobId(UUID.randomUUID()), 1, 1, 0, model);
        SINK.open(load(staging, Digest.EMPTY));
        return staging;
    }

    /// Loads a source that has nothing but an id.
    private static void publish(Model model, Staging staging, int id) {
        var csv = (id + "\n").getBytes(UTF_8);
        var reading =
                new SourceReading(
                        Compression.NONE, Encoding.UTF_8, new Dialect(',', '"'), List.of("id"));
        var records = RecordReader.open(reading, csv, 0, csv.length, 1, 1 << 20, _ -> false);
        var batch =
                new Validator(model, 0, List.of("id")).validate(records, 1, csv.length, 9).batch();
        SINK.write(staging, new SplitId(staging.job(), 0, 0), batch);
        SINK.publish(load(staging, batch.digest()), new NotedInMemory());
        SINK.discard(staging.job());
    }

    private static Model model(ModelId id, int version, List<Column> columns) {
        return new Model(
                id,
                "m",
                version,
                new ModelDefinition(columns, null, null, List.of("id"), null),
                "test",
                "default",
                Instant.EPOCH);
    }

    private static Publishable load(Staging staging, Digest written) {
        return new Publishable(staging, written, LoadOptions.DEFAULT);
    }
}
