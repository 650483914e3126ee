package dev.millrace.intake;

import dev.millrace.core.Retry;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// An engine that is away for a moment costs the sender a wait, not the upload.
final class Patience {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Patience() {}

    /// Repeats a step while an engine does not answer.
    static boolean of(BooleanSupplier step) {
        return Retry.external(LIMIT, step::getAsBoolean);
    }
}
