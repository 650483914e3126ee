package dev.millrace.intake;

import dev.millrace.core.Retry;
import java.time.Duration;
import java.util.function.Supplier;

/// An engine that is away for a moment, or a disk that is full for one, costs the sender a wait,
/// not the upload.
final class Patience {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// A disk is full for longer, most likely: its sender is told so, and goes on later.
    private static final Duration ROOM_LIMIT = Duration.ofSeconds(10);

    private Patience() {}

    /// Repeats a step while an engine does not answer, or there is no room.
    static <T> T of(Supplier<T> step) {
        return Retry.untilRoom(ROOM_LIMIT, () -> Retry.external(LIMIT, step));
    }
}
