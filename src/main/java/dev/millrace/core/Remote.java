package dev.millrace.core;

/// What a connection leads to, opened. Thread-safe.
public sealed interface Remote extends AutoCloseable permits Database, ObjectStore {
    @Override
    void close();
}
