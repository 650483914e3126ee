package dev.millrace.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows of texts for a person, two spaces between the columns. A control character of a text, which
/// a terminal would obey, shows as a point.
final class TextTable {
    private static final int MOST_CHARACTERS = 40;

    private TextTable() {}

    /// Lines that end with a line break each; the last column is as long as it is.
    static String of(List<List<String>> rows) {
        return of(rows, Integer.MAX_VALUE);
    }

    /// The same with every cell cut to some characters.
    static String ofShort(List<List<String>> rows) {
        return of(rows, MOST_CHARACTERS);
    }

    private static String of(List<List<String>> rows, int most) {
        var shown =
                rows.stream().map(row -> row.stream().map(c -> cell(c, most)).toList()).toList();
        var widths =
                IntStream.range(0, rows.getFirst().size())
                        .map(c -> shown.stream().mapToInt(r -> length(r.get(c))).max().orElse(0))
                        .toArray();
        return shown.stream()
                .map(row -> line(row, widths) + System.lineSeparator())
                .collect(Collectors.joining());
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, row.size())
                .mapToObj(c -> row.get(c) + " ".repeat(widths[c] - length(row.get(c))))
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String cell(String text, int most) {
        var printable = text.replaceAll("\\p{Cntrl}", "·");
        return length(printable) <= most
                ? printable
                : printable.substring(0, printable.offsetByCodePoints(0, most - 1)) + "…";
    }
}
