package dev.millrace.core;

/// The records of one split, one after the other. Not thread-safe.
public interface Records {
    /// Fills `into` with the next record.
    ///
    /// @return false at the end of the split, with `into` left alone
    boolean next(SourceRecord into);

    /// The bytes consumed so far, line breaks included; the split's length at its end.
    long bytesRead();
}
