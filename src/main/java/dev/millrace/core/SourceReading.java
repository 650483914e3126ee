package dev.millrace.core;

import java.util.List;

/// How a source is read: found at its head by intake and pinned by the job, so that every worker
/// reads every split alike.
///
/// @param header the names of the source's fields, in order
/// @param hasHeader whether they are the source's first record; if not, the caller has said them
public record SourceReading(
        Compression compression,
        Encoding encoding,
        Dialect dialect,
        List<String> header,
        boolean hasHeader) {
    public SourceReading {
        header = List.copyOf(header);
    }

    /// Of a source with a header.
    public SourceReading(
            Compression compression, Encoding encoding, Dialect dialect, List<String> header) {
        this(compression, encoding, dialect, header, true);
    }
}
