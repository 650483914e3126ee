package dev.millrace.format;

import static dev.millrace.format.RecordScanner.LF;

import dev.millrace.core.Dialect;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts a source into runs of whole records while it arrives, and counts them.
///
/// The source is decoded straight into the array that becomes the split; only what follows the last
/// whole record is carried into the next one. A cut holds the records' own bytes and nothing else:
/// empty lines that are not records are left out, a line that is too long is clipped as
/// [RecordScanner] says, and the source's last record gets no line break that it does not have. So
/// the sum of the cuts' lengths and records is the same whatever their sizes, and equals what
/// [CsvRecords] reads.
///
/// A cut ends before the record with which it would reach its size; a record larger than that is a
/// cut of its own. Where the cuts fall depends on the source and the sizes alone, never on how the
/// bytes happen to arrive. Memory is about the split's size, or twice the longest record's. Not
/// thread-safe.
public final class RecordCutter {
    /// How much of the text decides on its dialect, in bytes.
    private static final int HEAD_BYTES = 64 << 10;

    /// How much is decoded at a time: little enough to be scanned while in the processor's cache.
    private static final int CHUNK_BYTES = 256 << 10;

    private final SourceDecoder source;
    private final SplitSizes sizes;
    private final SourceReading reading;
    private final RecordScanner scanner;
    private int size;

    /// From 0 to [#kept] the split as it grows; from the scanner's place to [#filled] what was
    /// decoded and is in no split yet. There is a gap between the two when something was left out.
    private byte[] buffer;

    private int kept;
    private int filled;
    private boolean ended;

    /// How much was decoded in all.
    private long decoded;

    private int records;
    private long row = 1;
    private long position;

    private RecordCutter(
            SourceDecoder source, SourceOptions asked, int maxRecordBytes, SplitSizes sizes) {
        this.source = source;
        this.sizes = sizes;
        size = sizes.firstBytes();
        buffer = new byte[Math.max(size, HEAD_BYTES)];
        while (filled < HEAD_BYTES && !ended) {
            fill();
        }
        var dialect = DialectDetector.detect(buffer, Math.min(filled, HEAD_BYTES), asked);
        var header = readHeader(new RecordScanner(dialect, 0, maxRecordBytes), dialect);
        reading = new SourceReading(source.compression(), source.encoding(), dialect, header);
        scanner = new RecordScanner(dialect, header.size(), maxRecordBytes);
        scanner.standAt(kept);
        position = positionOf(kept);
    }

    /// Reads the source's head and finds how the rest is to be read.
    ///
    /// @param source read by this cutter alone from now on; the caller closes it
    /// @param maxRecordBytes the longest record, in bytes of UTF-8 without its line break
    /// @throws dev.millrace.core.MillraceException SOURCE_DAMAGED or HEADER_AMBIGUOUS when the
    ///   header record cannot be read; what [SourceDecoder#read] throws
    public static RecordCutter open(
            SourceDecoder source, SourceOptions asked, int maxRecordBytes, SplitSizes sizes) {
        return new RecordCutter(source, asked, maxRecordBytes, sizes);
    }

    /// How the source is read. Its header is empty when the source holds no record at all.
    public SourceReading reading() {
        return reading;
    }

    /// The next cut, or null at the end of the source.
    ///
    /// @throws dev.millrace.core.MillraceException what [SourceDecoder#read] throws
    public @Nullable Cut next() {
        startSplit();
        while (records < sizes.maxRecords()) {
            var inView = inView();
            switch (scanner.next(buffer, inView, ended && inView == filled)) {
                case PLAIN, QUOTED, UNCLOSED, TOO_LONG -> keep(scanner.next() - scanner.start());
                case CLIPPED -> clip();
                case BLANK -> {}
                case MORE -> {
                    if (inView < filled || ended) {
                        return cut();
                    }
                    makeRoom();
                    fill();
                }
            }
        }
        return cut();
    }

