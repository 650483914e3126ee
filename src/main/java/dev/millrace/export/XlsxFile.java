package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A workbook of one sheet, written while its rows come as ClickHouse's TabSeparated, in memory for
/// one row. Without [#close] it has no directory, and is no workbook. Not thread-safe.
final class XlsxFile extends OutputStream {
    private static final String XML =
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String RELATIONS =
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String PACKAGE =
            "http://schemas.openxmlformats.org/package/2006/relationships";
    private static final String TYPE =
            "application/vnd.openxmlformats-officedocument.spreadsheetml.";

    private static final int FLUSH_BYTES = 64 << 10;

    private final ZipOutputStream zip;
    private final List<XlsxCell> cells;
    private final ByteArrayOutputStream xml = new ByteArrayOutputStream(FLUSH_BYTES * 2);
    private byte[] field = new byte[1 << 10];
    private int length;
    private boolean escaped;
    private boolean isNull;
    private int column;
    private long rows;
    private byte[] number = {'1'};

    /// @param to neither flushed nor closed
    /// @throws MillraceException EXPORT_UNSUPPORTED for too many columns
    XlsxFile(List<FileColumn> columns, OutputStream to) throws IOException {
        if (columns.size() > XlsxLimits.MOST_COLUMNS) {
            throw new MillraceException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "The result has %,d columns, and a worksheet holds %,d"
                            .formatted(columns.size(), XlsxLimits.MOST_COLUMNS));
        }
        this.cells =
                IntStream.range(0, columns.size())
                        .mapToObj(i -> new XlsxCell(columns.get(i), i))
                        .toList();
        this.zip = new ZipOutputStream(new Unclosed(to));
        zip.setLevel(Deflater.BEST_SPEED);
        frame();
        zip.putNextEntry(new ZipEntry("xl/worksheets/sheet1.xml"));
        XlsxText.ascii(
                XML
                        + "<worksheet xmlns=\"%s\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" state=\"frozen\"/></sheetView></sheetViews><sheetData>"
                                .formatted(MAIN),
                xml);
        beginRow();
        for (var i = 0; i < cells.size(); i++) {
            var header = columns.get(i).header().getBytes(StandardCharsets.UTF_8);
            cells.get(i).text(header, header.length, number, xml);
        }
        XlsxText.ascii("</row>", xml);
    }

    private void frame() throws IOException {
        entry(
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"%1$ssheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"%1$sstyles+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"%1$sworksheet+xml\"/></Types>"
                        .formatted(TYPE));
        entry(
                "_rels/.rels",
                "<Relationships xmlns=\"%s\"><Relationship Id=\"rId1\" Type=\"%s/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                        .formatted(PACKAGE, RELATIONS));
        entry(
                "xl/workbook.xml",
                "<workbook xmlns=\"%s\" xmlns:r=\"%s\"><sheets><sheet name=\"Export\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                        .formatted(MAIN, RELATIONS));
        entry(
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns=\"%s\"><Relationship Id=\"rId1\" Type=\"%2$s/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"%2$s/styles\" Target=\"styles.xml\"/></Relationships>"
                        .formatted(PACKAGE, RELATIONS));
        // 164 is the first format that is the workbook's own
        entry(
                "xl/styles.xml",
                "<styleSheet xmlns=\"%s\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts><fonts count=\"1\"><font/></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"2\"><xf/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
                        .formatted(MAIN));
    }

    private void entry(String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write((XML + text).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    private void beginRow() {
        number = Long.toString(rows + 1).getBytes(StandardCharsets.US_ASCII);
        XlsxText.ascii("<row r=\"", xml);
        xml.writeBytes(number);
        XlsxText.ascii("\">", xml);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        for (var i = from; i < from + count; i++) {
            var b = bytes[i];
            if (escaped) {
                escaped = false;
                isNull = b == 'N' && length == 0;
                add(unescaped(b));
            } else if (b == '\\' && !cells.get(column).isArray()) {
                escaped = true;
            } else if (b == '\t') {
                endField();
            } else if (b == '\n') {
                endField();
                endRow();
            } else {
                add(b);
            }
        }
    }

    private static byte unescaped(byte b) {
        return switch (b) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '0' -> 0;
            default -> b;
        };
    }

    private void add(byte b) {
        if (length == field.length) {
            field = Arrays.copyOf(field, length * 2);
        }
        field[length++] = b;
    }

    private void endField() {
        if (column == 0) {
            rows++;
            XlsxLimits.requireRows(rows);
            beginRow();
        }
        if (!isNull) {
            cells.get(column).write(field, length, number, xml);
        }
        isNull = false;
        length = 0;
        column++;
    }

    private void endRow() throws IOException {
        XlsxText.ascii("</row>", xml);
        column = 0;
        if (xml.size() > FLUSH_BYTES) {
            xml.writeTo(zip);
            xml.reset();
        }
    }

    /// Ends the workbook.
    @Override
    public void close() throws IOException {
        XlsxText.ascii("</sheetData></worksheet>", xml);
        xml.writeTo(zip);
        zip.closeEntry();
        zip.close();
    }

    /// Passes arrays on whole, and no flush or close.
    private static final class Unclosed extends OutputStream {
        private final OutputStream to;

        Unclosed(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            to.write(bytes, from, count);
        }
    }
}
