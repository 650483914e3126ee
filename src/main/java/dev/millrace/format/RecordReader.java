package dev.millrace.format;

import dev.millrace.core.Dialect;
import dev.millrace.core.Records;
import dev.millrace.core.SourceReading;
import java.util.function.Predicate;

/// Opens what a cut holds.
public final class RecordReader {
    private RecordReader() {}

    /// The records in `[offset, offset + length)` of an array, which is not to be changed while
    /// they are read.
    ///
    /// @param firstRow the number of the first record in its source
    /// @param maxRecordBytes the same as where the source was cut
    /// @param refused whether a record may not have a key that is none of the header's names
    public static Records open(
            SourceReading reading,
            byte[] bytes,
            int offset,
            int length,
            long firstRow,
            int maxRecordBytes,
            Predicate<String> refused) {
        var format = reading.format();
        if (format.isDelimited()) {
            return delimited(
                    bytes,
                    offset,
                    length,
                    reading.dialect(),
                    reading.header().size(),
                    firstRow,
                    maxRecordBytes);
        }
        return format.isConverted()
                ? new BlockRecords(
                        bytes, offset, length, reading.header(), firstRow, maxRecordBytes, refused)
                : new JsonRecords(
                        bytes, offset, length, reading.header(), firstRow, maxRecordBytes, refused);
    }

    /// The records of a cut. Those of JSON may have any key, those of what was converted only the
    /// header's.
    public static Records open(SourceReading reading, Cut cut, int maxRecordBytes) {
        return open(
                reading,
                cut.bytes(),
                0,
                cut.length(),
                cut.firstRow(),
                maxRecordBytes,
                _ -> reading.format().isConverted());
    }

    /// Those with delimiters.
    static ScannedRecords delimited(
            byte[] bytes,
            int offset,
            int length,
            Dialect dialect,
            int headerFields,
            long firstRow,
            int maxRecordBytes) {
        return dialect.isPlain()
                ? new CsvRecords(
                        bytes, offset, length, dialect, headerFields, firstRow, maxRecordBytes)
                : new DelimitedRecords(
                        bytes, offset, length, dialect, headerFields, firstRow, maxRecordBytes);
    }
}
