package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// What the caller says of a source; whatever is null is detected from its head.
///
/// @param quote the quote, or [Dialect#NO_QUOTE] for a source that has none
public record SourceOptions(
        @Nullable Encoding encoding, @Nullable Character delimiter, @Nullable Character quote) {
    /// Detect everything.
    public static final SourceOptions DETECT = new SourceOptions(null, null, null);
}
