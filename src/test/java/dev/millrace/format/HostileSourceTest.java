package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.millrace.Parts;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Limits;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Sources that no one writes on purpose, with the real limits.
class HostileSourceTest {
    /// @param malformed the numbers of the first malformed rows, and why each is
    record Read(List<String> header, long rows, long bytes, List<String> malformed) {
        static final int SHOWN = 1000;
    }

    @Test
    void aSourceWithoutARecordHasNoHeader() {
        for (var text : List.of("", "\n", "\r\n\n\n")) {
            for (var encoding : Texts.UNICODE) {
                var read = read(Texts.encode(text, encoding, true));
                assertThat(read).isEqualTo(new Read(List.of(), 0, 0, List.of()));
            }
        }
    }

    @Test
    void aHeaderAloneHasNoRows() {
        for (var text : List.of("x", "x\n", "\n\n x \r\n")) {
            assertThat(read(Texts.utf8(text))).isEqualTo(new Read(List.of("x"), 0, 0, List.of()));
        }
    }

    @Test
    void aHeaderMustNameItsColumns() {
        assertRefused("a,b,a\n", ErrorCode.HEADER_AMBIGUOUS, "Columns 1 and 3 are both named 'a'");
        assertRefused("a, a \n", ErrorCode.HEADER_AMBIGUOUS, "both named 'a'");
        assertRefused("a,b,\n", ErrorCode.HEADER_AMBIGUOUS, "Column 3 of 3 has no name");
        assertRefused("a,\"b\"x\n", ErrorCode.SOURCE_DAMAGED, "after its closing quote");
        assertRefused("a,\"b\n1,2\n", ErrorCode.SOURCE_DAMAGED, null);
        assertRefused("a,b\0\n1,2\n", ErrorCode.SOURCE_DAMAGED, "field 2");
        assertRefused("a,\uD83D\n1,2\n", ErrorCode.SOURCE_DAMAGED, "field 2");
    }

    @Test
    void tenThousandColumnsAreRead() {
        var names = IntStream.range(0, 10_000).mapToObj(i -> "column " + i).toList();
        var line = String.join(",", names) + "\n";
        var read = read(Texts.utf8(line + line));
        assertThat(read.header()).isEqualTo(names);
        assertThat(read.rows()).isOne();
        assertThat(read.bytes()).isEqualTo(line.length());
    }

    @Test
    void zeroBytesAreTextLikeAnyOther() {
        assertThat(read(Texts.utf8("a,b\n\0,\0\n\0\0\0\n,\0\n")).rows()).isEqualTo(3);
    }

    @Test
    void aLineOf20MegabytesIsOneMalformedRow() {
        var received = filled(20 << 20, "a,b\n1,2\n", (byte) 'x', "\n3,4\n");
        var read = read(received);
        assertThat(read.rows()).isEqualTo(3);
        assertThat(read.malformed()).containsExactly("2: The line is longer than 16,777,216 bytes");
        assertThat(read.bytes()).isEqualTo(8 + Limits.MAX_RECORD_BYTES + 3);
    }

    @Test
    void aQuoteThatDoesNotCloseIn40MegabytesCostsItsLineAlone() {
        var line = "12345,67890\n";
        var rows = (40 << 20) / line.length();
        var text = "a,b\n\"1,2\n" + line.repeat(rows);
        var read = read(Texts.utf8(text));
        assertThat(read.rows()).isEqualTo(1 + rows);
        assertThat(read.malformed())
                .containsExactly("1: A quote in this line does not close within 16,777,216 bytes");
        assertThat(read.bytes()).isEqualTo(text.length() - 4);
    }

