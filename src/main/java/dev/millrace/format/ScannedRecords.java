package dev.millrace.format;

import static dev.millrace.format.ByteSearch.indexOf;

import dev.millrace.core.RecordBlock;
import dev.millrace.core.RecordBlock.Unescaping;
import dev.millrace.core.Records;
import dev.millrace.core.SourceRecord;
import dev.millrace.format.RecordScanner.Step;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the records of a split in place, each between two ends that [RecordScanner] finds: fields
/// are positions in the split itself, but for those of records with escapes, which are in a copy.
///
/// A record that cannot be cut into fields is still a record, with what is wrong with it; so every
/// reader finds as many records as the cutter counted. Not thread-safe.
abstract class ScannedRecords implements Records {
    final byte[] split;
    final int end;
    private final int offset;
    private final RecordScanner scanner;
    private final Unescaping unescaping;
    private final String unclosed;
    private final String tooLong;
    private long row;
    private int place;

    /// What a block's end found out of the record at [#place], or null when nothing is known of it.
    private @Nullable Step found;

    private long blockRow;
    private int blockPlace;
    private byte[] unescaped = new byte[0];

    /// @param split not changed, and not to be changed while it is read
    /// @param scanner used by this reader alone
    /// @param firstRow the number of the split's first record in its source
    /// @param maxRecordBytes the same as where the source was cut
    ScannedRecords(
            byte[] split,
            int offset,
            int length,
            RecordScanner scanner,
            Unescaping unescaping,
            long firstRow,
            int maxRecordBytes) {
        Objects.checkFromIndexSize(offset, length, split.length);
        this.split = split;
        this.offset = offset;
        this.scanner = scanner;
        this.unescaping = unescaping;
        unclosed = "A quote in this line does not close within %,d bytes".formatted(maxRecordBytes);
        tooLong = "The line is longer than %,d bytes".formatted(maxRecordBytes);
        end = offset + length;
        place = offset;
        row = firstRow;
        scanner.standAt(offset);
    }

    /// Cuts the record in `[from, to)` into fields.
    ///
    /// @param into without fields yet; its fields are to be places in the split
    /// @param quoted whether a quote opens a field in it
    /// @return what is wrong with the record as a whole, or empty
    abstract String cut(SourceRecord into, int from, int to, boolean quoted);

    @Override
    public final boolean next(SourceRecord into) {
        while (true) {
            var step = scan();
            place = scanner.next();
            switch (step) {
                case MORE -> {
                    return false;
                }
                case BLANK -> {}
                case PLAIN, QUOTED -> {
                    begin(into);
                    into.malformed = cut(into, into.rawStart, into.rawEnd, step == Step.QUOTED);
                    if (into.malformed.isEmpty()) {
                        unescape(into);
                    } else {
                        into.fields = 0;
                    }
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
                    place = Math.min(indexOf(split, place, end, scanner.lineBreak()) + 1, end);
                    scanner.standAt(place);
                    into.rawNext = place;
                    return true;
                }
            }
        }
    }

    @Override
    public final void goBack() {
        row = blockRow;
        place = blockPlace;
        found = null;
    }

    @Override
    public final long bytesRead() {
        return (long) place - offset;
    }

    /// Whether what is read of the record is its first line, since a quote in it does not close.
    final boolean isUnclosed(SourceRecord read) {
        return read.malformed.equals(unclosed);
    }

    /// Where the next record begins.
    final int place() {
        return place;
    }

    final void moveTo(int position) {
        place = position;
    }

    final void begin(RecordBlock into) {
        into.bytes = split;
        into.unescaping = unescaping;
        into.records = 0;
        into.hasQuoted = false;
        into.firstRow = row;
        blockRow = row;
        blockPlace = place;
    }

    final int end(RecordBlock into) {
        row += into.records;
        return into.records;
    }

    /// Finds the record at [#place], unless a block did.
    final Step scan() {
        var step = found;
        found = null;
        if (step != null) {
            return step;
        }
        scanner.standAt(place);
        return scanner.next(split, end, true);
    }

    /// Where the record begins that was found last.
    final int start() {
        return scanner.start();
    }

    /// The byte after its last one, line break not counted.
    final int textEnd() {
        return scanner.textEnd();
    }

    /// Where the record begins behind it.
    final int behind() {
        return scanner.next();
    }

    /// Keeps what was found out of the record at [#place] for who reads it next.
    final void remember(Step step) {
        found = step;
    }

    final boolean remembers() {
        return found != null;
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

    /// Copies a record with escapes, and reads them.
    private void unescape(SourceRecord into) {
        if (!hasEscapes(into)) {
            return;
        }
        var from = start();
        var length = textEnd() - from;
        if (unescaped.length < length) {
            unescaped = new byte[Math.max(length, 2 * unescaped.length)];
        }
        System.arraycopy(split, from, unescaped, 0, length);
        for (var i = 0; i < into.fields; i++) {
            into.starts[i] -= from;
            into.ends[i] -= from;
            if (into.quotes[i] == RecordBlock.ESCAPED) {
                var start = into.starts[i];
                into.ends[i] =
                        unescaping.unescape(unescaped, start, into.ends[i], unescaped, start);
            }
        }
        into.bytes = unescaped;
    }

    private static boolean hasEscapes(SourceRecord record) {
        for (var i = 0; i < record.fields; i++) {
            if (record.quotes[i] == RecordBlock.ESCAPED) {
                return true;
            }
        }
        return false;
    }
}