    private void startSplit() {
        var tail = filled - scanner.next();
        if (records > 0) {
            size = sizes.after(size);
            var whole = buffer;
            buffer = new byte[Math.max(ended ? 0 : size, tail)];
            System.arraycopy(whole, scanner.next(), buffer, 0, tail);
        } else {
            System.arraycopy(buffer, scanner.next(), buffer, 0, tail);
        }
        scanner.moved(scanner.next());
        filled = tail;
        kept = 0;
        records = 0;
    }

    /// How far the scanner may look: as far as the split may reach, or as there is, when the split
    /// has no record yet. So it depends on nothing but the content whether a record still fits.
    private int inView() {
        var most = (long) scanner.next() + size - 1 - kept;
        return records == 0 ? filled : (int) Math.min(filled, most);
    }

    private void keep(int length) {
        if (kept < scanner.start()) {
            System.arraycopy(buffer, scanner.start(), buffer, kept, length);
        }
        kept += length;
        records++;
    }

    /// Keeps a too long line's first bytes with a LF behind them, and drops the rest of it.
    private void clip() {
        var rest = scanner.next();
        var lineBreak = ByteSearch.indexOf(buffer, rest, filled, LF);
        while (lineBreak == filled && !ended) {
            filled = rest;
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length + CHUNK_BYTES);
            }
            fill();
            lineBreak = ByteSearch.indexOf(buffer, rest, filled, LF);
        }
        var behind = Math.min(lineBreak + 1, filled);
        keep(scanner.window());
        if (kept == buffer.length) {
            buffer = Arrays.copyOf(buffer, kept + 1);
        }
        buffer[kept++] = LF;
        // At the source's end nothing may have been dropped to make room for that LF.
        filled = Math.max(filled, kept);
        scanner.standAt(Math.max(behind, kept));
    }

    private @Nullable Cut cut() {
        if (records == 0) {
            return null;
        }
        var from = position;
        position = positionOf(scanner.next());
        var cut = new Cut(buffer, kept, records, row, from, position);
        row += records;
        return cut;
    }

    private long positionOf(int place) {
        return decoded - (filled - place);
    }

    /// Closes the gap before what is not scanned yet; grows only for a split's first record.
    private void makeRoom() {
        if (filled < buffer.length) {
            return;
        }
        var gap = scanner.next() - kept;
        if (gap > 0) {
            System.arraycopy(buffer, scanner.next(), buffer, kept, filled - scanner.next());
            scanner.moved(gap);
            filled -= gap;
        } else {
            buffer = Arrays.copyOf(buffer, Math.toIntExact(buffer.length * 2L));
        }
    }

    private void fill() {
        var n = source.read(buffer, filled, Math.min(buffer.length - filled, CHUNK_BYTES));
        if (n < 0) {
            ended = true;
        } else {
            filled += n;
            decoded += n;
        }
    }

    /// Reads the header record, and leaves [#kept] behind it.
    private List<String> readHeader(RecordScanner scanner, Dialect dialect) {
        while (true) {
            switch (scanner.next(buffer, filled, ended)) {
                case BLANK -> {}
                case MORE -> {
                    if (ended) {
                        kept = filled;
                        return List.of();
                    }
                    if (filled == buffer.length) {
                        buffer = Arrays.copyOf(buffer, Math.toIntExact(buffer.length * 2L));
                    }
                    fill();
                }
                case PLAIN, QUOTED -> {
                    kept = scanner.next();
                    return Header.read(buffer, scanner.start(), kept, dialect);
                }
                case UNCLOSED ->
                        throw Header.damaged(
                                "A quote in the header does not close",
                                buffer,
                                scanner.start(),
                                scanner.textEnd());
                case TOO_LONG, CLIPPED ->
                        throw Header.damaged(
                                "The source's first line is longer than a record may be",
                                buffer,
                                scanner.start(),
                                scanner.next());
            }
        }
    }
}
