package dev.millrace.jobs;

import dev.millrace.core.Catalog;
import dev.millrace.core.ErrorCategory;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Looks at jobs for all who follow them: however many follow a job, the catalog is asked for it
/// four times a second at most, and once for each who comes. Keeps nothing of a job that nobody
/// follows. Thread-safe.
final class Looks {
    static final Duration BETWEEN = Duration.ofMillis(250);

    private final Catalog catalog;
    private final Map<JobId, Followed> followed = new HashMap<>();

    Looks(Catalog catalog) {
        this.catalog = catalog;
    }

    /// A job as it was at one moment.
    ///
    /// @param job null when the catalog did not answer
    /// @param failure why it did not, or null
    /// @param seen what the catalog had counted of changes before, to wait for those after
    /// @param atNanos when it was asked
    record Look(@Nullable Job job, @Nullable MillraceException failure, long seen, long atNanos) {
        boolean isFreshFor(long sinceNanos) {
            return atNanos - sinceNanos >= 0 && System.nanoTime() - atNanos < BETWEEN.toNanos();
        }
    }

    /// Takes part in the looks at a job, until closed.
    Following follow(JobId job) {
        synchronized (followed) {
            var shared = followed.computeIfAbsent(job, Followed::new);
            shared.followers++;
            return new Following(shared);
        }
    }

    /// One follower's part. Not thread-safe.
    final class Following implements AutoCloseable {
        private final Followed shared;
        private final long sinceNanos = System.nanoTime();

        private Following(Followed shared) {
            this.shared = shared;
        }

        /// The job as it was a moment ago, see [#BETWEEN], but not before this follower came.
        Look look() {
            return shared.look(sinceNanos);
        }

        @Override
        public void close() {
            synchronized (followed) {
                if (--shared.followers == 0) {
                    followed.remove(shared.job);
                }
            }
        }
    }

    /// A job that somebody follows.
    private final class Followed {
        private final JobId job;
        private int followers; // guarded by `followed`
        private @Nullable Look last;

        Followed(JobId job) {
            this.job = job;
        }

        /// Whoever comes while one asks waits for the same answer, and no longer than that one.
        synchronized Look look(long sinceNanos) {
            var known = last;
            if (known == null || !known.isFreshFor(sinceNanos)) {
                known = ask();
                last = known;
            }
            return known;
        }

        private Look ask() {
            var at = System.nanoTime();
            var seen = catalog.awaitChange(0, Duration.ZERO);
            try {
                return new Look(catalog.jobs().get(job), null, seen, at);
            } catch (MillraceException e) {
                if (e.category() != ErrorCategory.EXTERNAL) {
                    throw e;
                }
                return new Look(null, e, seen, at);
            }
        }
    }
}
