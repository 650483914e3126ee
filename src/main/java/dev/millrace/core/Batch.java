package dev.millrace.core;

import java.util.List;

/// The validated rows of one split, as typed columns.
///
/// @param columns one for each column of the model, in its order
/// @param rows how many rows; may be 0
/// @param rowIds each row's identity ([Source#rowId]) in its first `rows` elements, ascending
public record Batch(List<ColumnData> columns, int rows, long[] rowIds) {
    public Digest digest() {
        return Digest.of(rowIds, rows);
    }
}
