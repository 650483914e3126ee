package dev.millrace.format;

import java.util.ArrayList;
import java.util.List;

/// The third counter: reads CSV character by character, slowly and plainly, from the rule as it is
/// written down and from no code of the product. Sizes are in bytes of UTF-8 (half a surrogate pair
/// counts as three).
record PlainReader(
        String text, char delimiter, char quote, char lineBreak, int columns, int maxRecordBytes) {
    /// @param fields empty when malformed
    /// @param bytes with the line break and the empty lines before it that are kept
    record Row(boolean malformed, List<String> fields, int bytes) {}

    private record End(int at, boolean found) {}

    List<Row> rows() {
        var rows = new ArrayList<Row>();
        var empty = 0;
        var at = 0;
        while (at < text.length()) {
            var end = recordEnd(at);
            if (!end.found() || bytes(content(at, end.at())) > maxRecordBytes) {
                end = new End(lineEnd(at), true);
                rows.add(new Row(true, List.of(), empty + lineBytes(at, end.at())));
                empty = 0;
            } else if (!content(at, end.at()).isEmpty() || columns == 1) {
                rows.add(row(at, end.at(), empty));
                empty = 0;
            } else if (empty < maxRecordBytes + 2) {
                empty += bytes(withBreak(at, end.at()));
            }
            at = end.at() + 1;
        }
        return rows;
    }

    private int lineBytes(int from, int end) {
        var kept = maxRecordBytes + 2;
        return bytes(text.substring(from, end)) >= kept ? kept + 1 : bytes(withBreak(from, end));
    }

    private Row row(int from, int end, int empty) {
        var record = content(from, end);
        var size = empty + bytes(withBreak(from, end));
        var fields = new ArrayList<String>();
        var at = 0;
        while (true) {
            var field = new StringBuilder();
            if (at < record.length() && isQuote(record.charAt(at))) {
                at++;
                while (true) {
                    if (!isQuote(record.charAt(at))) {
                        field.append(record.charAt(at++));
                    } else if (at + 1 < record.length() && isQuote(record.charAt(at + 1))) {
                        field.append(quote);
                        at += 2;
                    } else {
                        at++;
                        break;
                    }
                }
                if (at < record.length() && record.charAt(at) != delimiter) {
                    return new Row(true, List.of(), size);
                }
            } else {
                while (at < record.length() && record.charAt(at) != delimiter) {
                    field.append(record.charAt(at++));
                }
            }
            fields.add(field.toString());
            if (at == record.length()) {
                return new Row(false, fields, size);
            }
            at++;
        }
    }

    private End recordEnd(int from) {
        var quoted = false;
        var fieldBegins = true;
        for (var i = from; i < text.length(); i++) {
            var c = text.charAt(i);
            if (quoted) {
                if (isQuote(c) && i + 1 < text.length() && isQuote(text.charAt(i + 1))) {
                    i++;
                } else if (isQuote(c)) {
                    quoted = false;
                }
            } else if (c == lineBreak) {
                return new End(i, true);
            } else if (isQuote(c) && fieldBegins) {
                quoted = true;
                fieldBegins = false;
            } else {
                fieldBegins = c == delimiter;
            }
        }
        return new End(text.length(), !quoted);
    }

    private boolean isQuote(char c) {
        return quote != 0 && c == quote;
    }

    private int lineEnd(int from) {
        var end = text.indexOf(lineBreak, from);
        return end < 0 ? text.length() : end;
    }

    private String content(int from, int end) {
        var line = text.substring(from, end);
        return lineBreak == '\n' && end < text.length() && line.endsWith("\r")
                ? line.substring(0, line.length() - 1)
                : line;
    }

    private String withBreak(int from, int end) {
        return text.substring(from, Math.min(end + 1, text.length()));
    }

    static int bytes(String text) {
        return text.codePoints().map(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4).sum();
    }
}
