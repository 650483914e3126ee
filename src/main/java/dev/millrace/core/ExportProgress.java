package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// How far an export is.
///
/// @param rows that have left
/// @param bytes of the file that have left, packed if it is packed
/// @param readRows that the database has read for the query, as it says itself
/// @param readBytes the same in bytes, unpacked
/// @param totalRows that it believes it is going to read, or null when it does not say
public record ExportProgress(
        long rows, long bytes, long readRows, long readBytes, @Nullable Long totalRows) {
    public static final ExportProgress NONE = new ExportProgress(0, 0, 0, 0, null);
}
