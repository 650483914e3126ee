package dev.millrace.core;

/// The records of one split, one after the other. Not thread-safe.
public interface Records {
    /// Fills `into` with the next record.
    ///
    /// @return false at the end of the split, with `into` left alone
    boolean next(SourceRecord into);

    /// Fills `into` with as many of the next records as it takes, up to the first one that only
    /// [#next(SourceRecord)] tells of: a malformed one, or one with more or fewer fields.
    ///
    /// @return how many records; 0 when the next one is such a one, or when there is none
    int next(RecordBlock into);

    /// Goes back before the first record of the block that was filled last, of which nothing was
    /// read since.
    void goBack();

    /// The bytes consumed so far, line breaks included; the split's length at its end.
    long bytesRead();
}
