package dev.millrace.core;

import java.util.List;

/// The values of one column of a batch, laid out as ClickHouse's Native format wants them, as runs
/// of bytes to be written one after the other: for a Nullable column one byte a row, 1 for NULL;
/// then the values, fixed-width types little-endian, text as an unsigned LEB128 length and that
/// many bytes, a zero value or an empty text in the place of a NULL; for an array first the number
/// of elements in it and all rows before it, eight bytes a row, then all elements as a column of
/// their own. LowCardinality does not show. Immutable by convention.
public record ColumnData(Column column, List<Run> runs) {
    public ColumnData {
        runs = List.copyOf(runs);
    }

    /// A run of bytes.
    ///
    /// @param bytes the run is its first `length` bytes
    public record Run(byte[] bytes, int length) {}
}
