package dev.millrace.core;

import org.jspecify.annotations.Nullable;

/// What a job reads.
///
/// @param ordinal from 0, in the order in which the job names its sources
/// @param name what the user calls it, such as a file's name; for people, never a path to open
/// @param options what the caller said of it
/// @param reading how it is read, or null until its head has arrived
/// @param declaredBytes the size that the caller announced, or -1
/// @param receivedBytes bytes taken from the caller and held by durable splits
/// @param records the data records that intake counted (not the header), so far or in all
/// @param bytes the bytes of those records in UTF-8 with their line breaks
/// @param contentHash SHA-256 of the unpacked content in hex, or null until intake is complete
/// @param upload how far its upload is, or null when the job ended before that was complete
/// @param duplicateOf the ordinal of an earlier source of the job that has the same content, whose
///   rows stand for its own, or null
public record Source(
        int ordinal,
        String name,
        SourceOptions options,
        @Nullable SourceReading reading,
        long declaredBytes,
        long receivedBytes,
        long records,
        long bytes,
        @Nullable String contentHash,
        @Nullable UploadStatus upload,
        @Nullable Integer duplicateOf) {
    /// One source may hold so many rows: a row's number takes the low 40 bits of its identity.
    public static final long MAX_ROWS = 1L << 40;

    /// One whose own rows are loaded.
    public Source(
            int ordinal,
            String name,
            SourceOptions options,
            @Nullable SourceReading reading,
            long declaredBytes,
            long receivedBytes,
            long records,
            long bytes,
            @Nullable String contentHash,
            @Nullable UploadStatus upload) {
        this(
                ordinal,
                name,
                options,
                reading,
                declaredBytes,
                receivedBytes,
                records,
                bytes,
                contentHash,
                upload,
                null);
    }

    /// A row's identity within its job: source ordinal × 2⁴⁰ + row number, the value of
    /// `_millrace_row`.
    public static long rowId(int ordinal, long row) {
        return (long) ordinal << 40 | row;
    }
}
