package dev.millrace.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where exports are recorded, by the catalog's clock. Thread-safe; every method is one
/// transaction, and throws MillraceException CATALOG_UNAVAILABLE.
public interface ExportCatalog {
    /// What an export is made of.
    ///
    /// @param request the name of the request that makes it, or null: one that was made under it
    ///   before is returned in its place
    record NewExport(
            ConnectionId connection,
            String connectionName,
            ExportWishes wishes,
            String owner,
            @Nullable UUID request) {}

    /// Records an export that waits for somebody to receive its file.
    Export create(NewExport export);

    /// By public id, by UUID, or `last` for the newest one.
    Optional<Export> find(String idOrLast);

    /// Newest first, those behind a place.
    List<Export> list(@Nullable Before before, int limit);

    /// PENDING becomes RUNNING.
    ///
    /// @param runner names the process that sends the file
    /// @return false when it was not PENDING
    boolean start(JobId id, String runner);

    /// A sign of life with how far it is.
    ///
    /// @return false when it is not RUNNING any more: somebody has cancelled it
    boolean progress(JobId id, ExportProgress progress);

    /// RUNNING becomes SUCCESS.
    ///
    /// @return false when it was not RUNNING any more
    boolean succeed(JobId id, ExportResult result);

    /// What is not final becomes FAILED.
    ///
    /// @return false when it was final
    boolean fail(JobId id, ExportProgress progress, Cause cause);

    /// What is not final becomes CANCELLED.
    ///
    /// @return false when it was final
    boolean cancel(JobId id);

    /// Fails those that run in processes that are known to be gone.
    ///
    /// @param runnerPrefix what the names of these begin with
    int failAll(String runnerPrefix, Cause cause);

    /// Fails those in a state that gave no sign of life for so long.
    int failSilent(JobState state, Duration silence, Cause cause);

    /// Removes those that have been final for so long.
    int forget(Duration age);
}
