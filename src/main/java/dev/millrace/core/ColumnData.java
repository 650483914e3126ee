package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// The values of one column of a batch, laid out as ClickHouse's Native format wants them:
/// fixed-width types little-endian one after the other; text as an unsigned LEB128 length and that
/// many bytes. A NULL takes the place of a zero value or an empty text. Not thread-safe while it is
/// filled, immutable by convention after.
///
/// @param values the encoded values in its first `length` bytes
/// @param nulls one byte a row, 1 for NULL, for a Nullable column; null for another
public record ColumnData(Column column, byte[] values, int length, byte @Nullable [] nulls) {}
