package dev.millrace.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// What a conversion writes, as JSON Lines: each row an object.
final class Lines {
    private Lines() {}

    /// Its lines; what is no UTF-8 in them is replaced.
    static List<String> of(Conversion conversion) {
        var lines = new ArrayList<String>();
        var text = new String(bytes(conversion), UTF_8);
        var from = 0;
        for (var end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            lines.add(object(text.substring(from, end), conversion.columns()));
            from = end + 1;
        }
        if (from < text.length()) {
            throw new AssertionError("the last line does not end: " + text.substring(from));
        }
        if (lines.size() != conversion.records()) {
            throw new AssertionError("counts " + conversion.records() + " of " + lines.size());
        }
        return lines;
    }

    /// The object of a line; one that is an object already remains as it is.
    private static String object(String line, List<String> columns) {
        if (line.startsWith("{")) {
            return line;
        }
        var object = new StringBuilder();
        var fields = 0;
        var from = 1;
        var depth = 0;
        var isQuoted = false;
        for (var at = 0; at < line.length(); at++) {
            switch (line.charAt(at)) {
                case '"' -> isQuoted = !isQuoted;
                case '\\' -> at++;
                case '[', '{' -> depth += isQuoted ? 0 : 1;
                case ']', '}' -> depth -= isQuoted ? 0 : 1;
                default -> {}
            }
            var isEnd = at == line.length() - 1;
            if (isEnd || (line.charAt(at) == ',' && depth == 1 && !isQuoted)) {
                object.append(fields == 0 ? "{" : ",")
                        .append(new String(Conversion.key(columns.get(fields++)), UTF_8))
                        .append(line, from, at);
                from = at + 1;
            }
        }
        if (fields != columns.size() || !line.startsWith("[") || !line.endsWith("]")) {
            throw new AssertionError("no row of %s: %s".formatted(columns, line));
        }
        return object.append("}").toString();
    }

    static byte[] bytes(Conversion conversion) {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[997];
        try (conversion) {
            for (var n = 0; n >= 0; n = conversion.read(buffer, 0, buffer.length)) {
                all.write(buffer, 0, n);
            }
        }
        return all.toByteArray();
    }
}
