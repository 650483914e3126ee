package dev.millrace.core;

/// What a destination holds of a load.
public enum Held {
    NOTHING,
    ALL,
    /// Some of its rows, or some of them twice: what can be told from others' rows, and so
    /// repaired.
    PART,
    /// It cannot be told.
    UNKNOWN
}
