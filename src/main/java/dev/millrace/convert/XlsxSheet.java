package dev.millrace.convert;

import java.io.IOException;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/// The rows of one sheet that have cells, in their order. Not thread-safe.
final class XlsxSheet implements AutoCloseable {
    private static final int MAX_ROWS = 1_048_576;

    private final XlsxPart part;
    private final String name;
    private final XlsxStrings strings;
    private final List<XlsxFormat> formats;
    private final XlsxNumber numbers;
    private final XlsxRow row = new XlsxRow();
    private final StringBuilder value = new StringBuilder();
    private int number;
    private int column;
    private boolean inRow;

    XlsxSheet(
            XlsxPart part,
            String name,
            XlsxStrings strings,
            List<XlsxFormat> formats,
            XlsxNumber numbers) {
        this.part = part;
        this.name = name;
        this.strings = strings;
        this.formats = formats;
        this.numbers = numbers;
    }

    String name() {
        return name;
    }

    /// The number of the row that was begun last.
    int number() {
        return number;
    }

    /// The next row that has a cell with a value; overwritten by the one after it.
    @Nullable XlsxRow next() throws IOException {
        for (var event = part.next();
                event != XMLStreamConstants.END_DOCUMENT;
                event = part.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                if (part.isAt("row")) {
                    begin(part.attribute("r"));
                } else if (inRow && part.isAt("c")) {
                    readCell();
                }
            } else if (event == XMLStreamConstants.END_ELEMENT && part.isAt("row")) {
                inRow = false;
                if (row.width() > 0) {
                    return row;
                }
            }
        }
        if (inRow) {
            throw new IOException("row %d does not end".formatted(number));
        }
        return null;
    }

    /// Rows need not say their number: then it is the next.
    private void begin(@Nullable String said) throws IOException {
        var before = number;
        number = said == null ? before + 1 : Integer.parseInt(said.strip());
        if (inRow || number <= before || number > MAX_ROWS) {
            throw new IOException("row %d stands behind row %d".formatted(number, before));
        }
        inRow = true;
        column = -1;
        row.clear(number);
    }

    private String cell() {
        return name(column) + number;
    }

    /// A column's letters: A to XFD.
    static String name(int column) {
        var letters = new StringBuilder();
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
            letters.insert(0, (char) ('A' + (rest - 1) % 26));
        }
        return letters.toString();
    }

    private int columnOf(@Nullable String reference) throws IOException {
        if (reference == null) {
            return column + 1;
        }
        var number = 0;
        for (var i = 0; i < reference.length() && i < 4; i++) {
            var letter = Character.toUpperCase(reference.charAt(i));
            if (letter < 'A' || letter > 'Z') {
                break;
            }
            number = number * 26 + letter - 'A' + 1;
        }
        if (number == 0 || number > XlsxRow.MAX_COLUMNS) {
            throw new IOException("a cell that says to be '%s'".formatted(reference));
        }
        return number - 1;
    }

    private void readCell() throws IOException {
        var at = columnOf(part.attribute("r"));
        if (at <= column) {
            throw new IOException("cell %s%d stands behind %s".formatted(name(at), number, cell()));
        }
        column = at;
        var type = part.attribute("t");
        var style = part.attribute("s");
        value.setLength(0);
        var hasValue = false;
        var hasFormula = false;
        var inValue = false;
        @Nullable String inline = null;
        while (true) {
            var event = part.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (part.element()) {
                    case "v" -> {
                        inValue = true;
                        hasValue = true;
                    }
                    case "f" -> hasFormula = true;
                    case "is" -> inline = XlsxText.read(part, "is");
                    default -> {
                        // what other programs add
                    }
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                if (part.isAt("c")) {
                    break;
                }
                inValue = false;
            } else if (event == XMLStreamConstants.END_DOCUMENT) {
                throw new IOException("cell %s does not end".formatted(cell()));
            } else if (inValue && isText(event)) {
                XlsxText.append(part, value);
            }
        }
        if (inline != null) {
            row.begin(column).text(inline);
            row.end(column);
        } else if (hasValue) {
            write(type == null ? "n" : type, style);
        } else if (hasFormula) {
            throw Trouble.unsupported(
                    "Cell %s of sheet '%s' has a formula, and the file does not have its value"
                            .formatted(cell(), name),
                    "Open the workbook in a spreadsheet program, save it, and send it again.");
        }
    }

    private static boolean isText(int event) {
        return event == XMLStreamConstants.CHARACTERS
                || event == XMLStreamConstants.CDATA
                || event == XMLStreamConstants.SPACE;
    }

    private void write(String type, @Nullable String style) throws IOException {
        try {
            switch (type) {
                case "s" -> {
                    var index = Integer.parseInt(value.toString().strip());
                    if (index < 0 || index >= strings.count()) {
                        throw new IOException(
                                "cell %s has text %d of %d"
                                        .formatted(cell(), index, strings.count()));
                    }
                    strings.write(index, row.begin(column));
                    row.end(column);
                }
                case "b" -> {
                    row.begin(column).truth(isTrue());
                    row.end(column);
                }
                case "n" -> writeNumber(style);
                case "str", "e", "d", "inlineStr" -> {
                    row.begin(column).text(XlsxText.unescape(value));
                    row.end(column);
                }
                default ->
                        throw new IOException(
                                "cell %s has the unknown type '%s'".formatted(cell(), type));
            }
        } catch (NumberFormatException e) {
            throw new IOException(
                    "cell %s has '%s', which is no number"
                            .formatted(cell(), value.length() > 100 ? "…" : value),
                    e);
        }
    }

    private boolean isTrue() throws IOException {
        var text = value.toString().strip();
        if (text.equals("1") || text.equals("true")) {
            return true;
        }
        if (text.equals("0") || text.equals("false")) {
            return false;
        }
        throw new IOException("cell %s has '%s' as a boolean".formatted(cell(), text));
    }

    private void writeNumber(@Nullable String style) throws IOException {
        var text = value.toString();
        if (text.isBlank()) {
            return;
        }
        var index = style == null ? 0 : Integer.parseInt(style.strip());
        if (index < 0 || (index > 0 && index >= formats.size())) {
            throw new IOException(
                    "cell %s has format %d of %d".formatted(cell(), index, formats.size()));
        }
        var format = formats.isEmpty() ? XlsxFormat.NUMBER : formats.get(index);
        numbers.write(text, format, row.begin(column));
        row.end(column);
    }

    @Override
    public void close() throws IOException {
        part.close();
    }
}
