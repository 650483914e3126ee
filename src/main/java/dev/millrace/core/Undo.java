package dev.millrace.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// That a published job's rows are to leave the destination again.
///
/// @param at when it was asked for, or done, or refused
/// @param cause why it was refused, else null
public record Undo(State state, Instant at, @Nullable Cause cause) {
    /// How far it has come.
    public enum State {
        /// Its owner is at it, or will be.
        REQUESTED,
        /// None of the job's rows is in the destination.
        DONE,
        /// The rows stay: they could not be taken out exactly.
        REFUSED
    }
}
