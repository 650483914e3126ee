package dev.millrace.format;

import dev.millrace.convert.Conversion;
import dev.millrace.core.Dialect;
import dev.millrace.core.Evidence;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitSizes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a source that is no text: a cut is some blocks of its rows, as [Conversion] makes them.
///
/// A cut ends before the block with which it would reach its size; a block larger than that is a
/// cut of its own. So where the cuts fall depends on the source and the sizes alone. Not
/// thread-safe.
final class BlockCutter implements Cutter {
    /// The first split begins small, since most sources are.
    private static final int FIRST_BYTES = 256 << 10;

    private final SourceDecoder source;
    private final Conversion conversion;
    private final int maxRecordBytes;
    private final SplitSizes sizes;
    private final SourceReading reading;

    /// Whether a block waits for the next cut.
    private boolean waits;

    private long cutBytes;
    private long row = 1;
    private long from;

    BlockCutter(SourceDecoder source, Conversion conversion, int maxRecordBytes, SplitSizes sizes) {
        this.source = source;
        this.conversion = conversion;
        this.maxRecordBytes = maxRecordBytes;
        this.sizes = sizes;
        reading =
                new SourceReading(
                        source.compression(),
                        source.encoding(),
                        conversion.format(),
                        Dialect.LINES,
                        0,
                        conversion.columns(),
                        false,
                        new Evidence(100, conversion.notes()));
    }

    @Override
    public SourceReading reading() {
        return reading;
    }

    @Override
    public byte @Nullable [] head() {
        return null;
    }

    @Override
    public @Nullable Cut next() {
        var size = row == 1 ? sizes.firstBytes() : sizes.following(cutBytes);
        var bytes = new byte[row == 1 ? Math.min(FIRST_BYTES, size) : size];
        var length = 0;
        var records = 0;
        while (nextBlock()) {
            var behind = (long) length + conversion.length();
            var isFull = behind >= size || (long) records + conversion.rows() > sizes.maxRecords();
            if (records > 0 && isFull) {
                break;
            }
            if (behind > bytes.length) {
                var more = Math.min(size, bytes.length + (long) bytes.length / 2);
                bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(behind, more)));
            }
            conversion.write(bytes, length);
            length = (int) behind;
            records += conversion.rows();
            waits = false;
        }
        return records == 0 ? null : cut(bytes, length, records);
    }

    private boolean nextBlock() {
        waits = waits || conversion.next(sizes.maxRecords(), maxRecordBytes);
        return waits;
    }

    private Cut cut(byte[] bytes, int length, int records) {
        var to = source.receivedBytes();
        var cut = new Cut(bytes, length, records, row, from, to, false);
        cutBytes += length;
        row += records;
        from = to;
        return cut;
    }
}