    /// Scanned anew from every line, this would take days.
    @Test
    void quotesThatNeverCloseOnAnyLineTakeNoLongerThanOthers() {
        var line = "a\",\"b\n";
        var rows = (24 << 20) / line.length();
        var received = Texts.utf8("a,b\n" + line.repeat(rows));
        var read = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> read(received));
        assertThat(read.rows()).isEqualTo(rows);
        assertThat(read.malformed()).hasSize(Read.SHOWN);
    }

    @Test
    void nothingButLineBreaksTakesLittleMemory() {
        assertThat(read(filled(100 << 20, "a,b\n1,2\n", (byte) '\n', "")).rows()).isOne();
        var read = read(filled(100 << 20, "a,b\n1,2\n", (byte) '\n', "3,4\n"));
        assertThat(read.rows()).isEqualTo(2);
        assertThat(read.bytes()).isEqualTo(8 + Limits.MAX_RECORD_BYTES + 2);
    }

    @Test
    void splitsRampUpAndTakeEveryRow() {
        var line = "12345678901,123456789012\n";
        var rows = (150 << 20) / line.length();
        var lengths = new ArrayList<Integer>();
        var records = 0L;
        for (var cut : cuts(Texts.utf8("a,b\n" + line.repeat(rows)))) {
            lengths.add(cut.length());
            records += cut.records();
        }
        assertThat(records).isEqualTo(rows);
        var before = 0L;
        for (var length : lengths.subList(0, lengths.size() - 1)) {
            var size = Math.max(Limits.FIRST_SPLIT_BYTES, before / 8);
            assertThat((long) length).isBetween(size - line.length(), size);
            before += length;
        }
        assertThat(lengths.getLast()).isLessThan(20 << 20);
    }

    private static byte[] filled(int length, String before, byte value, String after) {
        var middle = new byte[length];
        Arrays.fill(middle, value);
        return Texts.join(Texts.utf8(before), middle, Texts.utf8(after));
    }

    private static void assertRefused(
            String text, ErrorCode code, @org.jspecify.annotations.Nullable String message) {
        assertThatThrownBy(() -> read(Texts.utf8(text)))
                .as(text)
                .hasMessageContaining(message == null ? "header" : message)
                .extracting(e -> ((MillraceException) e).code())
                .isEqualTo(code);
    }

    private static List<Cut> cuts(byte[] received) {
        var cuts = new ArrayList<Cut>();
        try (var source = open(received)) {
            var cutter = cutter(source);
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                cuts.add(cut);
            }
        }
        return cuts;
    }

    private static Read read(byte[] received) {
        try (var source = open(received)) {
            var cutter = cutter(source);
            var header = cutter.reading().header();
            var malformed = new ArrayList<String>();
            var record = new SourceRecord();
            var rows = 0L;
            var bytes = 0L;
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var reader = RecordReader.open(cutter.reading(), cut, Limits.MAX_RECORD_BYTES);
                while (reader.next(record)) {
                    rows++;
                    if (!record.malformed.isEmpty() && malformed.size() < Read.SHOWN) {
                        malformed.add(record.row + ": " + record.malformed);
                    }
                }
                assertThat(rows).isEqualTo(cut.firstRow() + cut.records() - 1);
                assertThat(reader.bytesRead()).isEqualTo(cut.length());
                bytes += cut.length();
            }
            return new Read(header, rows, bytes, malformed);
        }
    }

    private static SourceDecoder open(byte[] received) {
        return SourceDecoder.open(
                new ByteArrayInputStream(received), SourceOptions.DETECT, Parts::next);
    }

    private static RecordCutter cutter(SourceDecoder source) {
        return RecordCutter.open(
                source,
                new SourceOptions(null, ',', '"'),
                Limits.MAX_RECORD_BYTES,
                SplitSizes.STANDARD);
    }

    @Test
    void halfAUnitThatIsSkippedIsNoRecord() {
        var asked =
                new SourceOptions(
                        null, Encoding.UTF_16LE, ",", null, null, null, null, 1, null, null);
        var in = new ByteArrayInputStream(new byte[] {0x7b});
        try (var decoder = SourceDecoder.open(in, asked, 64)) {
            var sizes = new SplitSizes(100, 100, 100);
            assertThat(RecordCutter.open(decoder, asked, 100, sizes, 64).next()).isNull();
        }
    }
}
