package dev.millrace.format;

import dev.millrace.convert.Conversion;
import dev.millrace.convert.RowBlock;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// Reads the records of a split of blocks, as [BlockCutter] cut them. A row that is a line is read
/// as one of JSON Lines. Of fields behind the blocks' columns a converted source knows nothing:
/// they are [RecordBlock#NULL].
final class BlockRecords implements Records {
    private final byte[] split;
    private final int offset;
    private final RowBlock block;
    private final List<String> header;
    private final int fields;
    private final int maxRecordBytes;
    private final Predicate<String> refused;
    private long firstRow;

    /// Which row of the block is next, of how many.
    private int next;

    private int rows;

    /// The next row when a block of records was filled last.
    private int filledFrom;

    private byte[] unescaped = new byte[0];

    /// @param firstRow the number of the split's first record in its source
    /// @param refused whether a record may not have a key that the header lacks
    BlockRecords(
            byte[] split,
            int offset,
            int length,
            List<String> header,
            long firstRow,
            int maxRecordBytes,
            Predicate<String> refused) {
        this.split = split;
        this.offset = offset;
        this.block = new RowBlock(split, offset, offset + length);
        this.header = header;
        this.fields = header.size();
        this.firstRow = firstRow;
        this.maxRecordBytes = maxRecordBytes;
        this.refused = refused;
    }

    @Override
    public int next(RecordBlock into) {
        into.records = 0;
        if (!findRow() || block.isLine() || into.fields != fields) {
            return 0;
        }
        var count = Math.min(rows - next, into.limit);
        into.bytes = split;
        into.unescaping = JsonText::unescape;
        into.hasQuoted = true;
        into.firstRow = firstRow + next;
        into.records = count;
        for (var field = 0; field < fields; field++) {
            var to = into.first(field);
            if (field < block.columns()) {
                var from = field * rows + next;
                System.arraycopy(block.starts(), from, into.starts, to, count);
                System.arraycopy(block.ends(), from, into.ends, to, count);
                System.arraycopy(block.written(), from, into.quotes, to, count);
            } else {
                Arrays.fill(into.starts, to, to + count, offset);
                Arrays.fill(into.ends, to, to + count, offset);
                Arrays.fill(into.quotes, to, to + count, RecordBlock.NULL);
            }
        }
        filledFrom = next;
        next += count;
        return count;
    }

    @Override
    public void goBack() {
        next = filledFrom;
    }

    @Override
    public boolean next(SourceRecord into) {
        if (!findRow()) {
            return false;
        }
        if (block.isLine()) {
            var start = block.lineStart();
            new JsonRecords(
                            split,
                            start,
                            block.behind() - start,
                            header,
                            firstRow,
                            maxRecordBytes,
                            refused)
                    .next(into);
        } else {
            read(into);
        }
        next++;
        return true;
    }

    @Override
    public long bytesRead() {
        return (long) (next < rows ? block.start() : block.behind()) - offset;
    }

    /// Goes to the next block where all rows of this one are read.
    private boolean findRow() {
        if (next < rows) {
            return true;
        }
        firstRow += rows;
        next = 0;
        rows = block.next() ? block.rows() : 0;
        return rows > 0;
    }

    private void read(SourceRecord into) {
        into.growTo(fields);
        into.fields = fields;
        into.bytes = split;
        into.row = firstRow + next;
        into.malformed = "";
        for (var field = 0; field < fields; field++) {
            var place = field * rows + next;
            var isThere = field < block.columns();
            into.starts[field] = isThere ? block.starts()[place] : offset;
            into.ends[field] = isThere ? block.ends()[place] : offset;
            into.quotes[field] = isThere ? block.written()[place] : RecordBlock.NULL;
        }
        showObject(into);
        unescape(into);
    }

    /// Lets the row be seen as the object that it would be in a file of JSON Lines.
    private void showObject(SourceRecord row) {
        var object = new ByteArrayOutputStream();
        for (var field = 0; field < block.columns(); field++) {
            object.write(field == 0 ? '{' : ',');
            object.writeBytes(Conversion.key(header.get(field)));
            var quote = RowBlock.quoteBytes(row.quotes[field]);
            var start = row.starts[field] - quote;
            object.write(split, start, row.ends[field] + quote - start);
        }
        object.write('}');
        row.rawEnd = object.size();
        object.write('\n');
        row.raw = object.toByteArray();
        row.rawStart = 0;
        row.rawNext = row.raw.length;
    }

    /// Copies the fields of a row with escapes, and reads them.
    private void unescape(SourceRecord row) {
        var hasEscapes = false;
        var length = 0;
        for (var field = 0; field < fields; field++) {
            hasEscapes |= row.quotes[field] == RecordBlock.ESCAPED;
            length += row.ends[field] - row.starts[field];
        }
        if (!hasEscapes) {
            return;
        }
        if (unescaped.length < length) {
            unescaped = new byte[Math.max(length, 2 * unescaped.length)];
        }
        var at = 0;
        for (var field = 0; field < fields; field++) {
            var start = row.starts[field];
            var end = row.ends[field];
            row.starts[field] = at;
            if (row.quotes[field] == RecordBlock.ESCAPED) {
                at = JsonText.unescape(split, start, end, unescaped, at);
            } else {
                System.arraycopy(split, start, unescaped, at, end - start);
                at += end - start;
            }
            row.ends[field] = at;
        }
        row.bytes = unescaped;
    }
}
