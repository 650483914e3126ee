package dev.millrace.core;

/// The object stores that connections lead to. Thread-safe.
public interface ObjectStores {
    /// @param connection an id or a name
    /// @throws MillraceException NOT_FOUND; SECRET_UNREADABLE; CONNECTION_KIND when it leads to
    ///   something else
    Opened objects(String connection);

    /// A connection's.
    ///
    /// @param store not to be closed by the caller
    record Opened(ConnectionId connection, ObjectStore store) {}
}
