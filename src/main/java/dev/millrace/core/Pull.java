package dev.millrace.core;

/// A source that a server fetches, while one does: nobody else begins to.
///
/// @param ordinal the source's in its job
/// @param holder who fetches it
public record Pull(JobId job, int ordinal, Wanted wanted, String holder) {
    /// What is fetched.
    ///
    /// @param object as it was when the job was made: another in its place is refused
    public record Wanted(ConnectionId connection, StoredObject object) {}
}
