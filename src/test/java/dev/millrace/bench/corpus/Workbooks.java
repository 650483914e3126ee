package dev.millrace.bench.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.convert.Conversion;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Workbooks: `file`, and the `cells` of each sheet as two others read them, `consensus` where they
/// agree. Each sheet is read without a header. Rows and cells without a value are none.
final class Workbooks implements Corpus.Collection {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<Integer, String> ERRORS =
            Map.of(
                    0, "#NULL!", 7, "#DIV/0!", 15, "#VALUE!", 23, "#REF!", 29, "#NAME?", 36,
                    "#NUM!", 42, "#N/A");
    private static final LocalDate DAY_0 = LocalDate.of(1899, 12, 30);

    /// The days between the calendars that count from 1900 and from 1904.
    private static final int DAYS_TO_1904 = 1_462;

    @Override
    public Score score(Path folder) throws IOException {
        var score = new Score("Sheets of workbooks");
        for (var line : Files.readAllLines(folder.resolve("expected/xlsx_expected.jsonl"))) {
            var file = JSON.readTree(line);
            var name = file.path("file").asText();
            var path = folder.resolve(name);
            var agreed = file.path("consensus").asBoolean() ? "others agree" : "others differ";
            if (file.path("cells").isEmpty()) {
                first(path).count(score, agreed, name, name);
            }
            for (var sheet : file.path("cells")) {
                var example = name + ", " + sheet.path("name").asText();
                verdict(path, sheet).count(score, agreed, name, example);
            }
        }
        return score;
    }

    private static RowFiles.Verdict first(Path path) {
        try (var conversion = Conversion.xlsx(path, null, null)) {
            var rows = RowFiles.rows(conversion, JSON).size();
            return new RowFiles.Verdict("read", rows + " rows");
        } catch (MillraceException e) {
            return new RowFiles.Verdict("refused", e.code().name());
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            return new RowFiles.Verdict("crash", e.toString());
        }
    }

    private static RowFiles.Verdict verdict(Path path, JsonNode sheet) throws IOException {
        try (var conversion = Conversion.xlsx(path, sheet.path("name").asText(), 0)) {
            var rows = new ArrayList<Map<String, JsonNode>>();
            for (var row : RowFiles.rows(conversion, JSON)) {
                rows.add(filled(row));
            }
            rows.removeIf(Map::isEmpty);
            var why = difference(rows, expected(sheet));
            return new RowFiles.Verdict(
                    why == null ? "equal" : "different", why == null ? "" : why);
        } catch (MillraceException e) {
            return new RowFiles.Verdict("refused", e.code().name());
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            return new RowFiles.Verdict("crash", e.toString());
        }
    }

    private static Map<String, JsonNode> filled(JsonNode row) {
        var cells = new TreeMap<String, JsonNode>();
        row.properties()
                .forEach(cell -> {
                    var value = cell.getValue();
                    if (!value.isNull() && !(value.isTextual() && value.asText().isEmpty())) {
                        cells.put(cell.getKey(), value);
                    }
                });
        return cells;
    }

    private static List<Map<String, JsonNode>> expected(JsonNode sheet) {
        var rows = new TreeMap<Integer, Map<String, JsonNode>>();
        for (var cell : sheet.path("cells")) {
            var isEmpty = cell.get(2).asText().equals("s") && cell.get(3).asText().isEmpty();
            if (!isEmpty) {
                rows.computeIfAbsent(cell.get(0).asInt(), _ -> new TreeMap<>())
                        .put(letters(cell.get(1).asInt()), cell);
            }
        }
        return List.copyOf(rows.values());
    }

    private static String letters(int column) {
        var last = String.valueOf((char) ('A' + column % 26));
        return column < 26 ? last : letters(column / 26 - 1) + last;
    }

    private static @Nullable String difference(
            List<Map<String, JsonNode>> ours, List<Map<String, JsonNode>> theirs) {
        if (ours.size() != theirs.size()) {
            return "%d rows, not %d".formatted(ours.size(), theirs.size());
        }
        for (var i = 0; i < ours.size(); i++) {
            if (!ours.get(i).keySet().equals(theirs.get(i).keySet())) {
                return "row %d has cells %s, not %s"
                        .formatted(i + 1, ours.get(i).keySet(), theirs.get(i).keySet());
            }
            for (var cell : ours.get(i).entrySet()) {
                var expected = theirs.get(i).get(cell.getKey());
                if (expected != null && !isSame(cell.getValue(), expected)) {
                    return "row %d, %s: %s, not %s"
                            .formatted(i + 1, cell.getKey(), cell.getValue(), expected);
                }
            }
        }
        return null;
    }

    private static boolean isSame(JsonNode ours, JsonNode cell) {
        var theirs = cell.get(3);
        return switch (cell.get(2).asText()) {
            case "s" -> ours.isTextual() && ours.asText().equals(theirs.asText());
            case "n" -> ours.isNumber() && ours.asDouble() == theirs.asDouble();
            case "b" -> ours.isBoolean() && ours.asBoolean() == theirs.asBoolean();
            case "e" -> ours.asText().equals(ERRORS.get(theirs.asInt()));
            case "d" -> isSameDay(ours, theirs.asDouble());
            default -> false;
        };
    }

    private static boolean isSameDay(JsonNode ours, double serial) {
        if (ours.isNumber()) {
            return ours.asDouble() == serial;
        }
        var days = days(ours.asText());
        var difference = Math.abs(days - serial);
        return difference < 1e-8 || Math.abs(difference - DAYS_TO_1904) < 1e-8;
    }

    private static double days(String text) {
        if (text.length() < 10 || text.charAt(2) == ':') {
            return LocalTime.parse(text).toNanoOfDay() / 86_400e9;
        }
        var time =
                text.length() == 10
                        ? LocalDate.parse(text).atStartOfDay()
                        : LocalDateTime.parse(text);
        return ChronoUnit.MICROS.between(DAY_0.atStartOfDay(), time) / 86_400e6;
    }
}
