package dev.millrace.core;

/// What becomes of a header's names that are no column of the model.
public enum UnknownColumns {
    /// Their fields are not loaded; the job shows their names.
    IGNORE,
    /// The source is refused.
    REJECT
}
