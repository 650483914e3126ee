package dev.millrace.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A job that takes the result of a query out into a file, as the catalog knew it at one moment.
/// The query runs when somebody receives the file, or when the server writes it where it is to go;
/// nothing is kept of it here.
///
/// @param number one that was made later has a higher one
/// @param connection which it was made with, whatever has its name by now
/// @param connectionName as it was called then
/// @param target where the server writes the file, or null when somebody receives it
/// @param state never PARTIAL_SUCCESS
/// @param result null unless the state is SUCCESS
/// @param cause why it failed, or null
public record Export(
        JobId id,
        long number,
        ConnectionId connection,
        String connectionName,
        ExportWishes wishes,
        @Nullable ExportTarget target,
        JobState state,
        ExportProgress progress,
        @Nullable ExportResult result,
        @Nullable Cause cause,
        String owner,
        String workspace,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {
    /// What the file may be called, such as `export-e5f6a7b8.csv.gz`.
    public String fileName() {
        if (target != null) {
            return target.object().last();
        }
        var packed =
                switch (wishes.packing()) {
                    case GZIP -> ".gz";
                    case ZSTD -> ".zst";
                    case NONE, BZIP2, ZIP -> "";
                };
        return "export-%s.%s%s".formatted(id, wishes.format().extension(), packed);
    }
}
