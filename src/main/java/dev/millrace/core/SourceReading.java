package dev.millrace.core;

import java.util.List;

/// How a source is read: found at its head by intake and pinned by the job, so that every worker
/// reads every split alike.
///
/// @param format that of the source; its splits hold [Format#CSV] or [Format#JSONL], and of what
///   [Format#isConverted] arrays of the header's values, one a line
/// @param dialect of a source that is not delimited, [Dialect#LINES]
/// @param skipped how many lines stand before the header and are no records
/// @param header the names of the source's fields, in order; of JSON the keys of its first records,
///   and then the columns that others may have
/// @param hasHeader whether they are the source's first record; if not, the caller has said them,
///   or every record has them itself
/// @param evidence what speaks for it; of jobs of earlier builds [Evidence#NONE]
public record SourceReading(
        Compression compression,
        Encoding encoding,
        Format format,
        Dialect dialect,
        int skipped,
        List<String> header,
        boolean hasHeader,
        Evidence evidence) {
    public SourceReading {
        header = List.copyOf(header);
    }

    /// Of a source with delimiters whose first line is its header.
    public SourceReading(
            Compression compression, Encoding encoding, Dialect dialect, List<String> header) {
        this(compression, encoding, Format.CSV, dialect, 0, header, true, Evidence.NONE);
    }

    /// The same with another header.
    public SourceReading with(List<String> names) {
        return new SourceReading(
                compression, encoding, format, dialect, skipped, names, hasHeader, evidence);
    }
}
