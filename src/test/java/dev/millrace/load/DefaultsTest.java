package dev.millrace.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.Samples;
import dev.millrace.clickhouse.ClickHouseConnection;
import dev.millrace.clickhouse.ClickHouseQueries;
import dev.millrace.clickhouse.ClickHouseSettings;
import dev.millrace.clickhouse.ClickHouseSink;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Dialect;
import dev.millrace.core.JobId;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.SplitId;
import dev.millrace.core.Staging;
import dev.millrace.format.CsvRecords;
import dev.millrace.validate.Validator;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A default is one value, whoever gives it: the load, to a row whose source lacks the column; or
/// ClickHouse, to a row that was there before the column and to one of a job that runs with an
/// older version of the model.
class DefaultsTest {
    private static final int DEFAULTS = 12;
    private static final ClickHouseConnection CONNECTION = new ClickHouseConnection(settings());
    private static final ClickHouseSink SINK = new ClickHouseSink(CONNECTION);

    private static ClickHouseSettings settings() {
        var server = Engines.clickhouse();
        return ClickHouseSettings.of(
                URI.create(server.url()),
                new ClickHouseSettings.Login(server.user().user(), server.user().password()),
                new ClickHouseSettings.Login(server.reader().user(), server.reader().password()));
    }

    @AfterAll
    static void close() {
        CONNECTION.close();
    }

    static List<String> types() {
        return Samples.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void aDefaultIsTheSameWhoeverGivesIt(String typeName) {
        var type = ColumnTypes.parse(typeName);
        var defaults = defaults(type, new Random(typeName.hashCode()));
        var columns = new ArrayList<>(List.of(new Column("id", ColumnTypes.parse("UInt32"))));
        var before = model(1, columns);
        SINK.prepare(before);
        publish(before, open(before), 1);
        var late = open(before);

        for (var i = 0; i < defaults.size(); i++) {
            columns.add(column("v" + i, type, defaults.get(i)));
        }
        var after =
                new Model(
                        before.id(),
                        before.name(),
                        2,
                        definition(columns),
                        "test",
                        "default",
                        Instant.EPOCH);
        SINK.prepare(after);
        publish(after, open(after), 2);
        publish(before, late, 3);

        var probes =
                IntStream.range(0, defaults.size())
                        .mapToObj(i -> Samples.probe(type, "v" + i))
                        .collect(Collectors.joining(", "));
        var answer = new ByteArrayOutputStream();
        try (var queries = new ClickHouseQueries(CONNECTION)) {
            queries.query(
                    "SELECT arrayJoin([%s]) FROM %s ORDER BY id".formatted(probes, before.table()),
                    "TSVRaw",
                    answer);
        }
        var stored = defaults.stream().map(Samples.Good::stored).toList();
        var lines = answer.toString(UTF_8).lines().toList();
        assertThat(lines).hasSize(3 * stored.size());
        for (var giver = 0; giver < 3; giver++) {
            assertThat(lines.subList(giver * stored.size(), (giver + 1) * stored.size()))
                    .as("row %d", giver + 1)
                    .isEqualTo(stored);
        }
    }

    /// Values that can stand in a model: no NULL, and texts that are texts.
    private static List<Samples.Good> defaults(ColumnType type, Random random) {
        var defaults = new ArrayList<Samples.Good>();
        while (defaults.size() < DEFAULTS) {
            var good = Samples.good(type, random);
            var text = new String(good.text(), UTF_8);
            if (!good.stored().equals("NULL")
                    && text.indexOf('\0') < 0
                    && text.indexOf('\uFFFD') < 0) {
                defaults.add(good);
            }
        }
        return defaults;
    }

    private static Column column(String name, ColumnType type, Samples.Good value) {
        var text = new String(value.text(), UTF_8);
        var reading =
                new ColumnReading(
                        List.of(),
                        List.of(),
                        type.base() instanceof ColumnType.Text ? text : text.strip(),
                        List.of(),
                        true,
                        ClockChange.REJECT);
        return new Column(name, type, reading, ColumnConstraints.NONE);
    }

    private static Staging open(Model model) {
        var staging = new Staging(new JobId(UUID.randomUUID()), 1, 0, model);
        SINK.open(staging);
        return staging;
    }

    /// Loads a source that has nothing but an id.
    private static void publish(Model model, Staging staging, int id) {
        var csv = (id + "\n").getBytes(UTF_8);
        var records = new CsvRecords(csv, 0, csv.length, new Dialect(',', '"'), 1, 1, 1 << 20);
        var batch =
                new Validator(model, 0, List.of("id")).validate(records, 1, csv.length, 9).batch();
        SINK.write(staging, new SplitId(staging.job(), 0, 0), batch);
        SINK.publish(staging, batch.digest());
        SINK.discard(staging.job());
    }

    private static Model model(int version, List<Column> columns) {
        return new Model(
                new ModelId(UUID.randomUUID()),
                "m",
                version,
                definition(columns),
                "test",
                "default",
                Instant.EPOCH);
    }

    private static ModelDefinition definition(List<Column> columns) {
        return new ModelDefinition(columns, null, null, List.of("id"), null);
    }
}
