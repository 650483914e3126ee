package dev.millrace.format;

import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitSizes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a text into runs of whole records while it arrives, and counts them.
///
/// The source is decoded straight into the array that becomes the split; only what follows the last
/// whole record is carried into the next one. Every byte behind the header is in a cut, but for
/// three exceptions:
///
/// - The rest of a line that is too long, as [RecordScanner] says.
/// - Empty lines that are not records belong to the record after them; those behind the last record
///   are in no cut. (They cannot be left out everywhere: where a quote did not close over some, it
///   might close in time without them.)
/// - Of a run of empty lines, only about as many bytes are kept as a record may have, enough for
///   the same reason.
///
/// The last record gets no line break that it does not have. So the sums of the cuts' lengths and
/// records are the same whatever their sizes, and equal what [RecordReader] reads.
///
/// A cut ends before the record with which it would reach its size; a record larger than that is a
/// cut of its own. Where the cuts fall depends on the source and the sizes alone, never on how the
/// bytes happen to arrive. Memory is about the split's size and twice the longest record's. Not
/// thread-safe.
final class RecordCutter implements Cutter {
    /// How much of the text decides on how it is read, in bytes.
    private static final int HEAD_BYTES = 64 << 10;

    /// How much is decoded at a time: little enough to be scanned while in the processor's cache.
    private static final int CHUNK_BYTES = 256 << 10;

    /// A longer header is not kept to rebuild the source from, in bytes.
    private static final int MOST_HEAD_BYTES = 1 << 20;

    private final SourceDecoder source;
    private final SplitSizes sizes;
    private final SourceReading reading;
    private final RecordScanner scanner;
    private int size;

    /// The bytes of all cuts before this one.
    private long cutBytes;

    /// From 0 to [#kept] the split as it grows; then the empty lines that belong to its next
    /// record; from the scanner's place to [#filled] what was decoded and not yet looked at. There
    /// is a gap before that when something was left out.
    private byte[] buffer;

    private int kept;
    private int empty;
    private int filled;
    private boolean ended;

    private int records;
    private long row = 1;

    /// Whether the split is what the source has there.
    private boolean exact = true;

    /// How many bytes of empty lines were found behind the split's last record, and whether they
    /// are all kept for the next one.
    private long emptyFound;

    private boolean emptyKept = true;

    /// Where in the source, as received, the last cut ended.
    private long from;

    private final byte @Nullable [] head;

    /// The source's text, or what is made of it.
    private final Content text;

    private final boolean flattened;

    private RecordCutter(
            SourceDecoder source, SourceHead begun, int maxRecordBytes, SplitSizes sizes) {
        this.source = source;
        this.sizes = sizes;
        size = sizes.firstBytes();
        text = begun.text();
        flattened = begun.isFlattened();
        reading = begun.reading();
        buffer = begun.bytes();
        filled = begun.length();
        ended = begun.isWhole();
        kept = begun.firstRecord();
        scanner = new RecordScanner(reading.dialect(), headerFields(reading), maxRecordBytes);
        scanner.standAt(kept);
        from = position(kept);
        head = isRebuilt() ? source.sourceBytes(buffer, kept) : null;
    }

    private RecordCutter(
            SourceDecoder source,
            SourceReading reading,
            int maxRecordBytes,
            SplitSizes sizes,
            SourcePrefix before) {
        this.source = source;
        this.sizes = sizes;
        this.reading = reading;
        text = source::read;
        flattened = false;
        cutBytes = before.cutBytes();
        row = 1 + before.records();
        size = row == 1 ? sizes.firstBytes() : sizes.following(cutBytes);
        buffer = new byte[room()];
        scanner = new RecordScanner(reading.dialect(), headerFields(reading), maxRecordBytes);
        from = before.bytes();
        head = null;
    }

    /// An empty line is a record where there is one column, but not in JSON.
    private static int headerFields(SourceReading reading) {
        return reading.format().isDelimited() ? reading.header().size() : 0;
    }

    /// Where in the source the text stands that begins at a place of the buffer, or about.
    private long position(int at) {
        return flattened ? source.receivedBytes() : source.positionOf(buffer, at, filled);
    }

    /// One with a long head is not worth it.
    private boolean isRebuilt() {
        return !flattened && source.canBeRebuilt() && kept <= MOST_HEAD_BYTES;
    }

    /// As [Cutter#open].
    static RecordCutter open(
            SourceDecoder source, SourceOptions asked, int maxRecordBytes, SplitSizes sizes) {
        return open(source, asked, maxRecordBytes, sizes, HEAD_BYTES);
    }

    /// As [Cutter#resume].
    static RecordCutter resume(
            SourceDecoder source,
            SourceReading reading,
            int maxRecordBytes,
            SplitSizes sizes,
            SourcePrefix before) {
        return new RecordCutter(source, reading, maxRecordBytes, sizes, before);
    }

    /// @param headBytes how much of the text decides on its dialect, at least 1
    static RecordCutter open(
            SourceDecoder source,
            SourceOptions asked,
            int maxRecordBytes,
            SplitSizes sizes,
            int headBytes) {
        var begun = SourceHead.read(source, asked, maxRecordBytes, headBytes);
        return new RecordCutter(source, begun, maxRecordBytes, sizes);
    }

    @Override
    public SourceReading reading() {
        return reading;
    }

    @Override
    public byte @Nullable [] head() {
        return head;
    }

