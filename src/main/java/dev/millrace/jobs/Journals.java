package dev.millrace.jobs;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.Journal;
import dev.millrace.core.Lease;
import dev.millrace.core.MillraceException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Journals of jobs, kept in the catalog. Each is for one thread, and for as long as nobody else
/// notes anything: an owner makes one for every step.
final class Journals {
    private Journals() {}

    /// A job's journal for its owner.
    static Journal of(Job job, Lease lease, JobCatalog jobs) {
        return new Noted(job.note(), note -> jobs.note(lease, note));
    }

    /// A job's journal for who only reads it.
    static Journal of(Job job) {
        return new Noted(
                job.note(),
                note -> {
                    throw new MillraceException(
                            ErrorCode.INTERNAL_ERROR,
                            "Only its owner notes anything of job %s".formatted(job.id()));
                });
    }

    private static final class Noted implements Journal {
        private final Consumer<String> keep;
        private @Nullable String note;

        Noted(@Nullable String note, Consumer<String> keep) {
            this.note = note;
            this.keep = keep;
        }

        @Override
        public Optional<String> last() {
            return Optional.ofNullable(note);
        }

        @Override
        public void note(String next) {
            keep.accept(next);
            note = next;
        }
    }
}
