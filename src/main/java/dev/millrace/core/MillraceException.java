package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// Everything that fails, but for bad data (which is a [Rejection], a value).
///
/// The message is one sentence for a person that says what failed, with which value and where; the
/// remedy, when there is one, says what to do about it.
public final class MillraceException extends RuntimeException {
    private final ErrorCode code;
    private final @Nullable String remedy;

    public MillraceException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    public MillraceException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, cause);
    }

    public MillraceException(
            ErrorCode code, String message, @Nullable String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.remedy = remedy;
    }

    public ErrorCode code() {
        return code;
    }

    public ErrorCategory category() {
        return code.category();
    }

    /// What the reader can do about it, or null when nothing can be said.
    public @Nullable String remedy() {
        return remedy;
    }

    /// The message, never null (every constructor takes one).
    public String what() {
        return String.valueOf(getMessage());
    }
}
