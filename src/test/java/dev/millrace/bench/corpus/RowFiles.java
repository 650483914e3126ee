package dev.millrace.bench.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.convert.Conversion;
import dev.millrace.convert.Lines;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Parquet and Avro files: `file`, and what DuckDB and ClickHouse read, each with `ok` and `rows`.
/// Values are compared by what they are: numbers as far as the expected ones were kept (their
/// integers beyond 2^53 were rounded), times as points in time.
///
/// @param format `parquet` or `avro`
record RowFiles(String format) implements Corpus.Collection {
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .build();
    private static final Pattern TIME =
            Pattern.compile(
                    "(\\d{4}-\\d\\d-\\d\\d)[ T](\\d\\d:\\d\\d(:\\d\\d)?(\\.\\d+)?)(Z|[+-]\\d\\d(:?\\d\\d)?)?");

    private static final Pattern TIME_OF_DAY = Pattern.compile("\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?");

    /// A folder that names a column and its value, which others add to the rows.
    private static final Pattern PARTITION = Pattern.compile("(\\w+)=[^/]*/");

    /// Why files are not read as others read them, by what their name ends with.
    private static final Map<String, String> REASONS =
            Map.of(
                    "ARROW-GH-45185.parquet", "its first row begins within a list",
                    "broken_timestamp_ms.parquet", "its timestamps have a type that they may not",
                    "broken_utinyint.parquet", "its numbers have a type that they may not",
                    "empty_group_test.parquet", "JSON could say nothing of its empty group",
                    "preserve-formatting.xlsx", "MMDDYYAM/PMDD is a date's format",
                    "49273.xlsx", "h\"时\"mm\"分\"ss\"秒\" is a time's format",
                    "57181.xlsm", "charts are no sheets of cells",
                    "54764-2.xlsx", "it is an attack by entities");

    @Override
    public Score score(Path folder) throws IOException {
        var score = new Score(format.equals("avro") ? "Avro files" : "Parquet files");
        var expected = folder.resolve("expected/%s_expected.jsonl".formatted(format));
        for (var line : Files.readAllLines(expected)) {
            var file = JSON.readTree(line);
            var name = file.path("file").asText();
            verdict(folder, file).count(score, agreed(file), name, name);
        }
        return score;
    }

    static String reason(String file) {
        return REASONS.entrySet().stream()
                .filter(r -> file.endsWith(r.getKey()))
                .map(r -> r.getValue())
                .findFirst()
                .orElse("");
    }

    private static String agreed(JsonNode file) {
        if (file.path("agree_values").asBoolean()) {
            return "others agree";
        }
        var anyOk =
                file.path("duckdb").path("ok").asBoolean()
                        || file.path("clickhouse").path("ok").asBoolean();
        return !anyOk
                ? "nobody reads it"
                : file.has("duckdb") ? "others differ" : "one other reads it";
    }

    /// @param kind `equal`, `refused`, `different` or `crash`
    record Verdict(String kind, String why) {
        void count(Score score, String agreed, String file, String example) {
            var verdict = agreed + ": " + kind;
            if (kind.equals("equal")) {
                score.good(verdict);
                return;
            }
            var known = reason(file);
            score.other(verdict, known.isEmpty() ? why.replaceAll("[0-9]+", "N") : known, example);
        }
    }

    private Verdict verdict(Path folder, JsonNode file) throws IOException {
        var path = folder.resolve(file.path("file").asText());
        try {
            var rows = convert(path);
            var ofPath =
                    PARTITION
                            .matcher(file.path("file").asText())
                            .results()
                            .map(m -> m.group(1))
                            .toList();
            var duckdb = compare(rows, file.path("duckdb"), ofPath);
            var clickhouse = compare(rows, file.path("clickhouse"), ofPath);
            if (duckdb == null || clickhouse == null) {
                return new Verdict("equal", "");
            }
            return new Verdict(
                    "different", "DuckDB: %s; ClickHouse: %s".formatted(duckdb, clickhouse));
        } catch (MillraceException e) {
            return new Verdict("refused", e.code().name());
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            return new Verdict("crash", e.toString());
        }
    }

    private List<JsonNode> convert(Path path) throws IOException {
        try (var conversion =
                format.equals("avro")
                        ? Conversion.avro(Files.newInputStream(path))
                        : Conversion.parquet(path)) {
            var rows = rows(conversion, JSON);
            if (rows.size() != conversion.records()) {
                throw new IllegalStateException(
                        "counts %d records of %d".formatted(conversion.records(), rows.size()));
            }
            return rows;
        }
    }

    /// The rows of a file as objects.
    ///
    /// @param json how numbers are read
    static List<JsonNode> rows(Conversion conversion, ObjectMapper json) {
        var rows = new ArrayList<JsonNode>();
        for (var line : Lines.of(conversion)) {
            try {
                rows.add(json.readTree(line));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("not JSON: " + line, e);
            }
        }
        return rows;
    }

