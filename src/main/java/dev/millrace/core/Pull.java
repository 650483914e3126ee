package dev.millrace.core;

/// A source that a server fetches, while one does: nobody else begins to.
///
/// @param ordinal the source's in its job
/// @param holder who fetches it
public record Pull(JobId job, int ordinal, Wanted wanted, String holder) {
    /// What is fetched.
    public sealed interface Wanted {
        ConnectionId connection();
    }

    /// An object of an S3.
    ///
    /// @param object as it was when the job was made: another in its place is refused
    public record OfObject(ConnectionId connection, StoredObject object) implements Wanted {}

    /// The answer of a query, as [Answers] gives it.
    ///
    /// @param query a SELECT
    public record OfQuery(ConnectionId connection, String query) implements Wanted {}
}
