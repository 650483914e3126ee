package dev.millrace.format;

import static dev.millrace.format.ByteSearch.indexOf;
import static dev.millrace.format.ByteSearch.matches;
import static dev.millrace.format.ByteSearch.pattern;
import static dev.millrace.format.ByteSearch.word;

import dev.millrace.core.Dialect;
import dev.millrace.core.Records;
import dev.millrace.core.SourceRecord;
import java.util.Objects;

/// Reads the records of a split of CSV, in place: fields are positions in the split itself, but for
/// a record with doubled quotes, whose fields are all copied, undoubled, into an array that the
/// next such record takes over. Makes no garbage for a well-formed record.
///
/// A record that cannot be cut into fields says so in [SourceRecord#malformed] and has no fields;
/// its [raw][SourceRecord#raw] bytes and its number it has all the same. How many fields a record
/// should have is not judged here. Where records end is [RecordScanner]'s rule. Not thread-safe.
public final class CsvRecords implements Records {
    private final byte[] split;
    private final int offset;
    private final int end;
    private final RecordScanner scanner;
    private final String unclosed;
    private final String tooLong;
    private final byte delimiter;
    private final byte quote;
    private final long delimiterPattern;
    private long row;
    private int place;
    private byte[] undoubled = new byte[0];

    /// @param split not changed, and not to be changed while it is read
    /// @param headerFields how many columns the source's header has: in a source of one column an
    ///   empty line is a record
    /// @param firstRow the number of the split's first record in its source
    /// @param maxRecordBytes the same as where the source was cut
    public CsvRecords(
            byte[] split,
            int offset,
            int length,
            Dialect dialect,
            int headerFields,
            long firstRow,
            int maxRecordBytes) {
        Objects.checkFromIndexSize(offset, length, split.length);
        this.split = split;
        this.offset = offset;
        unclosed = "A quote in this line does not close within %,d bytes".formatted(maxRecordBytes);
        tooLong = "The line is longer than %,d bytes".formatted(maxRecordBytes);
        end = offset + length;
        place = offset;
        row = firstRow;
        delimiter = (byte) dialect.delimiter();
        quote = (byte) dialect.quote();
        delimiterPattern = pattern(delimiter);
        scanner = new RecordScanner(dialect, headerFields, maxRecordBytes);
        scanner.standAt(offset);
    }

    @Override
    public boolean next(SourceRecord into) {
        while (true) {
            var step = scanner.next(split, end, true);
            place = scanner.next();
            switch (step) {
                case MORE -> {
                    return false;
                }
                case BLANK -> {}
                case PLAIN -> {
                    begin(into);
                    cutPlain(into);
                    return true;
                }
                case QUOTED -> {
                    begin(into);
                    cutQuoted(into);
                    return true;
                }
                case UNCLOSED -> {
                    begin(into);
                    into.malformed = unclosed;
                    return true;
                }
                case TOO_LONG -> {
                    begin(into);
                    into.malformed = tooLong;
                    return true;
                }
                case CLIPPED -> {
                    begin(into);
                    into.malformed = tooLong;
                    place = Math.min(indexOf(split, place, end, RecordScanner.LF) + 1, end);
                    scanner.standAt(place);
                    into.rawNext = place;
                    return true;
                }
            }
        }
    }

    @Override
    public long bytesRead() {
        return (long) place - offset;
    }

    private void begin(SourceRecord into) {
        into.bytes = split;
        into.fields = 0;
        into.row = row++;
        into.malformed = "";
        into.raw = split;
        into.rawStart = scanner.start();
        into.rawEnd = scanner.textEnd();
        into.rawNext = place;
    }

    private void cutPlain(SourceRecord into) {
        var start = into.rawStart;
        var at = start;
        var to = into.rawEnd;
        for (; at <= to - 8; at += 8) {
            var found = matches(word(split, at), delimiterPattern);
            while (found != 0) {
                var delimiterAt = at + ByteSearch.first(found);
                into.addField(start, delimiterAt, false);
                start = delimiterAt + 1;
                found &= found - 1;
            }
        }
        for (; at < to; at++) {
            if (split[at] == delimiter) {
                into.addField(start, at, false);
                start = at + 1;
            }
        }
        into.addField(start, to, false);
    }

    private void cutQuoted(SourceRecord into) {
        var doubled = false;
        var at = into.rawStart;
        var to = into.rawEnd;
        while (true) {
            if (at == to || split[at] != quote) {
                var fieldEnd = indexOf(split, at, to, delimiter);
                into.addField(at, fieldEnd, false);
                at = fieldEnd;
            } else {
                var fieldEnd = indexOf(split, at + 1, to, quote);
                while (fieldEnd + 1 < to && split[fieldEnd + 1] == quote) {
                    doubled = true;
                    fieldEnd = indexOf(split, fieldEnd + 2, to, quote);
                }
                into.addField(at + 1, fieldEnd, true);
                at = fieldEnd + 1;
            }
            if (at == to) {
                break;
            }
            if (split[at] != delimiter) {
                into.malformed = "Field %d goes on after its closing quote".formatted(into.fields);
                into.fields = 0;
                return;
            }
            at++;
        }
        if (doubled) {
            undouble(into);
        }
    }

    /// Copies the record, and in its quoted fields closes up each doubled quote.
    private void undouble(SourceRecord into) {
        var length = into.rawEnd - into.rawStart;
        if (undoubled.length < length) {
            undoubled = new byte[Math.max(length, 2 * undoubled.length)];
        }
        System.arraycopy(split, into.rawStart, undoubled, 0, length);
        for (var i = 0; i < into.fields; i++) {
            into.starts[i] -= into.rawStart;
            into.ends[i] -= into.rawStart;
            if (into.quoted[i]) {
                into.ends[i] = undouble(into.starts[i], into.ends[i]);
            }
        }
        into.bytes = undoubled;
    }

    /// @return the byte after the field's last one
    private int undouble(int start, int fieldEnd) {
        var to = indexOf(undoubled, start, fieldEnd, quote);
        for (var from = to; from < fieldEnd; from++) {
            var value = undoubled[from];
            undoubled[to++] = value;
            if (value == quote) {
                from++;
            }
        }
        return to;
    }
}
