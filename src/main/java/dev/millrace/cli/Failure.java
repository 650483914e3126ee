package dev.millrace.cli;

import org.jspecify.annotations.Nullable;

/// A command that could not do what it was asked; ends it with exit code 1. The message is one
/// sentence for a person, the remedy says what to do about it.
public final class Failure extends RuntimeException {
    private final @Nullable String remedy;
    private final @Nullable String code;

    public Failure(String message, @Nullable String remedy) {
        this(message, remedy, null);
    }

    public Failure(String message, @Nullable String remedy, @Nullable Throwable cause) {
        this(message, remedy, cause, null);
    }

    /// @param code the stable code of what the server refuses, or null
    Failure(
            String message,
            @Nullable String remedy,
            @Nullable Throwable cause,
            @Nullable String code) {
        super(message, cause);
        this.remedy = remedy;
        this.code = code;
    }

    /// Null when nothing can be said.
    public @Nullable String remedy() {
        return remedy;
    }

    /// Whether the server refuses it by this stable code.
    boolean isFor(String stable) {
        return stable.equals(code);
    }
}
