package dev.millrace.core;

/// One problem of one row. A row can have several; none of its values is loaded.
///
/// @param source the source's ordinal
/// @param row the row's number in its source, from 1, the header not counted
/// @param eventId the text of the model's event id column in that row, empty when there is none
/// @param column the model's column, or the header's name where the model has none, cut to 200
///   characters; empty when the whole record is at fault
/// @param type the column's type as ClickHouse spells it, of an enum with a long list only how many
///   names it has; or empty
/// @param observed what stands in the source, cut to 200 characters
/// @param message a sentence for a person
/// @param raw the record as it stands in the source, cut to 4,096 characters; only on the row's
///   first rejection, empty on the others
public record Rejection(
        int source,
        long row,
        String eventId,
        String column,
        String type,
        RejectionCode error,
        String observed,
        String message,
        String raw) {
    /// The characters of [#observed] that are kept, and of a header's name in [#column].
    public static final int MAX_OBSERVED = 200;

    /// The characters of [#raw] that are kept.
    public static final int MAX_RAW = 4096;
}
