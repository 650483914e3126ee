package dev.millrace.bench.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.Engines;
import dev.millrace.NotedInMemory;
import dev.millrace.clickhouse.ClickHouseConnection;
import dev.millrace.clickhouse.ClickHouseQueries;
import dev.millrace.clickhouse.ClickHouseSink;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnReading.OuterBlanks;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Digest;
import dev.millrace.core.Encoding;
import dev.millrace.core.Escape;
import dev.millrace.core.Evidence;
import dev.millrace.core.Format;
import dev.millrace.core.JobId;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.Publishable;
import dev.millrace.core.Rejection;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitId;
import dev.millrace.core.Staging;
import dev.millrace.format.RecordReader;
import dev.millrace.validate.Validated;
import dev.millrace.validate.Validator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Texts whose fate in ClickHouse is known, each in a column of its type: `id`, `type`, `format`,
/// `raw` (the record as it stands in a file), `ok`, `value` (as ClickHouse's `toString` gives it,
/// null for NULL) or `error`, and `lossy` for a text that ClickHouse stores as something else.
///
/// Floats may be infinite or not a number. Blanks at the ends of a text are refused: ClickHouse
/// removes them.
final class Vectors implements Corpus.Collection {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 1 << 26;

    /// What became of a text.
    ///
    /// @param stored whether it is in the table
    /// @param value as ClickHouse tells it
    private record Fate(boolean stored, @Nullable String value, String why) {}

    @Override
    public Score score(Path folder) throws IOException {
        var score = new Score("Texts of ClickHouse's types");
        var groups = new TreeMap<String, List<JsonNode>>();
        for (var line : Files.readAllLines(folder.resolve("expected/vectors.jsonl"))) {
            var vector = JSON.readTree(line);
            if (!vector.path("time_dependent").asBoolean()) {
                var group = vector.path("format").asText() + " " + vector.path("type").asText();
                groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(vector);
            }
        }
        try (var connection = new ClickHouseConnection(Engines.clickhouseSettings());
                var queries = new ClickHouseQueries(connection)) {
            var sink = new ClickHouseSink(connection);
            for (var vectors : groups.values()) {
                judge(vectors, fates(vectors, sink, queries), score);
            }
        }
        return score;
    }

    private static void judge(List<JsonNode> vectors, Map<Long, Fate> fates, Score score) {
        for (var vector : vectors) {
            var fate = fates.get(vector.path("id").asLong());
            var format = vector.path("format").asText();
            var same = fate.stored && Objects.equals(fate.value, textOrNull(vector));
            var example = vector.path("type").asText() + " " + vector.path("raw");
            if (vector.path("lossy").asBoolean()) {
                if (!fate.stored) {
                    score.good(format + ": ClickHouse alters it, rejected");
                } else {
                    score.other(
                            format + (same ? ": altered as ClickHouse does" : ": wrong value"),
                            "stored as " + fate.value,
                            example);
                }
            } else if (vector.path("ok").asBoolean()) {
                if (same) {
                    score.good(format + ": the same value");
                } else if (fate.stored) {
                    score.other(
                            format + ": wrong value",
                            "stored as %s, ClickHouse %s".formatted(fate.value, textOrNull(vector)),
                            example);
                } else {
                    score.other(format + ": rejected, ClickHouse takes it", fate.why, example);
                }
            } else if (fate.stored) {
                score.other(
                        format + ": stored, ClickHouse rejects it",
                        vector.path("error").asText(),
                        example + " -> " + fate.value);
            } else {
                score.good(format + ": rejected by both");
            }
        }
    }

    private static @Nullable String textOrNull(JsonNode vector) {
        return vector.path("value").isNull() ? null : vector.path("value").asText();
    }

