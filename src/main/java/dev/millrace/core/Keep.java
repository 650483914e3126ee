package dev.millrace.core;

/// Which rows a model's table keeps.
public enum Keep {
    /// All of them.
    ALL,
    /// Of those with the same key, the one that came last.
    LATEST
}
