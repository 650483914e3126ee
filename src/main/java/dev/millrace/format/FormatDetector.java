package dev.millrace.format;

import dev.millrace.core.Format;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import java.util.List;

/// Finds the format of a text from its beginning.
///
/// It is JSON when it begins with a brace behind which a key or the closing brace stands, or with a
/// bracket behind which a brace or the closing bracket does: no table's header looks so. It is JSON
/// Lines when the first line, or the second, is an object of its own. What the caller says of
/// delimiters, quotes or columns makes it CSV.
final class FormatDetector {
    private FormatDetector() {}

    static Format detect(byte[] head, int length, SourceOptions asked) {
        if (asked.format() != null) {
            return asked.format();
        }
        if (asked.delimiter() != null
                || asked.quote() != null
                || asked.escape() != null
                || asked.columns() != null) {
            return Format.CSV;
        }
        if (!beginsAsJson(head, length)) {
            return Format.CSV;
        }
        var at = behindBlanks(head, 0, length);
        return head[at] == '{' && hasObjectLine(head, at, length) ? Format.JSONL : Format.JSON;
    }

    /// Whether a text in an encoding that writes ASCII as ASCII is JSON by its beginning.
    static boolean beginsAsJson(byte[] head, int length) {
        var at = behindBlanks(head, 0, length);
        var inside = behindBlanks(head, at + 1, length);
        if (at == length || inside == length) {
            return false;
        }
        return switch (head[at]) {
            case '[' -> head[inside] == '{' || head[inside] == ']';
            case '{' -> head[inside] == '"' || head[inside] == '}';
            default -> false;
        };
    }

    private static boolean hasObjectLine(byte[] head, int from, int length) {
        var reader = new JsonRecords(head, from, length - from, List.of(), 1, length, _ -> false);
        var record = new SourceRecord();
        for (var i = 0; i < 2 && reader.next(record); i++) {
            // a line that the head cuts off may well be one
            if (record.malformed.isEmpty() || (i == 0 && record.rawEnd == length)) {
                return true;
            }
        }
        return false;
    }

    private static int behindBlanks(byte[] bytes, int from, int to) {
        var at = Math.min(from, to);
        while (at < to
                && (bytes[at] == ' '
                        || bytes[at] == '\t'
                        || bytes[at] == '\n'
                        || bytes[at] == '\r')) {
            at++;
        }
        return at;
    }
}
