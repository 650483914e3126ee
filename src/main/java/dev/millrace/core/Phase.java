package dev.millrace.core;

/// How far a load has come. Phases only go forward within an attempt.
public enum Phase {
    /// The source is arriving; splits that are there already load.
    UPLOADING,
    /// The source is complete; its splits load.
    LOADING,
    /// Every split has its ledger entry, and staging is closed to writers.
    SEALED,
    /// Staging holds what the ledger says.
    AUDITED,
    /// The destination is being changed; no cancel from here on.
    PUBLISHING,
    /// The destination holds the rows.
    PUBLISHED
}
