package dev.millrace.format;

import dev.millrace.core.Dialect;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How well a dialect fits the head of a source. The last record may be cut off by the end of a
/// head that is not the whole source, and then counts only if it is the only one.
final class DialectFit {
    /// So many fields of a header are shown, each so long.
    private static final int SHOWN_FIELDS = 4;

    private static final int SHOWN_CHARACTERS = 20;

    /// A preamble has no more records.
    private static final int MOST_BEFORE = 50;

    /// Behind a preamble, so much of the records agree, in percent.
    private static final int MOST_AGREE = 95;

    final Dialect dialect;
    private final byte[] head;
    private final int length;
    private final int from;
    private final boolean whole;

    /// Where each record begins, and how many fields it has; the header's first.
    private int[] starts = new int[64];

    private int[] counts = new int[64];

    /// The header's fields.
    int fields;

    /// The records after the header.
    int records;

    /// Those of them that have as many fields as the header.
    int agreeing;

    /// Those with one field more than the header, an empty one.
    int trailing;

    int malformed;
    int quotedFields;

    private DialectFit(byte[] head, int from, int length, boolean whole, Dialect dialect) {
        this.head = head;
        this.from = from;
        this.length = length;
        this.whole = whole;
        this.dialect = dialect;
    }

    /// @param from where the header begins
    /// @param whole whether the head is all of the source
    static DialectFit of(byte[] head, int from, int length, boolean whole, Dialect dialect) {
        var fit = new DialectFit(head, from, length, whole, dialect);
        fit.read();
        return fit;
    }

    private void read() {
        var record = new SourceRecord();
        var reader = reader();
        // A quote that does not close in the head may close behind it.
        while (reader.next(record) && !reader.isUnclosed(record)) {
            var mayGoOn = !whole && reader.place() == length && record.rawEnd == length;
            if (record.row == 1) {
                fields = record.fields;
                add(record);
            } else if (!mayGoOn) {
                add(record);
                records++;
                agreeing += record.fields == fields ? 1 : 0;
                trailing += record.fields == fields + 1 && endsEmpty(record) ? 1 : 0;
            }
            malformed += record.malformed.isEmpty() ? 0 : 1;
            for (var i = 0; i < record.fields; i++) {
                var written = record.quotes[i];
                quotedFields +=
                        written == RecordBlock.QUOTED || written == RecordBlock.ESCAPED ? 1 : 0;
            }
        }
    }

    private ScannedRecords reader() {
        return RecordReader.delimited(
                head, from, length - from, dialect, 0, 1, Math.max(length, 1));
    }

    private void add(SourceRecord record) {
        var place = records + (record.row == 1 ? 0 : 1);
        if (place == starts.length) {
            starts = Arrays.copyOf(starts, 2 * place);
            counts = Arrays.copyOf(counts, 2 * place);
        }
        starts[place] = record.rawStart;
        counts[place] = record.fields;
    }

    private static boolean endsEmpty(SourceRecord record) {
        var last = record.fields - 1;
        return record.starts[last] == record.ends[last]
                && record.quotes[last] == RecordBlock.UNQUOTED;
    }

    /// Which part of the records has as many fields as the header, 0 to 1.
    double share() {
        return records == 0 ? 1 : (double) agreeing / records;
    }

    /// Where the header begins when lines stand before it: the first record from which on nearly
    /// all have as many fields, two at least, when the records before it have half as many at most,
    /// and its fields are names. -1 when there is no such record.
    int headerBehindPreamble() {
        var total = records + 1;
        for (var first = 1; first <= Math.min(MOST_BEFORE, total - 2); first++) {
            var wanted = counts[first];
            if (wanted < 2 || counts[first - 1] * 2 > wanted) {
                continue;
            }
            if (areShort(first, wanted) && agree(first, total, wanted) && isHeader(starts[first])) {
                return starts[first];
            }
        }
        return -1;
    }

