package dev.millrace.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is kept of jobs behind their end, and for how long.
public interface JobHistory {
    /// Jobs of which something is kept and that ended longer ago, the oldest first. Nothing of a
    /// job expires while it is uncertain, being undone, or not cleaned up; its history only when
    /// nothing else of it is kept.
    List<JobId> expired(Kept what, Duration age, int limit);

    /// Records that something is kept no longer.
    void gone(JobId job, Kept what);

    /// What may be there of jobs; those that the catalog does not know are missing.
    ///
    /// @param settled how long a job must have been cleaned up to be called so
    Map<JobId, Remains> remains(Set<JobId> jobs, Duration settled);

    /// Records a sweep; old ones leave.
    ///
    /// @return the sweep with its time
    Sweep record(Sweep sweep);

    /// Newest first.
    List<Sweep> sweeps(int limit);
}
