package dev.millrace.cli;

import org.jspecify.annotations.Nullable;

/// A command that could not do what it was asked; ends it with exit code 1. The message is one
/// sentence for a person, the remedy says what to do about it.
public sealed class Failure extends RuntimeException permits IncompleteSource {
    private final @Nullable String remedy;

    public Failure(String message, @Nullable String remedy) {
        this(message, remedy, null);
    }

    public Failure(String message, @Nullable String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /// Null when nothing can be said.
    public @Nullable String remedy() {
        return remedy;
    }
}