    private boolean areShort(int to, int wanted) {
        return IntStream.range(0, to).allMatch(i -> counts[i] * 2 <= wanted);
    }

    private boolean agree(int first, int to, int wanted) {
        var alike = IntStream.range(first + 1, to).filter(i -> counts[i] == wanted).count();
        return alike * 100 >= (long) (to - first - 1) * MOST_AGREE;
    }

    /// Where a record begins; the header is number 0.
    int start(int number) {
        return starts[number];
    }

    /// How many fields a record has.
    int count(int number) {
        return counts[number];
    }

    /// Whether the header's fields are names, and stand over a column of nothing but numbers or
    /// times, two at least.
    boolean standsOverNumbers() {
        var record = new SourceRecord();
        var reader = reader();
        if (!reader.next(record) || !isHeader(record)) {
            return false;
        }
        var numbers = new boolean[record.fields];
        for (var i = 0; i < numbers.length; i++) {
            numbers[i] = !isNumberOrTime(record, i) && !isNull(record, i);
        }
        var alike = 0;
        while (reader.next(record) && !reader.isUnclosed(record)) {
            if (record.fields == numbers.length) {
                alike++;
                for (var i = 0; i < numbers.length; i++) {
                    numbers[i] &= isNumberOrTime(record, i);
                }
            }
        }
        return alike > 1 && IntStream.range(0, numbers.length).anyMatch(i -> numbers[i]);
    }

    private static boolean isNumberOrTime(SourceRecord record, int field) {
        return text(record, field).strip().matches("[-+]?[0-9][-+0-9.,:/ TZ]*");
    }

    /// Whether it is a text that often stands for a number that is missing.
    private static boolean isNull(SourceRecord record, int field) {
        return text(record, field).strip().matches("(?i)n/?a|nan|null|none|nil|\\\\N|\\W*");
    }

    /// Whether the record there has a name in each field, all different, and none is a number.
    boolean isHeader(int start) {
        var record = new SourceRecord();
        RecordReader.delimited(head, start, length - start, dialect, 0, 1, Math.max(length, 1))
                .next(record);
        return isHeader(record);
    }

    private static boolean isHeader(SourceRecord record) {
        var names = new HashSet<String>();
        for (var i = 0; i < record.fields; i++) {
            var name = text(record, i).strip();
            if (name.isEmpty() || !names.add(name) || name.matches("[-+]?[0-9][0-9.,]*")) {
                return false;
            }
        }
        return true;
    }

    /// Whether the header's last field is empty and no other one.
    boolean isHeaderClosed() {
        var record = new SourceRecord();
        if (!reader().next(record) || record.fields < 2 || !endsEmpty(record)) {
            return false;
        }
        return IntStream.range(0, record.fields - 1)
                .allMatch(i -> record.ends[i] > record.starts[i]);
    }

    /// Where the header begins.
    int from() {
        return from;
    }

    /// How it reads the header.
    String shown() {
        var record = new SourceRecord();
        reader().next(record);
        var names =
                IntStream.range(0, Math.min(record.fields, SHOWN_FIELDS))
                        .mapToObj(i -> "'%s'".formatted(shown(text(record, i))))
                        .collect(Collectors.joining(", "));
        return "with '%s' the header has %d fields, %s%s"
                .formatted(name(), fields, names, fields > SHOWN_FIELDS ? ", …" : "");
    }

    /// The delimiter as it is shown.
    String name() {
        return switch (dialect.delimiter()) {
            case "\t" -> "tab";
            case "\u0001" -> "U+0001";
            default -> dialect.delimiter();
        };
    }

    private static String shown(String text) {
        return text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS))
                .replaceAll("\\p{Cntrl}", "·");
    }

    private static String text(SourceRecord record, int field) {
        var start = record.starts[field];
        return new String(record.bytes, start, record.ends[field] - start, StandardCharsets.UTF_8);
    }
}
