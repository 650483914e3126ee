package dev.millrace.core;

import java.time.Duration;

/// What all jobs together still have to do, as the catalog knew it at one moment. Splits are those
/// without a ledger entry, of jobs that load.
///
/// @param pendingJobs jobs whose first split has not begun
/// @param runningJobs jobs that have begun and are not final
/// @param waiting splits that are not announced
/// @param announced splits that are announced and in no worker's hands, as far as is known
/// @param running splits in the hands of a worker that has given a sign of life in the last minute,
///   whether it loads them or waits for an engine
/// @param lag how long ago the oldest of these splits was stored; zero when there is none
public record Backlog(
        long pendingJobs,
        long runningJobs,
        Splits waiting,
        Splits announced,
        Splits running,
        Duration lag) {
    /// How many splits, and their bytes in UTF-8.
    public record Splits(long count, long bytes) {}
}
