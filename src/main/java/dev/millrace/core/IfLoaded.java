package dev.millrace.core;

/// What becomes of a job whose content its destination holds already, loaded by another job.
public enum IfLoaded {
    /// It fails.
    REFUSE,
    /// It ends well without a row.
    SKIP,
    /// It is loaded once more, and does not count as the one that holds the content.
    LOAD
}
