package dev.millrace.export;

import dev.millrace.core.ColumnType;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/// The cells of one column of a worksheet. A number stands as one where a spreadsheet keeps all of
/// it, which is up to 15 digits; else as a text. Days are days, from when the calendars of Excel
/// and of everybody else agree; times are texts, because a cell knows no zone. Not thread-safe.
final class XlsxCell {
    private static final int EXACT_DIGITS = 15;

    /// Excel takes 1900 for a leap year.
    private static final LocalDate FIRST_DAY = LocalDate.of(1900, 3, 1);

    private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);
    private static final LocalDate DAY_0 = LocalDate.of(1899, 12, 30);

    /// Beyond these, and between them and 0, Excel has no numbers.
    private static final double LEAST = 2.3e-308;

    private static final double MOST = 9.9e307;

    private final String name;
    private final ColumnType type;
    private final byte[] letters;

    /// @param index from 0
    XlsxCell(FileColumn column, int index) {
        this.name = column.name();
        this.type = column.type().base();
        this.letters = letters(index).getBytes(StandardCharsets.US_ASCII);
    }

    static String letters(int index) {
        return index < 26
                ? String.valueOf((char) ('A' + index))
                : letters(index / 26 - 1) + (char) ('A' + index % 26);
    }

    /// Writes the cell of a value, as ClickHouse writes it as a text.
    ///
    /// @param row as Excel numbers it
    /// @throws MillraceException EXPORT_UNSUPPORTED for a text that no cell holds
    void write(byte[] value, int length, byte[] row, ByteArrayOutputStream out) {
        switch (type) {
            case ColumnType.Whole _, ColumnType.Decimal _ -> number(value, length, row, out);
            case ColumnType.Floating _ -> floating(value, length, row, out);
            case ColumnType.Bool _ -> cell(row, "\" t=\"b\"><v>", value[0] == 't' ? "1" : "0", out);
            case ColumnType.Date _, ColumnType.Date32 _ -> day(value, length, row, out);
            case ColumnType.Text _, ColumnType.FixedText _, ColumnType.Enumeration _ ->
                    text(value, length, row, out);
            case ColumnType.Uuid _, ColumnType.IpV4 _, ColumnType.IpV6 _ ->
                    text(value, length, row, out);
            case ColumnType.Timestamp _, ColumnType.Array _ -> text(value, length, row, out);
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new IllegalStateException(type.name());
        }
    }

    private void number(byte[] value, int length, byte[] row, ByteArrayOutputStream out) {
        var digits = 0;
        for (var i = 0; i < length; i++) {
            digits += value[i] >= '0' && value[i] <= '9' ? 1 : 0;
        }
        if (digits <= EXACT_DIGITS) {
            cell(row, "\"><v>", ascii(value, length), out);
        } else {
            text(value, length, row, out);
        }
    }

    private void floating(byte[] value, int length, byte[] row, ByteArrayOutputStream out) {
        var text = ascii(value, length);
        var first = value[length - 1];
        if (first == 'n' || first == 'f') {
            text(value, length, row, out);
            return;
        }
        var size = Math.abs(Double.parseDouble(text));
        if (size == 0 ? value[0] != '-' : size > LEAST && size < MOST) {
            cell(row, "\"><v>", text, out);
        } else {
            text(value, length, row, out);
        }
    }

    private void day(byte[] value, int length, byte[] row, ByteArrayOutputStream out) {
        var day = LocalDate.parse(ascii(value, length));
        if (day.isBefore(FIRST_DAY) || day.isAfter(LAST_DAY)) {
            text(value, length, row, out);
        } else {
            var serial = day.toEpochDay() - DAY_0.toEpochDay();
            cell(row, "\" s=\"1\"><v>", Long.toString(serial), out);
        }
    }

    private static String ascii(byte[] value, int length) {
        return new String(value, 0, length, StandardCharsets.US_ASCII);
    }

    private void begin(byte[] row, String attributes, ByteArrayOutputStream out) {
        XlsxText.ascii("<c r=\"", out);
        out.writeBytes(letters);
        out.writeBytes(row);
        XlsxText.ascii(attributes, out);
    }

    private void cell(byte[] row, String attributes, String value, ByteArrayOutputStream out) {
        begin(row, attributes, out);
        XlsxText.ascii(value, out);
        XlsxText.ascii("</v></c>", out);
    }

    /// Whether ClickHouse escapes nothing around the texts that are in it.
    boolean isArray() {
        return type instanceof ColumnType.Array;
    }

    void text(byte[] value, int length, byte[] row, ByteArrayOutputStream out) {
        var characters = XlsxText.characters(value, length);
        if (characters > XlsxLimits.MOST_CHARACTERS) {
            throw new MillraceException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "The column '%s' has a text of %,d characters, and a cell of a worksheet holds %,d"
                            .formatted(name, characters, XlsxLimits.MOST_CHARACTERS),
                    "Export csv or parquet, or cut it in the query, such as with substringUTF8.",
                    null);
        }
        begin(row, "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", out);
        XlsxText.write(value, length, out);
        XlsxText.ascii("</t></is></c>", out);
    }
}
