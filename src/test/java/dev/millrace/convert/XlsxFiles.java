package dev.millrace.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes workbooks part by part.
public final class XlsxFiles {
    private static final String TYPE =
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    private static final String MAIN =
            "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\""
                    + "http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

    private final Map<String, byte[]> parts = new LinkedHashMap<>();
    private final StringBuilder sheets = new StringBuilder();
    private final StringBuilder relations = new StringBuilder();
    private String properties = "";
    private int count;

    public XlsxFiles() {
        part("[Content_Types].xml", "<Types/>");
        part(
                "_rels/.rels",
                "<Relationships><Relationship Id='r1' Type='%sofficeDocument' Target='xl/workbook.xml'/></Relationships>"
                        .formatted(TYPE));
    }

    XlsxFiles part(String name, String xml) {
        return part(name, xml.getBytes(StandardCharsets.UTF_8));
    }

    XlsxFiles part(String name, byte[] xml) {
        parts.put(name, xml);
        return this;
    }

    XlsxFiles from1904() {
        properties = "<workbookPr date1904='1'/>";
        return this;
    }

    public XlsxFiles sheet(String name, String rows) {
        return sheet(name, "visible", rows);
    }

    /// @param rows what stands in `sheetData`
    XlsxFiles sheet(String name, String state, String rows) {
        count++;
        sheets.append(
                "<sheet name='%s' sheetId='%d' state='%s' r:id='s%d'/>"
                        .formatted(name, count, state, count));
        relate("s" + count, "worksheet", "worksheets/sheet" + count + ".xml");
        return part(
                "xl/worksheets/sheet" + count + ".xml",
                "<worksheet " + MAIN + "><sheetData>" + rows + "</sheetData></worksheet>");
    }

    XlsxFiles strings(String items) {
        relate("t", "sharedStrings", "sharedStrings.xml");
        return part("xl/sharedStrings.xml", "<sst " + MAIN + ">" + items + "</sst>");
    }

    /// @param formats codes for the cells' styles, from 0
    XlsxFiles formats(String... formats) {
        var codes = new StringBuilder();
        var cells = new StringBuilder();
        for (var i = 0; i < formats.length; i++) {
            codes.append(
                    "<numFmt numFmtId='%d' formatCode='%s'/>"
                            .formatted(200 + i, formats[i].replace("\"", "&quot;")));
            cells.append("<xf numFmtId='%d'/>".formatted(200 + i));
        }
        relate("f", "styles", "/xl/styles.xml");
        return part(
                "xl/styles.xml",
                "<styleSheet %s><numFmts>%s</numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs>%s</cellXfs></styleSheet>"
                        .formatted(MAIN, codes, cells));
    }

    private void relate(String id, String type, String target) {
        relations.append(
                "<Relationship Id='%s' Type='%s%s' Target='%s'/>"
                        .formatted(id, TYPE, type, target));
    }

    public Path write(Path folder) {
        part(
                "xl/workbook.xml",
                "<workbook "
                        + MAIN
                        + ">"
                        + properties
                        + "<sheets>"
                        + sheets
                        + "</sheets></workbook>");
        part("xl/_rels/workbook.xml.rels", "<Relationships>" + relations + "</Relationships>");
        try {
            var path = Files.createTempFile(folder, "book", ".xlsx");
            try (var zip = new ZipOutputStream(Files.newOutputStream(path))) {
                for (var part : parts.entrySet()) {
                    zip.putNextEntry(new ZipEntry(part.getKey()));
                    zip.write(part.getValue());
                    zip.closeEntry();
                }
            }
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
