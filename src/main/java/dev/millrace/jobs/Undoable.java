package dev.millrace.jobs;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.MillraceException;

/// Whether a job's rows can leave their table again, as far as the catalog knows. The sink knows
/// more, once it looks at the table.
final class Undoable {
    private Undoable() {}

    /// @throws MillraceException UNDO_REFUSED with the reason and the way out
    static void require(Job job, JobCatalog jobs) {
        var replacedBy = job.links().replacedBy();
        if (replacedBy != null) {
            throw refused(
                    "Job %s has put its rows in the place of those of job %s"
                            .formatted(replacedBy, job.id()),
                    "Undo job %s first.".formatted(replacedBy));
        }
        switch (job.options().mode()) {
            case APPEND, UPSERT -> {}
            case REPLACE, REPLACE_PARTITIONS ->
                    // What it replaced can come back only as long as nothing was built upon it.
                    jobs.publishedBehind(job.id())
                            .ifPresent(later -> {
                                throw refused(
                                        "Job %s was published into the table '%s' behind job %s"
                                                .formatted(later, job.model().table(), job.id()),
                                        "Undo job %s first.".formatted(later));
                            });
        }
    }

    private static MillraceException refused(String what, String remedy) {
        return new MillraceException(ErrorCode.UNDO_REFUSED, what, remedy, null);
    }
}
