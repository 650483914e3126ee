package dev.millrace.jobs;

import dev.millrace.core.RejectionCount;
import java.util.List;

/// Why rows were rejected: one code in one column.
///
/// @param count how many problems there are
/// @param examples the first of them, in the order of the rows; fewer than there could be, or none,
///   when they are too far behind or not kept
public record RejectionCause(RejectionCount count, List<Example> examples) {
    public RejectionCause {
        examples = List.copyOf(examples);
    }

    /// One problem of such a cause.
    ///
    /// @param source the ordinal of the row's source
    /// @param row the row's number in its source, from 1
    /// @param eventId what names the row, or empty
    /// @param observed what stands in the source, as in [dev.millrace.core.Rejection#observed]
    /// @param message a sentence for a person
    public record Example(int source, long row, String eventId, String observed, String message) {}
}