    @Override
    public @Nullable Cut next() {
        startSplit();
        while (records < sizes.maxRecords()) {
            if (keepRun()) {
                continue;
            }
            switch (scanner.next(buffer, filled, ended)) {
                case PLAIN, QUOTED, UNCLOSED, TOO_LONG -> {
                    var length = scanner.next() - scanner.start();
                    if (!fits(length)) {
                        return cutBefore();
                    }
                    keep(scanner.start(), length, 1);
                }
                case CLIPPED -> {
                    if (!fits(scanner.window() + 1)) {
                        return cutBefore();
                    }
                    clip();
                }
                case BLANK -> keepEmpty(scanner.next() - scanner.start());
                case MORE -> {
                    if (ended) {
                        return cut();
                    }
                    makeRoom();
                    fill();
                }
            }
        }
        return cut();
    }

    /// Whether the split takes a record of this length. How a record ends is known before this is
    /// asked, however far ahead that had to be looked; so it depends on the content alone.
    private boolean fits(int length) {
        return records == 0 || (long) kept + empty + length < size;
    }

    /// Leaves the record that was just found to the next split.
    private @Nullable Cut cutBefore() {
        scanner.standAt(scanner.start());
        return cut();
    }

    private void startSplit() {
        var rest = filled - scanner.next();
        var into = buffer;
        if (records > 0) {
            cutBytes += kept;
            size = sizes.following(cutBytes);
            into = new byte[Math.max(ended ? 0 : room(), empty + rest)];
        }
        System.arraycopy(buffer, kept, into, 0, empty);
        System.arraycopy(buffer, scanner.next(), into, empty, rest);
        scanner.moved(scanner.next() - empty);
        buffer = into;
        filled = empty + rest;
        kept = 0;
        records = 0;
        exact = true;
    }

    /// Keeps many records at a time, where that is simple.
    private boolean keepRun() {
        var from = scanner.next();
        var room = size - 1L - kept - empty;
        var to = (int) Math.min(filled, from + Math.max(room, 0));
        var run = scanner.run(buffer, to, sizes.maxRecords() - records);
        if (run > 0) {
            keep(from, scanner.next() - from, run);
        }
        return run > 0;
    }

    private void keep(int from, int length, int count) {
        moveDown(from, length);
        kept += empty + length;
        empty = 0;
        records += count;
        emptyFound = 0;
        exact &= emptyKept;
        emptyKept = true;
    }

    private void keepEmpty(int length) {
        emptyFound += length;
        if (empty < scanner.window()) {
            moveDown(scanner.start(), length);
            empty += length;
        } else {
            emptyKept = false;
        }
    }

    private void moveDown(int from, int length) {
        if (kept + empty < from) {
            System.arraycopy(buffer, from, buffer, kept + empty, length);
        }
    }

    /// Keeps a too long line's first bytes with a line break behind them, and drops the rest of it.
    private void clip() {
        var rest = scanner.next();
        var lineBreak = ByteSearch.indexOf(buffer, rest, filled, scanner.lineBreak());
        while (lineBreak == filled && !ended) {
            filled = rest;
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length + CHUNK_BYTES);
            }
            fill();
            lineBreak = ByteSearch.indexOf(buffer, rest, filled, scanner.lineBreak());
        }
        var behind = Math.min(lineBreak + 1, filled);
        keep(scanner.start(), scanner.window(), 1);
        exact = false;
        if (kept == buffer.length) {
            buffer = Arrays.copyOf(buffer, kept + 1);
        }
        buffer[kept++] = scanner.lineBreak();
        // At the source's end nothing may have been dropped to make room for that line break.
        filled = Math.max(filled, kept);
        scanner.standAt(Math.max(behind, kept));
    }

    /// Only the source's very last byte may not be.
    private boolean isReversible() {
        return !flattened
                && source.isReversible()
                && (!source.endedInHalf() || scanner.next() < filled);
    }

    private @Nullable Cut cut() {
        if (records == 0) {
            return null;
        }
        var to =
                flattened
                        ? position(scanner.next())
                        : position(scanner.next()) - emptyFound * source.unitBytes();
        var cut = new Cut(buffer, kept, records, row, from, to, exact && isReversible());
        from = to;
        row += records;
        return cut;
    }

    /// What a split of the present size takes: the chunk in which its end turns out to be, too.
    private int room() {
        return Math.addExact(size, CHUNK_BYTES);
    }

    /// Closes the gap before what is not scanned yet when that makes room for a chunk, else grows:
    /// behind a quote that does not close, what is not scanned yet may be millions of bytes, too
    /// many to move for every few that are read. The first split begins small, since most sources
    /// are.
    private void makeRoom() {
        if (filled < buffer.length) {
            return;
        }
        var gap = scanner.next() - kept - empty;
        if (gap >= CHUNK_BYTES) {
            System.arraycopy(buffer, scanner.next(), buffer, kept + empty, filled - scanner.next());
            scanner.moved(gap);
            filled -= gap;
        } else {
            var more = Math.max(CHUNK_BYTES, buffer.length / 2);
            var grown = Math.addExact(buffer.length, more);
            buffer =
                    Arrays.copyOf(buffer, buffer.length < room() ? Math.min(grown, room()) : grown);
        }
    }

    private void fill() {
        var n = text.read(buffer, filled, Math.min(buffer.length - filled, CHUNK_BYTES));
        if (n < 0) {
            ended = true;
        } else {
            filled += n;
        }
    }
}