    /// Stores all texts of a format and a type.
    private static Map<Long, Fate> fates(
            List<JsonNode> vectors, ClickHouseSink sink, ClickHouseQueries queries)
            throws IOException {
        var fates = new HashMap<Long, Fate>();
        var type = vectors.getFirst().path("type").asText();
        Validated validated;
        Model model;
        try {
            model = model(type);
            validated = validate(model, vectors);
        } catch (MillraceException e) {
            vectors.forEach(v ->
                    fates.put(
                            v.path("id").asLong(),
                            new Fate(false, null, "no type of Millrace: " + e.what())));
            return fates;
        }
        var byRow = new HashMap<Long, Rejection>();
        validated.rejections().forEach(r -> byRow.putIfAbsent(r.row(), r));
        var values =
                validated.batch().rows() == 0
                        ? Map.<Long, JsonNode>of()
                        : values(model, validated, sink, queries);
        for (var i = 0; i < vectors.size(); i++) {
            var id = vectors.get(i).path("id").asLong();
            var value = values.get(id);
            var rejection = byRow.get(i + 1L);
            fates.put(
                    id,
                    value != null
                            ? new Fate(true, value.isNull() ? null : value.asText(), "")
                            : new Fate(
                                    false,
                                    null,
                                    rejection == null
                                            ? "lost"
                                            : rejection.error() + " in " + family(type)));
        }
        return fates;
    }

    private static String family(String type) {
        return type.replaceAll("Nullable\\((.*)\\)", "$1").replaceAll("\\(.*", "");
    }

    private static Map<Long, JsonNode> values(
            Model model, Validated validated, ClickHouseSink sink, ClickHouseQueries queries)
            throws IOException {
        sink.prepare(model);
        var staging = new Staging(new JobId(UUID.randomUUID()), 1, 1, 0, model);
        sink.open(load(staging, Digest.EMPTY));
        sink.write(staging, new SplitId(staging.job(), 0, 0), validated.batch());
        sink.publish(load(staging, validated.batch().digest()), new NotedInMemory());
        sink.discard(staging.job());
        var answer = new ByteArrayOutputStream();
        queries.query("SELECT id, toString(v) FROM " + model.table(), "JSONCompact", answer);
        var values = new HashMap<Long, JsonNode>();
        JSON.readTree(answer.toByteArray())
                .path("data")
                .forEach(row -> values.put(row.path(0).asLong(), row.path(1)));
        return values;
    }

    private static Publishable load(Staging staging, Digest digest) {
        return new Publishable(staging, digest, LoadOptions.DEFAULT);
    }

    private static Validated validate(Model model, List<JsonNode> vectors) {
        var source = new StringBuilder();
        for (var vector : vectors) {
            var id = vector.path("id").asLong();
            var raw = vector.path("raw").asText();
            source.append(
                    switch (vector.path("format").asText()) {
                        case "CSV" -> id + "," + raw;
                        case "TSV" -> id + "\t" + raw;
                        default -> "{\"id\":%d,%s".formatted(id, raw.substring(1));
                    });
        }
        var bytes = source.toString().getBytes(UTF_8);
        var reading = reading(vectors.getFirst().path("format").asText());
        var records = RecordReader.open(reading, bytes, 0, bytes.length, 1, MOST_BYTES, _ -> false);
        return new Validator(model, 0, reading.header())
                .validate(records, vectors.size(), bytes.length, 2 * vectors.size());
    }

    private static SourceReading reading(String format) {
        var dialect =
                switch (format) {
                    case "CSV" -> new Dialect(',', '"');
                    case "TSV" -> new Dialect('\t', '"').withEscape(Escape.SEQUENCES);
                    default -> Dialect.LINES;
                };
        return new SourceReading(
                Compression.NONE,
                Encoding.UTF_8,
                format.equals("JSONEachRow") ? Format.JSONL : Format.CSV,
                dialect,
                0,
                List.of("id", "v"),
                false,
                Evidence.NONE);
    }

    private static Model model(String type) {
        var reading =
                new ColumnReading(
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        type.contains("Float"),
                        ClockChange.REJECT,
                        OuterBlanks.REJECT);
        var columns =
                List.of(
                        new Column("id", ColumnTypes.parse("UInt32")),
                        new Column("v", ColumnTypes.parse(type), reading, ColumnConstraints.NONE));
        return new Model(
                new ModelId(UUID.randomUUID()),
                type,
                1,
                new ModelDefinition(columns, null, null, List.of("id"), null),
                "bench",
                "default",
                Instant.EPOCH);
    }
}
