package dev.millrace.core;

/// Whose move it is after a failure.
public enum ErrorCategory {
    /// The caller asked for something that cannot be done; asking again changes nothing.
    USER,
    /// A fault of Millrace itself.
    INTERNAL,
    /// An outside system did not answer or refused; the only category that is retried.
    EXTERNAL,
    /// Disk, memory or a limit ran out.
    INSUFFICIENT_RESOURCES
}
