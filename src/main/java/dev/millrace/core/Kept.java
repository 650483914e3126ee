package dev.millrace.core;

/// What is kept of a job behind its end, each for a period of its own, in the order in which it may
/// leave.
public enum Kept {
    /// The splits of a failed job, for a retry.
    SPLITS,
    /// The rows that a job replaced, for an undo.
    REPLACED,
    /// The rejections, in the store and where users query them.
    REJECTIONS,
    /// Everything that the catalog says of it.
    HISTORY
}
