package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Dialect;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvRecordsTest {
    @Test
    void fieldsAreReadAsTheyStand() {
        assertThat(read("1, a ,\n,,\r\nlast")).containsExactly("1| a |", "||", "last");
    }

    @Test
    void quotedFieldsHoldDelimitersLineBreaksAndQuotes() {
        assertThat(read("\"a,b\",\"c\r\nd\",\"\"\n\"say \"\"hi\"\"\",x,\"\"\"\"\n"))
                .containsExactly("[a,b]|[c\r\nd]|[]", "[say \"hi\"]|x|[\"]");
    }

    @Test
    void aQuoteWithinAFieldIsText() {
        assertThat(read("5\" pipe,a\"b\"c, \"x\"\n")).containsExactly("5\" pipe|a\"b\"c| \"x\"");
    }

    @Test
    void aCarriageReturnAloneIsText() {
        assertThat(read("a\rb,c\r\r\nd\r")).containsExactly("a\rb|c\r", "d\r");
    }

    @Test
    void textBehindAClosingQuoteIsMalformedAndTheNextRecordIsNot() {
        assertThat(read("a,\"b\"c\n1,2\n\"\"x,\"y\nz\"\n3,4"))
                .containsExactly(
                        "! Field 2 goes on after its closing quote: a,\"b\"c",
                        "1|2",
                        "! Field 1 goes on after its closing quote: \"\"x,\"y\nz\"",
                        "3|4");
    }

    @Test
    void aQuoteThatDoesNotCloseCostsItsLineAlone() {
        assertThat(read("1,2\na,\"b\r\n3,4\n"))
                .containsExactly(
                        "1|2",
                        "! A quote in this line does not close within 100 bytes: a,\"b",
                        "3|4");
    }

    @Test
    void aRecordMayBeAsLongAsTheLimitAndNoLonger() {
        var longest = "x".repeat(100);
        assertThat(read(longest + "\r\n" + longest + "x\r\n" + longest + "xyz\nz"))
                .containsExactly(
                        longest,
                        "! The line is longer than 100 bytes: " + longest + "x",
                        "! The line is longer than 100 bytes: " + longest + "x",
                        "z");
    }

    @Test
    void emptyLinesAreRecordsOnlyInASingleColumn() {
        assertThat(read("\n1,2\n\r\n\n3,4\n\n")).containsExactly("1|2", "3|4");
        assertThat(read("\nx\n\r\n", new Dialect(',', '"'), 1)).containsExactly("", "x", "");
    }

    @Test
    void withoutAQuoteEveryQuoteIsText() {
        assertThat(read("\"a,b\"\n\0,c\n", new Dialect(',', Dialect.NO_QUOTE), 2))
                .containsExactly("\"a|b\"", "\0|c");
    }

    @Test
    void aPartOfAnArrayIsRead() {
        var bytes = Texts.utf8("xx\n1,2\n3,4\nyy,zz\n");
        var reader = new CsvRecords(bytes, 3, 8, new Dialect(',', '"'), 2, 41, 100);
        var record = new SourceRecord();
        assertThat(reader.next(record)).isTrue();
        assertThat(record.row).isEqualTo(41);
        assertThat(reader.bytesRead()).isEqualTo(4);
        assertThat(reader.next(record)).isTrue();
        assertThat(reader.next(record)).isFalse();
        assertThat(record.row).isEqualTo(42);
        assertThat(reader.bytesRead()).isEqualTo(8);
    }

    private static List<String> read(String text) {
        return read(text, new Dialect(',', '"'), 3);
    }

    private static List<String> read(String text, Dialect dialect, int columns) {
        var bytes = Texts.utf8(text);
        var reader = new CsvRecords(bytes, 0, bytes.length, dialect, columns, 1, 100);
        var record = new SourceRecord();
        var seen = new ArrayList<String>();
        while (reader.next(record)) {
            seen.add(shown(record));
            assertThat(record.row).isEqualTo(seen.size());
        }
        assertThat(reader.bytesRead()).isEqualTo(bytes.length);
        return seen;
    }

    private static String shown(SourceRecord record) {
        if (!record.malformed.isEmpty()) {
            assertThat(record.fields).isZero();
            var raw = text(record.raw, record.rawStart, record.rawEnd);
            return "! " + record.malformed + ": " + raw;
        }
        var fields = new ArrayList<String>();
        for (var i = 0; i < record.fields; i++) {
            var field = text(record.bytes, record.starts[i], record.ends[i]);
            fields.add(record.quotes[i] != RecordBlock.UNQUOTED ? "[" + field + "]" : field);
        }
        return String.join("|", fields);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
