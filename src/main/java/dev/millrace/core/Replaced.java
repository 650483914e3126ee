package dev.millrace.core;

import java.util.Set;

/// Whose rows left a destination because a load took their place.
public sealed interface Replaced {
    /// Nobody's.
    Replaced NOTHING = new Of(Set.of());

    /// Those of every job that had been published there.
    record Everything() implements Replaced {}

    /// Those of these jobs, all or some of their rows.
    record Of(Set<JobId> jobs) implements Replaced {
        public Of {
            jobs = Set.copyOf(jobs);
        }
    }
}
