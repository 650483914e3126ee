package dev.millrace.convert;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamConstants;

/// Texts in a workbook: plain ones, and rich ones, which are runs of text. What is said of their
/// reading aloud is none of it.
final class XlsxText {
    /// More than thirty times what Excel lets into a cell.
    private static final int MAX_CHARS = 1 << 20;

    /// A character that XML cannot hold, by its number; `_x005F_` is the underscore of a text that
    /// looks like that.
    private static final Pattern ESCAPE = Pattern.compile("_x([0-9A-Fa-f]{4})_");

    private XlsxText() {}

    /// Reads the text of the element that has begun, to its end.
    static String read(XlsxPart part, String element) throws IOException {
        var text = new StringBuilder();
        var inText = false;
        for (var event = part.next(); ; event = part.next()) {
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (part.isAt("rPh")) {
                        skip(part, "rPh");
                    } else {
                        inText = part.isAt("t");
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    inText = false;
                    if (part.isAt(element)) {
                        return unescape(text);
                    }
                }
                case XMLStreamConstants.CHARACTERS,
                        XMLStreamConstants.CDATA,
                        XMLStreamConstants.SPACE -> {
                    if (inText) {
                        append(part, text);
                    }
                }
                case XMLStreamConstants.END_DOCUMENT ->
                        throw new IOException("a text does not end");
                default -> {
                    // comments and the like
                }
            }
        }
    }

    /// Adds the characters where the part stands.
    static void append(XlsxPart part, StringBuilder text) throws IOException {
        part.appendTo(text);
        if (text.length() > MAX_CHARS) {
            throw new IOException("a text of more than %,d characters".formatted(MAX_CHARS));
        }
    }

    static void skip(XlsxPart part, String element) throws IOException {
        var depth = 1;
        while (depth > 0) {
            switch (part.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth += part.isAt(element) ? 1 : 0;
                case XMLStreamConstants.END_ELEMENT -> depth -= part.isAt(element) ? 1 : 0;
                case XMLStreamConstants.END_DOCUMENT ->
                        throw new IOException("%s does not end".formatted(element));
                default -> {
                    // not wanted
                }
            }
        }
    }

    static String unescape(CharSequence text) {
        var plain = text.toString();
        if (plain.indexOf("_x") < 0) {
            return plain;
        }
        return ESCAPE.matcher(plain)
                .replaceAll(m ->
                        Matcher.quoteReplacement(
                                String.valueOf((char) Integer.parseInt(m.group(1), 16))));
    }
}
