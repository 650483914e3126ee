package dev.millrace.core;

import java.util.List;

/// How a source is read: found at its head by intake and pinned by the job, so that every worker
/// reads every split alike.
///
/// @param header the names in the source's header record, in order
public record SourceReading(
        Compression compression, Encoding encoding, Dialect dialect, List<String> header) {
    public SourceReading {
        header = List.copyOf(header);
    }
}
