package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// What a whole file was.
///
/// @param progress at the end
/// @param sha256 of the file's bytes, in hex, or null where it was not wished for
/// @param crc32c of the file's bytes, 8 hex digits: what a receiver can compare at next to no cost
public record ExportResult(
        ExportProgress progress, Verified verified, @Nullable String sha256, String crc32c) {
    /// Against what the rows that are in the file were counted.
    public enum Verified {
        /// The number of rows of the result that ClickHouse has in its query log.
        QUERY_LOG,
        /// The number of rows that stands in the file's own end, written by ClickHouse.
        FOOTER,
        /// ClickHouse has ended its answer as one that is whole; it was not allowed to ask for
        /// more.
        ANSWER_END
    }
}
