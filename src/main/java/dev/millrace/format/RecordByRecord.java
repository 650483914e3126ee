package dev.millrace.format;

import dev.millrace.core.RecordBlock;
import dev.millrace.core.RecordBlock.Unescaping;
import dev.millrace.format.RecordScanner.Step;

/// Fills a block one record after the other: each one's end first, then its fields.
abstract class RecordByRecord extends ScannedRecords {
    RecordByRecord(
            byte[] split,
            int offset,
            int length,
            RecordScanner scanner,
            Unescaping unescaping,
            long firstRow,
            int maxRecordBytes) {
        super(split, offset, length, scanner, unescaping, firstRow, maxRecordBytes);
    }

    /// Adds the fields of the record in `[from, to)` to a block, but does not count the record.
    ///
    /// @return false when it is malformed, or has more or fewer fields than the block
    abstract boolean add(RecordBlock into, int from, int to, boolean quoted);

    @Override
    public final int next(RecordBlock into) {
        begin(into);
        into.expectQuotes();
        while (into.records < into.limit) {
            var step = scan();
            var whole = step == Step.PLAIN || step == Step.QUOTED;
            if (whole && add(into, start(), textEnd(), step == Step.QUOTED)) {
                into.records++;
            } else if (step != Step.BLANK) {
                remember(step);
                break;
            }
            moveTo(behind());
        }
        return end(into);
    }
}
