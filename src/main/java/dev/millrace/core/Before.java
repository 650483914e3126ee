package dev.millrace.core;

import java.time.Instant;

/// A place in a list that has the newest first: what is listed behind it was made earlier, or at
/// the same moment with a lower number.
public record Before(Instant createdAt, long number) {}
