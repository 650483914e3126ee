package dev.millrace.core;

import java.time.Instant;

/// That a model got a version.
///
/// @param version from 1
/// @param createdAt when it was recorded, by the catalog's clock
public record ModelVersion(int version, Instant createdAt) {}
