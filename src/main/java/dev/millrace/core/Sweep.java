package dev.millrace.core;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a sweep has found and done.
///
/// @param at when it began, by the catalog's clock; null until the catalog has recorded it
/// @param found at most [#MAX_FOUND]
/// @param more how many were found besides
public record Sweep(@Nullable Instant at, List<Found> found, long more) {
    public static final int MAX_FOUND = 1000;

    public Sweep {
        found = List.copyOf(found);
    }

    /// One thing that was found.
    ///
    /// @param job its public id, when it is one's
    /// @param name what it is called where it was, or how much it was
    /// @param removed false for what only a person can judge
    public record Found(Kind kind, String job, String name, boolean removed) {}

    /// Why something was to be looked at.
    public enum Kind {
        /// Its period has passed.
        EXPIRED_SPLITS,
        EXPIRED_REPLACED,
        EXPIRED_REJECTIONS,
        EXPIRED_HISTORY,
        EXPIRED_ANSWERS,
        /// A crash left it behind its job's end.
        LEFT_SPLITS,
        LEFT_STAGING,
        LEFT_REJECTIONS,
        /// The catalog knows no such job: it may be another Millrace's.
        UNKNOWN_SPLITS,
        UNKNOWN_STAGING,
        UNKNOWN_REJECTIONS
    }
}
