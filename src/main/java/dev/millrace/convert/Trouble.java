package dev.millrace.convert;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import org.jspecify.annotations.Nullable;

/// The errors of a conversion.
final class Trouble {
    private Trouble() {}

    static MillraceException damaged(String message) {
        return damaged(message, null);
    }

    static MillraceException damaged(String message, @Nullable Throwable cause) {
        return new MillraceException(
                ErrorCode.SOURCE_DAMAGED,
                message,
                "Write the file anew, and send it again.",
                cause);
    }

    /// Of a file that is sound, and holds what Millrace does not carry exactly.
    static MillraceException unsupported(String message, String remedy) {
        return new MillraceException(ErrorCode.SOURCE_UNSUPPORTED, message, remedy, null);
    }
}
