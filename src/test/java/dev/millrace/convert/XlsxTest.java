package dev.millrace.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XlsxTest {
    private static final String HEADER =
            "<row r='1'><c r='A1' t='inlineStr'><is><t>a</t></is></c>"
                    + "<c r='B1' t='inlineStr'><is><t>b</t></is></c></row>";

    @TempDir Path folder;

    private Conversion open(XlsxFiles book) {
        return open(book, null, null);
    }

    private Conversion open(XlsxFiles book, @Nullable String sheet, @Nullable Integer header) {
        return Conversion.xlsx(book.write(folder), sheet, header);
    }

    private List<String> lines(String rows) {
        return Lines.of(open(new XlsxFiles().sheet("S", HEADER + rows)));
    }

    @Test
    void cellsOfEveryKindAreRead() {
        var book =
                new XlsxFiles()
                        .strings(
                                "<si><t>plain</t></si><si><r><t xml:space='preserve'>rich </t></r><r><rPr><b/></rPr><t>text</t></r>"
                                        + "<rPh sb='0' eb='1'><t>no</t></rPh></si><si><t>a_x000A_b_x005F_x000A_</t></si>")
                        .sheet(
                                "S",
                                HEADER
                                        + "<row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' t='s'><v>1</v></c></row>"
                                        + "<row r='3'><c r='A3' t='s'><v>2</v></c><c r='B3' t='b'><v>1</v></c></row>"
                                        + "<row r='5'><c r='A5' t='e'><v>#DIV/0!</v></c><c r='B5' t='str'><f>A1</f><v>f &lt;</v></c></row>"
                                        + "<row><c><f t='shared' si='0'/><v>7</v></c><c s='0'/></row>"
                                        + "<row r='7'/><row r='8' hidden='1'><c r='B8'><v>1.5</v></c></row>");
        var conversion = open(book);
        assertThat(conversion.columns()).containsExactly("a", "b");
        assertThat(conversion.notes()).isEmpty();
        assertThat(Lines.of(conversion))
                .containsExactly(
                        "{\"a\":\"plain\",\"b\":\"rich text\"}",
                        "{\"a\":\"a\\nb_x000A_\",\"b\":true}",
                        "{\"a\":\"#DIV/0!\",\"b\":\"f <\"}",
                        "{\"a\":7,\"b\":null}",
                        "{\"a\":null,\"b\":1.5}");
    }

    @ParameterizedTest
    @CsvSource({
        "1,1",
        "-0.5,-0.5",
        "1.0,1",
        "0.1,0.1",
        "0.10000000000000001,0.1",
        "1E3,1000",
        "1.2345678901234501E+25,1.2345678901234502E25",
        "12345678901234567890,12345678901234567890",
        "0.55556712962962962,0.5555671296296296",
        "123456789.12345679,123456789.12345679",
        "1234567890.1234567890123,1234567890.1234567890123",
        "100,100",
        "1e-7,0.0000001",
        "0.0,0"
    })
    void numbersAreWrittenExactly(String stored, String written) {
        assertThat(lines("<row r='2'><c r='A2'><v>" + stored + "</v></c></row>"))
                .containsExactly("{\"a\":" + written + ",\"b\":null}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yyyy-mm-dd|43831|\"2020-01-01\"",
                "yyyy-mm-dd|43831.5|\"2020-01-01T12:00:00\"",
                "d/m/yy h:mm|43831|\"2020-01-01T00:00:00\"",
                "h:mm|0.25|\"06:00:00\"",
                "h:mm AM/PM|1.25|\"1900-01-01T06:00:00\"",
                "mm:ss.0|0.000011574074074074073|\"00:00:01\"",
                "mmm|1|\"1900-01-01\"",
                "[$-409]d mmm yyyy|59|\"1900-02-28\"",
                "yyyy|60|\"1900-02-29\"",
                "yyyy|61|\"1900-03-01\"",
                "yyyy|0|\"1900-01-00\"",
                "yyyy|2958465|\"9999-12-31\"",
                "yyyy|2958466|2958466",
                "yyyy|-1|-1",
                "[h]:mm:ss|1.5|1.5",
                "0.00E+00|43831|43831",
                "\"day\" 0|43831|43831",
                "[Red]0.0|43831|43831",
                "General|43831|43831",
                "yyyy\\-mm|43831.000011574074|\"2020-01-01T00:00:01\"",
                "yyyy h|43831.00000001157|\"2020-01-01T00:00:00.001\"",
                "h s|0.9999999999|\"23:59:59.999991\""
            })
    void numbersWithDateFormatsAreDays(String format, String stored, String written) {
        var book =
                new XlsxFiles()
                        .formats("General", format)
                        .sheet(
                                "S",
                                HEADER
                                        + "<row r='2'><c r='A2' s='1'><v>"
                                        + stored
                                        + "</v></c></row>");
        assertThat(Lines.of(open(book))).containsExactly("{\"a\":" + written + ",\"b\":null}");
    }

    @Test
    void workbooksMayCountFrom1904() {
        var book =
                new XlsxFiles()
                        .from1904()
                        .formats("yyyy-mm-dd")
                        .sheet(
                                "S",
                                HEADER
                                        + "<row r='2'><c r='A2' s='0'><v>0</v></c><c r='B2' s='0'><v>42369</v></c></row>");
        assertThat(Lines.of(open(book)))
                .containsExactly("{\"a\":\"1904-01-01\",\"b\":\"2020-01-01\"}");
    }

    @Test
    void headerIsTheFirstRowWithMostCells() {
        var book =
                new XlsxFiles()
                        .sheet(
                                "S",
                                "<row r='1'><c r='A1' t='str'><v>Title</v></c></row>"
                                        + HEADER.replace("'1'", "'3'")
                                                .replace("A1", "A3")
                                                .replace("B1", "B3")
                                        + "<row r='4'><c r='A4'><v>1</v></c><c r='B4'><v>2</v></c></row>");
        var conversion = open(book);
        assertThat(conversion.notes())
                .containsExactly(
                        "Row 3 of sheet 'S' is taken for the header; above it 1 rows are not read");
        assertThat(Lines.of(conversion)).containsExactly("{\"a\":1,\"b\":2}");
        assertThat(Lines.of(open(book, null, 1)))
                .containsExactly(
                        "{\"Title\":\"a\",\"column B\":\"b\"}", "{\"Title\":1,\"column B\":2}");
        assertThat(Lines.of(open(book, "S", 0)))
                .containsExactly(
                        "{\"A\":\"Title\",\"B\":null}",
                        "{\"A\":\"a\",\"B\":\"b\"}",
                        "{\"A\":1,\"B\":2}");
        assertRefused(
                () -> open(book, null, 2),
                ErrorCode.INVALID_REQUEST,
                "Row 2 of sheet 'S' has no cells");
    }

    @Test
    void firstVisibleSheetWithCellsIsRead() {
        var book =
                new XlsxFiles()
                        .sheet("Empty", "")
                        .sheet("Hidden", "hidden", HEADER)
                        .sheet("Data", HEADER + "<row r='2'><c r='A2'><v>1</v></c></row>")
                        .sheet("More", HEADER);
        var conversion = open(book);
        assertThat(conversion.notes())
                .containsExactly(
                        "Sheet 'Data' is read; there are others with cells: 'Hidden', 'More'");
        assertThat(Lines.of(conversion)).containsExactly("{\"a\":1,\"b\":null}");
        assertThat(Lines.of(open(book, "Hidden", null))).isEmpty();
        assertRefused(
                () -> open(book, "None", null),
                ErrorCode.NOT_FOUND,
                "'Empty', 'Hidden', 'Data', 'More'");
        assertRefused(
                () -> open(new XlsxFiles().sheet("S", "")),
                ErrorCode.EMPTY_SOURCE,
                "no visible sheet");
    }

    @Test
    void columnsWithTheSameNameAreRefused() {
        var book = new XlsxFiles().sheet("S", HEADER.replace("<t>b", "<t> a "));
        assertRefused(
                () -> open(book), ErrorCode.HEADER_AMBIGUOUS, "Columns A and B are both named 'a'");
    }

    @Test
    void formulasWithoutTheirValueAreRefusedByTheirPlace() {
        assertRefused(
                () -> lines("<row r='2'><c r='B2'><f>SUM(A1)</f></c></row>"),
                ErrorCode.SOURCE_UNSUPPORTED,
                "Cell B2 of sheet 'S'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<row r='2'><c r='A2'><v>x</v></c></row>|cell A2 has 'x'",
                "<row r='2'><c r='A2' t='s'><v>0</v></c></row>|cell A2 has text 0 of 0",
                "<row r='2'><c r='A2' s='9'><v>0</v></c></row>|cell A2 has format 9 of 0",
                "<row r='2'><c r='B2'><v>0</v></c><c r='A2'><v>0</v></c></row>|cell A2 stands behind B2",
                "<row r='1'><c r='A1'><v>0</v></c></row>|row 1 stands behind row 1",
                "<row r='2'><c r='XFE2'><v>0</v></c></row>|'XFE2'",
                "<row r='2'><c r='A2'><v>1E999999999</v></c></row>|cell A2",
                "<row r='2'><c r='A2' t='b'><v>2</v></c></row>|'2' as a boolean",
                "<row r='2'><c r='A2' t='q'><v>2</v></c></row>|unknown type 'q'",
                "<row r='2'><c|not sound XML"
            })
    void damageIsNamedByItsPlace(String rows, String message) {
        assertRefused(() -> lines(rows), ErrorCode.SOURCE_DAMAGED, message);
    }

    private static XlsxFiles ofSheet(byte[] xml) {
        return new XlsxFiles().sheet("S", HEADER).part("xl/worksheets/sheet1.xml", xml);
    }

    private static String sheetOf(String text) {
        return "<worksheet><sheetData>%s<row><c t='str'><v>%s</v></c></row></sheetData></worksheet>"
                .formatted(HEADER, text);
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-8,",
        "UTF-8,\uFEFF",
        "UTF-8,<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
        "UTF-8,\uFEFF<?xml version='1.0' encoding='UTF-8'?>",
        "UTF-16,",
        "UTF-16,<?xml version='1.0' encoding='UTF-16'?>",
        "UTF-16LE,\uFEFF<?xml version='1.0' encoding='UTF-16'?>",
        "UTF-16LE,<?xml version='1.0' encoding='UTF-16LE'?>",
        "ISO-8859-1,<?xml version='1.0' encoding='ISO-8859-1'?>",
    })
    void partsAreReadInTheirEncoding(String encoding, @Nullable String before) {
        var xml = (before == null ? "" : before) + sheetOf("é");
        var book = ofSheet(xml.getBytes(Charset.forName(encoding)));
        assertThat(Lines.of(open(book))).containsExactly("{\"a\":\"é\",\"b\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16"})
    void bytesThatAreNoCharactersAreNamedAndNothingIsPrinted(String encoding) {
        var halves = sheetOf("a\uFFFFb").getBytes(Charset.forName(encoding));
        for (var i = 0; i < halves.length; i++) {
            if (halves[i] == (byte) 0xFF && i > 1) {
                halves[i] = (byte) 0xDC; // the second half of a pair, without the first
            } else if (halves[i] == (byte) 0xEF) {
                halves[i] = (byte) 0xC3; // the first byte of two
            }
        }
        var printed = new ByteArrayOutputStream();
        var before = System.err;
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertRefused(
                    () -> Lines.of(open(ofSheet(halves))),
                    ErrorCode.SOURCE_DAMAGED,
                    "sheet1.xml is not sound XML: it has bytes that are no characters");
        } finally {
            System.setErr(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("Fatal Error");
    }

    @Test
    void entitiesAreNotRead() throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "secret");
        var types =
                List.of(
                        "<!DOCTYPE x [<!ENTITY e SYSTEM '%s'>]>".formatted(secret.toUri()),
                        "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY e '&a;&a;&a;'>]>",
                        "<!DOCTYPE x SYSTEM '%s'>".formatted(secret.toUri()));
        for (var type : types) {
            var book = new XlsxFiles().sheet("S", HEADER);
            book.part(
                    "xl/worksheets/sheet1.xml",
                    type
                            + "<worksheet><sheetData>"
                            + HEADER.replace("<t>a", "<t>&e;")
                            + "</sheetData></worksheet>");
            assertRefused(() -> open(book), ErrorCode.SOURCE_DAMAGED, "sheet1.xml");
        }
    }

    /// The JDK allows a document 100,000 characters written as `&amp;` and its like.
    @Test
    void textsMayHaveAnyNumberOfEscapes() {
        var rows = new StringBuilder(HEADER);
        for (var i = 2; i < 1_002; i++) {
            rows.append(
                    "<row r='%d'><c r='A%d' t='str'><v>%s</v></c></row>"
                            .formatted(i, i, "&amp;".repeat(300)));
        }
        assertThat(Lines.of(open(new XlsxFiles().sheet("S", rows.toString()))))
                .hasSize(1_000)
                .allMatch(("{\"a\":\"" + "&".repeat(300) + "\",\"b\":null}")::equals);
    }

    @Test
    void bombsAreRefused() {
        var book = new XlsxFiles().sheet("S", HEADER + "<row r='2'/>" + " ".repeat(5 << 20));
        assertRefused(
                () -> Lines.of(open(book)), ErrorCode.SOURCE_DAMAGED, "more than 4,194,304 bytes");
        var many = new XlsxFiles().sheet("S", HEADER + "<q/>".repeat(17 << 20));
        assertRefused(
                () -> Lines.of(open(many)),
                ErrorCode.SOURCE_DAMAGED,
                "more than 400 times its size");
    }

    @Test
    void otherFilesOfficeMakesAreRefused() throws IOException {
        var old =
                Files.write(
                        folder.resolve("old.xls"),
                        new byte[] {
                            (byte) 0xD0,
                            (byte) 0xCF,
                            0x11,
                            (byte) 0xE0,
                            (byte) 0xA1,
                            (byte) 0xB1,
                            0x1A,
                            (byte) 0xE1,
                            0,
                            0
                        });
        assertRefused(
                () -> Conversion.xlsx(old, null, null),
                ErrorCode.SOURCE_UNSUPPORTED,
                "without a password");
        var text = Files.writeString(folder.resolve("text"), "a,b");
        assertRefused(
                () -> Conversion.xlsx(text, null, null), ErrorCode.SOURCE_DAMAGED, "cut short");
    }

    private static void assertRefused(Runnable opening, ErrorCode code, String message) {
        assertThatThrownBy(opening::run)
                .isInstanceOf(MillraceException.class)
                .satisfies(e -> {
                    var thrown = (MillraceException) e;
                    assertThat(thrown.what() + " " + thrown.remedy()).contains(message);
                    assertThat(thrown.code()).isEqualTo(code);
                });
    }
}
