package dev.millrace.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the caller says of a source; whatever is null is detected from its head.
///
/// @param quote the quote, or [Dialect#NO_QUOTE] for a source that has none
/// @param columns the names of the fields, in order, of a source without a header; null for one
///   whose first record names them
public record SourceOptions(
        @Nullable Encoding encoding,
        @Nullable Character delimiter,
        @Nullable Character quote,
        @Nullable List<String> columns) {
    /// Detect everything.
    public static final SourceOptions DETECT = new SourceOptions(null, null, null);

    public SourceOptions {
        columns = columns == null ? null : List.copyOf(columns);
    }

    /// Of a source with a header.
    public SourceOptions(
            @Nullable Encoding encoding, @Nullable Character delimiter, @Nullable Character quote) {
        this(encoding, delimiter, quote, null);
    }

    /// The same of a source without a header.
    public SourceOptions with(List<String> names) {
        return new SourceOptions(encoding, delimiter, quote, names);
    }
}
