package dev.millrace.core;

/// The databases that connections lead to. Thread-safe.
public interface Databases {
    /// @param connection an id or a name
    /// @return not to be closed by the caller
    /// @throws MillraceException NOT_FOUND; SECRET_UNREADABLE
    Database get(String connection);
}
