package dev.millrace.convert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/// What a cell's number format makes of its number.
enum XlsxFormat {
    NUMBER,
    DATE,
    TIME,
    DATE_AND_TIME;

    /// Formats that a workbook need not describe: the West's dates and times, then those of East
    /// Asia (ECMA-376 part 1, 18.8.30). Durations (46, `[h]:mm:ss`) stay numbers of days.
    private static XlsxFormat builtIn(int id) {
        if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36) {
            return DATE;
        }
        if (id >= 50 && id <= 58) {
            return DATE;
        }
        if (id == 22) {
            return DATE_AND_TIME;
        }
        return (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47
                ? TIME
                : NUMBER;
    }

    /// The formats of a workbook's cells, by the number of their style.
    static List<XlsxFormat> read(XlsxPart styles) throws IOException {
        var codes = new HashMap<Integer, String>();
        var formats = new ArrayList<XlsxFormat>();
        var inCells = false;
        for (var event = styles.next();
                event != XMLStreamConstants.END_DOCUMENT;
                event = styles.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                if (styles.isAt("numFmt")) {
                    var id = number(styles.attribute("numFmtId"));
                    var code = styles.attribute("formatCode");
                    codes.put(id, code == null ? "" : code);
                } else if (styles.isAt("cellXfs")) {
                    inCells = true;
                } else if (inCells && styles.isAt("xf")) {
                    formats.add(of(number(styles.attribute("numFmtId")), codes));
                }
            } else if (event == XMLStreamConstants.END_ELEMENT && styles.isAt("cellXfs")) {
                inCells = false;
            }
        }
        return formats;
    }

    private static int number(@Nullable String text) {
        return text == null ? 0 : Integer.parseInt(text.strip());
    }

    private static XlsxFormat of(int id, Map<Integer, String> codes) {
        var code = codes.get(id);
        return code == null ? builtIn(id) : of(code);
    }

    /// What a format's code makes of a number: its letters outside quotes and brackets say it.
    static XlsxFormat of(String code) {
        if (code.strip().equalsIgnoreCase("General")) {
            return NUMBER;
        }
        var letters = letters(code);
        if (letters.indexOf('[') >= 0) {
            return NUMBER;
        }
        var isTime = letters.indexOf('h') >= 0 || letters.indexOf('s') >= 0;
        var isDate =
                letters.indexOf('y') >= 0
                        || letters.indexOf('d') >= 0
                        || letters.contains("mmm")
                        || (!isTime && letters.indexOf('m') >= 0);
        if (isDate) {
            return isTime ? DATE_AND_TIME : DATE;
        }
        return isTime ? TIME : NUMBER;
    }

    /// The first section's small letters, with `[` for a count of hours, minutes or seconds that
    /// does not begin anew each day; nothing of a number's digits.
    private static String letters(String code) {
        var letters = new StringBuilder();
        var small = code.toLowerCase(Locale.ROOT).replace("am/pm", "h").replace("a/p", "h");
        for (var i = 0; i < small.length(); i++) {
            var c = small.charAt(i);
            switch (c) {
                case ';' -> {
                    return letters.toString();
                }
                case '"' -> i = skipTo(small, '"', i + 1);
                case '\\', '_', '*' -> i++;
                case '[' -> {
                    var end = skipTo(small, ']', i + 1);
                    var within = small.substring(i + 1, Math.min(end, small.length()));
                    if (!within.isEmpty() && within.matches("h+|m+|s+")) {
                        letters.append('[');
                    }
                    i = end;
                }
                default -> {
                    if ("ymdhs".indexOf(c) >= 0) {
                        letters.append(c);
                    }
                }
            }
        }
        return letters.toString();
    }

    private static int skipTo(String text, char end, int from) {
        var at = text.indexOf(end, from);
        return at < 0 ? text.length() : at;
    }
}
