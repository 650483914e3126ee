package dev.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.core.Limits;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.RecordCutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Reads a collection of CSV files, of which it is known what others read in them, and says how
/// many are read alike, refused, or otherwise.
///
/// The folder has `expected/csv_grid_expected.jsonl`, an object a line: `file`, `dialect` with
/// `header` and `skip`, `columns`, `nrows`, `sha256` of the cells as JSON, `consensus` where two
/// readers agree. Encoding, delimiter and quote are found out; whether there is a header is told.
final class Corpus {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Map<String, Integer> counts = new TreeMap<>();

    private Corpus(Path folder) {
        this.folder = folder;
    }

    static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("Usage: ./millrace bench corpus FOLDER");
            System.exit(2);
        }
        new Corpus(Path.of(args[0])).run();
    }

    private void run() throws IOException {
        var expected = folder.resolve("expected/csv_grid_expected.jsonl");
        for (var line : Files.readAllLines(expected)) {
            var file = JSON.readTree(line);
            var verdict = verdict(file);
            var agreed = file.path("consensus").asBoolean() ? "agreed" : "not agreed";
            counts.merge("%-10s  %s".formatted(agreed, verdict.kind), 1, Integer::sum);
            if (!verdict.kind.equals("equal")) {
                System.out.printf(
                        "%-10s  %-9s  %s: %s%n",
                        agreed, verdict.kind, file.path("file").asText(), verdict.why);
            }
        }
        System.out.println();
        counts.forEach((what, count) -> System.out.printf("%4d  %s%n", count, what));
    }

    /// @param kind `equal`, `rejected` when records were refused by name and all others are there,
    ///   `refused` when the source was, `different`
    private record Verdict(String kind, String why) {}

    private Verdict verdict(JsonNode file) throws IOException {
        var path = folder.resolve(file.path("file").asText());
        if (!Files.exists(path)) {
            return new Verdict("missing", "");
        }
        try {
            return judge(file, read(path, Math.max(1, file.path("columns").size())));
        } catch (MillraceException e) {
            return new Verdict("refused", e.code() + " " + e.what());
        }
    }

    private static Verdict judge(JsonNode file, Read read) {
        var dialect = file.path("dialect");
        var skipped = dialect.path("skip").asInt() + (dialect.path("header").asBoolean() ? 1 : 0);
        var rows = read.rows.subList(Math.min(skipped, read.rows.size()), read.rows.size());
        var seen = "%s, %d rows, %d malformed".formatted(read.how, rows.size(), read.malformed);
        var wanted = "%s, %d rows".formatted(dialect, file.path("nrows").asInt());
        if (sha256(rows).equals(file.path("sha256").asText())) {
            return new Verdict("equal", "");
        }
        var width = file.path("columns").size();
        var uneven = rows.stream().filter(r -> r.size() != width).count() + read.malformed;
        return new Verdict(
                uneven > 0 ? "rejected" : "different",
                "%s; wanted %s; %d of other widths".formatted(seen, wanted, uneven));
    }

    private record Read(List<List<String>> rows, int malformed, String how) {}

    private static Read read(Path path, int columns) throws IOException {
        var names = IntStream.range(0, columns).mapToObj(i -> "c" + i).toList();
        var asked = SourceOptions.DETECT.with(names);
        var rows = new ArrayList<List<String>>();
        var malformed = 0;
        try (var decoder = SourceDecoder.open(Files.newInputStream(path), asked)) {
            var sizes = SplitSizes.fitting(1L << 30);
            var cutter = RecordCutter.open(decoder, asked, Limits.MAX_RECORD_BYTES, sizes);
            var reading = cutter.reading();
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var records = RecordReader.open(reading, cut, Limits.MAX_RECORD_BYTES);
                var record = new SourceRecord();
                while (records.next(record)) {
                    if (record.malformed.isEmpty()) {
                        rows.add(cells(record));
                    } else {
                        malformed++;
                    }
                }
            }
            return new Read(rows, malformed, reading.encoding() + " " + reading.dialect());
        }
    }

    private static List<String> cells(SourceRecord record) {
        return IntStream.range(0, record.fields)
                .mapToObj(i ->
                        new String(
                                record.bytes,
                                record.starts[i],
                                record.ends[i] - record.starts[i],
                                StandardCharsets.UTF_8))
                .toList();
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
