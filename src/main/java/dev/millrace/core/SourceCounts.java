package dev.millrace.core;

/// What became of the records of a source of a job, in its present attempt.
///
/// @param read how many were read
/// @param written the rows that were good
/// @param rejected the others
public record SourceCounts(long read, long written, long rejected) {
    /// Of a source of which nothing was read.
    public static final SourceCounts NONE = new SourceCounts(0, 0, 0);
}
