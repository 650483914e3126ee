package dev.millrace.bench.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/// CSV files of other projects' tests: `file`, `dialect` with `header` and `skip`, `columns`,
/// `nrows`, `sha256` of the cells as JSON, `consensus` where two readers agree.
///
/// All of the dialect is found out, but for lines before the header. The columns are told, also
/// where there is a header, which may have empty or equal names.
final class CsvGrid implements Corpus.Collection {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Score score(Path folder) throws IOException {
        var score = new Score("CSV files");
        var expected = folder.resolve("expected/csv_grid_expected.jsonl");
        for (var line : Files.readAllLines(expected)) {
            judge(folder, JSON.readTree(line), score);
        }
        return score;
    }

    private static void judge(Path folder, JsonNode file, Score score) throws IOException {
        var agreed = file.path("consensus").asBoolean() ? "others agree: " : "others differ: ";
        var name = file.path("file").asText();
        var path = folder.resolve(name);
        if (!Files.exists(path)) {
            return;
        }
        try (var in = Files.newInputStream(path)) {
            var read = SourceRows.read(in, asked(file));
            var rows =
                    read.rows().stream()
                            .map(row -> row.cells().stream().map(c -> c == null ? "" : c).toList())
                            .toList();
            var first = hasHeader(file) ? 1 : 0;
            var body = rows.subList(Math.min(first, rows.size()), rows.size());
            if (sha256(body).equals(file.path("sha256").asText())) {
                score.good(agreed + "equal");
                return;
            }
            var width = file.path("columns").size();
            var uneven = body.stream().filter(r -> r.size() != width).count();
            if (!read.malformed().isEmpty()) {
                score.other(
                        agreed + "some records rejected by name",
                        read.malformed().getFirst().cells().getFirst().replaceAll("[0-9]+", "N"),
                        name);
            } else if (uneven == body.size() && width == 1) {
                score.other(
                        agreed + "other columns",
                        "the others take it for one column, with a delimiter that it does not"
                                + " have",
                        name);
            } else if (uneven > 0) {
                score.other(
                        agreed + "some records rejected by name",
                        "more or fewer fields than the header",
                        name);
            } else {
                score.other(agreed + "different", why(read, file), name);
            }
        } catch (MillraceException e) {
            score.other(agreed + "refused", e.code().name(), name);
        }
    }

    private static String why(SourceRows read, JsonNode file) {
        var name = file.path("file").asText();
        if (name.contains("/afl/") || name.contains("/fuzzing/")) {
            return "a fuzzer has made it: whatever table is in it, each reader finds another";
        }
        return "read with %s, %d rows; the others %s, %d rows"
                .formatted(
                        read.reading().dialect().delimiter().equals("\t")
                                ? "tab"
                                : read.reading().dialect().delimiter(),
                        read.rows().size(),
                        file.path("dialect"),
                        file.path("nrows").asInt());
    }

    private static boolean hasHeader(JsonNode file) {
        return file.path("dialect").path("header").asBoolean();
    }

    private static SourceOptions asked(JsonNode file) {
        var skip = file.path("dialect").path("skip").asInt();
        var columns = Math.max(1, file.path("columns").size());
        return new SourceOptions(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                skip > 0 ? (Integer) skip : null,
                null,
                IntStream.range(0, columns).mapToObj(i -> "c" + i).toList());
    }

    /// Of the rows as Python's `json.dumps` writes them, without spaces.
    private static String sha256(List<List<String>> rows) {
        var text = new StringBuilder("[");
        for (var row : rows) {
            text.append(text.length() > 1 ? ",[" : "[");
            for (var i = 0; i < row.size(); i++) {
                text.append(i > 0 ? "," : "");
                append(text, row.get(i));
            }
            text.append(']');
        }
        try {
            var bytes = text.append(']').toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void append(StringBuilder text, String value) {
        text.append('"');
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < ' ') {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
