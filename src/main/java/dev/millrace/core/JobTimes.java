package dev.millrace.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When a job came how far, by the catalog's clock.
///
/// @param startedAt when its first split began to load, or null
/// @param publishedAt when its destination held its rows, or null
/// @param finishedAt when it reached its final state, or null
public record JobTimes(
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant publishedAt,
        @Nullable Instant finishedAt) {}
