package dev.millrace.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.Engines;
import dev.millrace.NotedInMemory;
import dev.millrace.Parts;
import dev.millrace.Samples;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.clickhouse.ClickHouseConnection;
import dev.millrace.clickhouse.ClickHouseConnector;
import dev.millrace.clickhouse.ClickHouseQueries;
import dev.millrace.clickhouse.ClickHouseSink;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.Compression;
import dev.millrace.core.Connection;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.Database;
import dev.millrace.core.Digest;
import dev.millrace.core.Export;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportWishes;
import dev.millrace.core.JobId;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.Publishable;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitId;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.Staging;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import dev.millrace.validate.Validator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Exports on the real engines, and loads of what they have written by the code that loads files.
final class ExportSite implements AutoCloseable {
    private static final int MAX_RECORD_BYTES = 16 << 20;
    private static final SplitSizes WHOLE = new SplitSizes(1 << 28, 1 << 28, 1 << 24);

    final ClickHouseConnection connection = new ClickHouseConnection(Engines.clickhouseSettings());
    final ClickHouseSink sink = new ClickHouseSink(connection);
    final PostgresCatalog catalog = Engines.newCatalog("exports");
    final Database database = ClickHouseConnector.embedded(Engines.clickhouseSettings());
    final Exports exports =
            new Exports(
                    catalog.exports(),
                    _ -> database,
                    _ -> {
                        throw new AssertionError("no file goes into a store");
                    },
                    "test/1",
                    new Exports.Limits(Duration.ofHours(1), Duration.ofDays(1)));

    static Connection embedded() {
        return new Connection(
                ConnectionId.EMBEDDED,
                Connection.EMBEDDED,
                1,
                ClickHouseConnector.embeddedReach(Engines.clickhouseSettings()),
                "millrace",
                "default",
                Instant.EPOCH,
                Instant.EPOCH);
    }

    static Model model(List<Column> columns) {
        return new Model(
                new ModelId(UUID.randomUUID()),
                "exported",
                1,
                new ModelDefinition(columns, null, null, List.of("id"), null),
                "test",
                "default",
                Instant.EPOCH);
    }

    Export make(String query, ExportFormat format, Compression packing, boolean guarded) {
        return exports.create(
                embedded(),
                new ExportWishes(Connection.EMBEDDED, query, format, packing, guarded, true),
                null,
                "ada",
                null);
    }

    /// Makes an export and receives its file.
    byte[] export(String query, ExportFormat format, Compression packing) {
        var file = new ByteArrayOutputStream();
        send(make(query, format, packing, false), file);
        return file.toByteArray();
    }

    void send(Export export, OutputStream to) {
        exports.send(exports.begin(export), to);
    }

    Export get(Export export) {
        return exports.get(export.id().uuid().toString());
    }

    /// Loads a file into a model's table as a job does.
    void load(Model model, byte[] file, SourceOptions options) {
        sink.prepare(model);
        var staging = new Staging(new JobId(UUID.randomUUID()), 1, 1, 0, model);
        sink.open(new Publishable(staging, Digest.EMPTY, LoadOptions.DEFAULT));
        var digest = Digest.EMPTY;
        try (var decoder =
                SourceDecoder.open(new ByteArrayInputStream(file), options, Parts::next)) {
            var cutter = Cutter.open(decoder, options, MAX_RECORD_BYTES, WHOLE);
            var reading = cutter.reading();
            var split = 0;
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var validated =
                        new Validator(model, 0, reading.header())
                                .validate(
                                        RecordReader.open(reading, cut, MAX_RECORD_BYTES),
                                        cut.records(),
                                        cut.length(),
                                        1 << 20);
                if (!validated.rejections().isEmpty()) {
                    throw new AssertionError(validated.rejections().getFirst().toString());
                }
                sink.write(staging, new SplitId(staging.job(), 0, split++), validated.batch());
                digest = digest.plus(validated.batch().digest());
            }
        }
        sink.publish(new Publishable(staging, digest, LoadOptions.DEFAULT), new NotedInMemory());
        sink.discard(staging.job());
    }

    /// All values of a column, in the order of `id`, each as a text of its own.
    List<String> values(String table, String column, ColumnType type) {
        var answer = new ByteArrayOutputStream();
        try (var queries = new ClickHouseQueries(connection)) {
            queries.query(
                    "SELECT %s FROM %s ORDER BY id".formatted(Samples.probe(type, column), table),
                    "TSVRaw",
                    answer);
        }
        return answer.toString(UTF_8).lines().toList();
    }

    @Override
    public void close() {
        exports.close();
        database.close();
        catalog.close();
        connection.close();
    }
}
