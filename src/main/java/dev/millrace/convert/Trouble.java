package dev.millrace.convert;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import org.jspecify.annotations.Nullable;

/// The errors of a conversion.
final class Trouble {
    private static final int MAX_WHY = 300;

    private Trouble() {}

    /// What a library says of it, as part of one line.
    static String why(Throwable e) {
        var message = e.getMessage();
        if (message == null || message.isBlank()) {
            return e.getClass().getSimpleName();
        }
        var line = message.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() > MAX_WHY ? line.substring(0, MAX_WHY) + "…" : line;
    }

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
