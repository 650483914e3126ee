package dev.millrace.bench.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.Parts;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnReading.Nested;
import dev.millrace.core.ColumnReading.OuterBlanks;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Limits;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.NumberForm;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import dev.millrace.validate.HeaderMatch;
import dev.millrace.validate.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// Three lines each, a doubtful one between two good ones: `file`, and `expect` in words. The
/// columns are `id` and the text `v`.
final class JsonLines implements Corpus.Collection {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ColumnReading AS_JSON =
            new ColumnReading(
                    List.of(),
                    List.of(),
                    null,
                    List.of(),
                    false,
                    ClockChange.REJECT,
                    OuterBlanks.KEEP,
                    Nested.JSON,
                    NumberForm.PLAIN);
    private static final Model MODEL =
            new Model(
                    new ModelId(UUID.randomUUID()),
                    "lines",
                    1,
                    new ModelDefinition(
                            List.of(
                                    new Column("id", ColumnTypes.parse("UInt32")),
                                    new Column(
                                            "v",
                                            ColumnTypes.parse("Nullable(String)"),
                                            AS_JSON,
                                            ColumnConstraints.NONE)),
                            null,
                            null,
                            List.of("id"),
                            null),
                    "bench",
                    "default",
                    Instant.EPOCH);

    @Override
    public Score score(Path folder) throws IOException {
        var score = new Score("JSON Lines");
        for (var line : Files.readAllLines(folder.resolve("expected/jsonl_expected.jsonl"))) {
            var one = JSON.readTree(line);
            judge(folder.resolve("vectors/jsonl").resolve(one.path("file").asText()), one, score);
        }
        return score;
    }

    private static void judge(Path file, JsonNode one, Score score) throws IOException {
        var name = one.path("file").asText();
        try (var in = Files.newInputStream(file);
                var decoder = SourceDecoder.open(in, SourceOptions.DETECT, Parts::next)) {
            var sizes = SplitSizes.fitting(1L << 30);
            var cutter = Cutter.open(decoder, SourceOptions.DETECT, Limits.MAX_RECORD_BYTES, sizes);
            var definition = MODEL.definition();
            var header = HeaderMatch.withAbsent(cutter.reading().header(), definition);
            var reading = cutter.reading().with(header);
            var validator = new Validator(MODEL, 0, header);
            var stored = 0;
            var rejected = new TreeMap<Long, String>();
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var records = RecordReader.open(reading, cut, Limits.MAX_RECORD_BYTES);
                var read = validator.validate(records, cut.records(), cut.length(), 100);
                stored += read.batch().rows();
                for (var rejection : read.rejections()) {
                    rejected.put(rejection.row(), rejection.message());
                }
            }
            var expected = one.path("expect").asText();
            var all = stored == 3 && rejected.isEmpty();
            var second = stored == 2 && rejected.keySet().equals(Set.of(2L));
            if (expected.startsWith("either") ? all || second : all == expected.startsWith("all")) {
                if (all || second) {
                    score.good("as it should be");
                    return;
                }
            }
            score.other(
                    "otherwise", expected + "; stored " + stored + ", rejected " + rejected, name);
        } catch (MillraceException e) {
            score.other("refused", e.code() + ": " + e.what(), name);
        }
    }
}
