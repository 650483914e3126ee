package dev.millrace.core;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first rows of a query. Immutable.
///
/// @param names the columns' names, as an array in JSON
/// @param types their types, as an array of texts in JSON
/// @param rows each an array in JSON, of ClickHouse's format JSONCompactEachRow
/// @param more whether there are rows behind these
/// @param cut why these may not be what the whole query would give, or null
/// @param bounded whether the server kept the limits; else its user's profile lets none be set
/// @param rowsRead by the server
public record Sample(
        String names,
        String types,
        List<String> rows,
        boolean more,
        @Nullable Cut cut,
        boolean bounded,
        long rowsRead) {

    /// What was reached before the query came to its end.
    public enum Cut {
        /// The limit of rows or bytes to read.
        READ_LIMIT,
        TIME_LIMIT,
        /// The limit of the answer's bytes.
        SIZE_LIMIT
    }

    /// How much a query may do for it.
    ///
    /// @param rows to show
    public record Bounds(int rows, long rowsRead, long bytesRead, int answerBytes, Duration time) {}
}
