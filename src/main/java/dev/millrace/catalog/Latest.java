package dev.millrace.catalog;

import dev.millrace.core.JobId;
import java.util.LinkedHashMap;
import java.util.function.Predicate;

/// Counts changes, and remembers which was the last one of each job, of as many jobs as change at a
/// time. Of one that has been forgotten it is as if every job had changed. Not thread-safe.
final class Latest {
    private static final int MOST_JOBS = 1000;

    /// Which change was a job's last, the newest one at the end.
    private final LinkedHashMap<JobId, Long> ofJobs = new LinkedHashMap<>();

    private long count = 1; // so that a caller who has seen 0 changes need not wait
    private long ofAny = 1;

    long count() {
        return count;
    }

    /// Counts a change of which it is not known whose it is.
    void ofAny() {
        ofAny = ++count;
    }

    /// Counts a change of a job.
    void of(JobId job) {
        ofJobs.putLast(job, ++count);
        if (ofJobs.size() > MOST_JOBS) {
            ofAny = Math.max(ofAny, ofJobs.pollFirstEntry().getValue());
        }
    }

    /// Whether there was a change behind the first `seen` ones that may be one of these jobs'.
    boolean isAny(Predicate<JobId> jobs, long seen) {
        if (ofAny > seen) {
            return true;
        }
        for (var last : ofJobs.sequencedEntrySet().reversed()) {
            if (last.getValue() <= seen) {
                return false;
            }
            if (jobs.test(last.getKey())) {
                return true;
            }
        }
        return false;
    }
}
