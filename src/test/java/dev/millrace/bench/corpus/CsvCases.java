package dev.millrace.bench.corpus;

import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.core.Dialect;
import dev.millrace.core.Escape;
import dev.millrace.core.Format;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Small inputs with settings of a dialect and the records that they are: `id`, `input`,
/// `settings`, `records`. Records of one empty field are left out of both sides: in a table of
/// several columns they are none.
final class CsvCases implements Corpus.Collection {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Score score(Path folder) throws IOException {
        var score = new Score("CSV cases");
        for (var line : Files.readAllLines(folder.resolve("expected/fastcsv_spec.jsonl"))) {
            judge(JSON.readTree(line), score);
        }
        return score;
    }

    private static void judge(JsonNode one, Score score) {
        var input = one.path("input").asText();
        var example = "%s %s".formatted(one.path("id").asText(), one.path("input"));
        var skips = one.path("settings").path("commentMode").asText("NONE").equals("SKIP");
        var asked =
                new SourceOptions(
                        Format.CSV,
                        null,
                        ",",
                        '"',
                        Escape.NONE,
                        skips ? '#' : Dialect.NO_COMMENT,
                        false,
                        0,
                        null,
                        List.of("a", "b"));
        try {
            var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
            var read = SourceRows.read(in, asked);
            var wanted = new ArrayList<List<String>>();
            for (var record : one.path("records")) {
                var cells = new ArrayList<String>();
                record.forEach(cell -> cells.add(cell.asText()));
                wanted.add(cells);
            }
            wanted.removeIf(List.of("")::equals);
            var rows = read.rows().stream().map(SourceRows.Row::cells).collect(toList());
            rows.removeIf(List.of("")::equals);
            if (rows.equals(wanted)) {
                score.good("equal");
            } else if (!read.malformed().isEmpty()) {
                score.other(
                        "rejected by name",
                        String.valueOf(read.malformed().getFirst().cells().getFirst())
                                .replaceAll("[0-9]+", "N"),
                        example);
            } else {
                score.other("different", reason(one, input), example);
            }
        } catch (MillraceException e) {
            score.other("refused", e.code() + ": " + e.what(), example);
        }
    }

    private static String reason(JsonNode one, String input) {
        if (one.path("settings").path("commentMode").asText().equals("READ")) {
            return "comments as records of their own are not read";
        }
        if (input.indexOf('\r') >= 0 && input.replace("\r\n", "").indexOf('\n') >= 0) {
            return "a CR ends no record where LF does: it is text";
        }
        return "unexplained: wanted " + one.path("records");
    }
}