    /// @return null when they are equal, else where they are not
    private static @Nullable String compare(
            List<JsonNode> rows, JsonNode reader, List<String> ofPath) {
        if (!reader.path("ok").asBoolean()) {
            return "unreadable";
        }
        if (rows.size() != reader.path("nrows").asInt()) {
            return "%d rows, not %d".formatted(rows.size(), reader.path("nrows").asInt());
        }
        var expected = reader.path("rows");
        for (var i = 0; i < expected.size(); i++) {
            var row = expected.get(i);
            if (row instanceof ObjectNode columns) {
                ofPath.stream().filter(c -> !rows.getFirst().has(c)).forEach(columns::remove);
            }
            var difference = difference("", rows.get(i), row);
            if (difference != null) {
                return "row %d%s".formatted(i + 1, difference);
            }
        }
        return null;
    }

    private static @Nullable String difference(String at, JsonNode ours, JsonNode theirs) {
        if (theirs.isObject() && isPairs(ours)) {
            return difference(at, members(ours), theirs);
        }
        if (theirs.isObject() && ours.isObject()) {
            if (theirs.size() != ours.size()) {
                return "%s: %s, not %s".formatted(at, shown(ours), shown(theirs));
            }
            for (var name : (Iterable<String>) theirs::fieldNames) {
                if (!ours.has(name)) {
                    return "%s: no %s".formatted(at, name);
                }
                var difference = difference(at + "." + name, ours.get(name), theirs.get(name));
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        if (theirs.isArray() && ours.isArray() && theirs.size() == ours.size()) {
            for (var i = 0; i < theirs.size(); i++) {
                var difference = difference(at + "[" + i + "]", ours.get(i), theirs.get(i));
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        return isSame(ours, theirs)
                ? null
                : "%s: %s, not %s".formatted(at, shown(ours), shown(theirs));
    }

    /// Both write maps as objects whatever their keys are; ours are objects only if those are
    /// texts.
    private static boolean isPairs(JsonNode node) {
        return node.isArray()
                && node.valueStream()
                        .allMatch(e -> e.isArray() && e.size() == 2 && !e.get(0).isContainerNode());
    }

    private static JsonNode members(JsonNode pairs) {
        var object = JSON.createObjectNode();
        pairs.forEach(pair -> object.set(pair.get(0).asText(), pair.get(1)));
        return object;
    }

    private static String shown(JsonNode node) {
        var text = node.toString();
        return text.length() > 120 ? text.substring(0, 120) + "…" : text;
    }

    private static boolean isSame(JsonNode ours, JsonNode theirs) {
        if (ours.equals(theirs)) {
            return true;
        }
        if (ours.isNull() && theirs.isContainerNode()) {
            // ClickHouse has no arrays, maps and tuples that are NULL, but with nothing in them.
            return isNothing(theirs);
        }
        if (ours.isBoolean() && theirs.isNumber()) {
            return ours.asInt() == theirs.asInt();
        }
        var a = number(ours);
        var b = number(theirs);
        if (a != null && b != null) {
            return isSame(a, b);
        }
        var from = instant(ours.asText());
        var to = instant(theirs.asText());
        if (TIME_OF_DAY.matcher(ours.asText()).matches()) {
            // DuckDB shows the offset 0; ClickHouse has no times of day, and shows one of
            // 1970-01-01.
            from = instant("1970-01-01T" + ours.asText());
            to = to == null ? instant("1970-01-01T" + theirs.asText().replace("+00", "")) : to;
        }
        return from != null && from.equals(to) && ours.isTextual();
    }

    private static boolean isNothing(JsonNode node) {
        return node.isNull()
                || (node.isContainerNode() && node.valueStream().allMatch(RowFiles::isNothing));
    }

    private static @Nullable BigDecimal number(JsonNode node) {
        try {
            return node.isNumber() || node.isTextual() ? new BigDecimal(node.asText()) : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /// As far as a double tells them apart, or, where the expected one is shorter, a float.
    static boolean isSame(BigDecimal ours, BigDecimal theirs) {
        return ours.compareTo(theirs) == 0
                || ours.doubleValue() == theirs.doubleValue()
                || (ours.floatValue() == theirs.floatValue()
                        && theirs.precision() < 18
                        && ours.precision() < 10);
    }

    private static @Nullable OffsetDateTime instant(String text) {
        if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
            return LocalDateTime.parse(text + "T00:00:00").atOffset(ZoneOffset.UTC);
        }
        var match = TIME.matcher(text);
        if (!match.matches()) {
            return null;
        }
        var local = LocalDateTime.parse(match.group(1) + "T" + match.group(2));
        var offset = match.group(5) == null ? "Z" : match.group(5);
        return local.atOffset(ZoneOffset.of(offset)).withOffsetSameInstant(ZoneOffset.UTC);
    }
}
