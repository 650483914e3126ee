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
    /// @param target where the server writes the file, or null when somebody receives it
    /// @param request the name of the request that makes it, or null: one that was made under it
    ///   before is returned in its place
    record NewExport(
            ConnectionId connection,
            String connectionName,
            ExportWishes wishes,
            @Nullable ExportTarget target,
            String owner,
            @Nullable UUID request) {}

    /// Records an export that waits for somebody to receive its file, or for a server to write it.
    Export create(NewExport export);

    /// By public id, by UUID, or `last` for the newest one.
    Optional<Export> find(String idOrLast);

    /// Newest first, those behind a place.
    List<Export> list(@Nullable Before before, int limit);

    /// PENDING becomes RUNNING, of one whose file somebody receives.
    ///
    /// @param runner names the process that sends the file
    /// @return false when it was not PENDING
    boolean start(JobId id, String runner);

    /// The oldest PENDING one whose file a server writes becomes RUNNING.
    ///
    /// @param runner names the process that writes it
    Optional<Export> startNext(String runner);

    /// Notes under what a store collects the parts of an export's file.
    void noteUpload(JobId id, String upload);

    /// Nothing of it has to be abandoned any more.
    void forgetUpload(JobId id);

    /// The file is whole and checked, and begins to appear where it goes: from now on the export is
    /// neither cancelled nor failed until it was looked whether it is there.
    ///
    /// @return false when it was not RUNNING any more
    boolean seal(JobId id, ExportResult result);

    /// The file does not appear after all.
    void unseal(JobId id);

    /// One that is sealed becomes SUCCESS, with the result that it was sealed with.
    ///
    /// @return false when it was not sealed any more
    boolean confirm(JobId id);

    /// What processes have left in stores that gave no sign of life for so long, or are known to be
    /// gone.
    ///
    /// @param runnerPrefix what the names of these begin with, or null for none
    List<Leftover> leftovers(@Nullable String runnerPrefix, Duration silence);

    /// An export that is sealed (RUNNING), or that has failed and may have parts in a store.
    ///
    /// @param target of the export
    /// @param upload under what its parts are collected, or null
    record Leftover(Export export, ExportTarget target, @Nullable String upload) {}

    /// A sign of life with how far it is.
    ///
    /// @return false when it is not RUNNING any more: somebody has cancelled it
    boolean progress(JobId id, ExportProgress progress);

    /// RUNNING becomes SUCCESS.
    ///
    /// @return false when it was not RUNNING any more
    boolean succeed(JobId id, ExportResult result);

    /// What is not final and not sealed becomes FAILED.
    ///
    /// @return false when it was
    boolean fail(JobId id, ExportProgress progress, Cause cause);

    /// What is not final and not sealed becomes CANCELLED.
    ///
    /// @return false when it was
    boolean cancel(JobId id);

    /// Fails those, unless sealed, that run in processes that are known to be gone.
    ///
    /// @param runnerPrefix what the names of these begin with
    int failAll(String runnerPrefix, Cause cause);

    /// Fails those in a state, unless sealed, that gave no sign of life for so long.
    int failSilent(JobState state, Duration silence, Cause cause);

    /// Removes those that have been final for so long.
    int forget(Duration age);
}
