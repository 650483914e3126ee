package dev.millrace.jobs;

import dev.millrace.core.Catalog;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.Store;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Jobs as their users see them: made, looked at, waited for, cancelled. Thread-safe.
public final class Jobs {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Catalog catalog;
    private final Store store;
    private final Looks looks;

    public Jobs(Catalog catalog, Store store) {
        this.catalog = catalog;
        this.store = store;
        this.looks = new Looks(catalog);
    }

    /// What a user asks for.
    ///
    /// @param model public id or name
    /// @param owner the subject of the token
    public record Request(
            String model,
            String sourceName,
            SourceOptions options,
            MaxRejected maxRejected,
            String owner) {}

    /// Makes a job that waits for its upload.
    ///
    /// @throws MillraceException NOT_FOUND when there is no such model
    public Job create(Request request) {
        var model =
                catalog.models()
                        .find(request.model())
                        .orElseThrow(() ->
                                new MillraceException(
                                        ErrorCode.NOT_FOUND,
                                        "There is no model '%s'".formatted(request.model()),
                                        "millrace model list shows the models.",
                                        null));
        return catalog.jobs()
                .create(
                        new Catalog.NewJob(
                                model,
                                request.sourceName(),
                                request.options(),
                                request.maxRejected(),
                                request.owner()));
    }

    /// By public id, UUID, or `last`.
    ///
    /// @throws MillraceException NOT_FOUND
    public Job get(String idOrLast) {
        return catalog.jobs()
                .find(idOrLast)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND,
                                idOrLast.equals("last")
                                        ? "There is no job yet"
                                        : "There is no job '%s'".formatted(idOrLast),
                                "millrace job list shows the jobs.",
                                null));
    }

    /// Newest first.
    ///
    /// @param beforeId only jobs older than this one, or null
    public List<Job> list(@Nullable String beforeId, int limit) {
        return catalog.jobs().list(beforeId == null ? null : get(beforeId).id(), limit);
    }

    /// Waits until a job is as wanted, or until the limit has passed, or an interrupt.
    ///
    /// @return the newest snapshot
    public Job await(JobId id, Predicate<Job> until, Duration limit) {
        var begun = System.nanoTime();
        var seen = catalog.awaitChange(0, Duration.ZERO);
        while (true) {
            var job = catalog.jobs().get(id);
            var waited = Duration.ofNanos(System.nanoTime() - begun);
            var left = limit.minus(waited);
            if (until.test(job) || !left.isPositive() || Thread.currentThread().isInterrupted()) {
                return job;
            }
            Pause.of(least(left, pauseAfter(waited)));
            seen = catalog.awaitChange(seen, least(left, LOOK_AGAIN));
        }
    }

    /// How long a change may be overlooked, which bounds how often the catalog is asked: a tenth of
    /// the time waited so far, so that nobody waits much longer for it than they have to.
    private static Duration pauseAfter(Duration waited) {
        return least(waited.dividedBy(10), Looks.BETWEEN);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Whoever follows a job. Called by one thread.
    public interface Watcher {
        /// The job as it is, or was a quarter of a second ago.
        ///
        /// @return whether to go on
        boolean sees(Job job);

        /// The catalog did not answer, and will be asked again in a moment.
        ///
        /// @param failure EXTERNAL
        /// @return whether to go on
        boolean misses(MillraceException failure);
    }

    /// Shows a job to a watcher: at once, and again when anything in the catalog has changed, up to
    /// four times a second and at least once. Ends when the watcher says so, or on an interrupt.
    ///
    /// @throws MillraceException what asking for the job throws, except that it is EXTERNAL
    public void follow(JobId id, Watcher watcher) {
        try (var following = looks.follow(id)) {
            var look = following.look();
            while (isWanted(look, watcher) && !Thread.currentThread().isInterrupted()) {
                Pause.of(Looks.BETWEEN);
                catalog.awaitChange(look.seen(), LOOK_AGAIN);
                look = following.look();
            }
        }
    }

    private static boolean isWanted(Looks.Look look, Watcher watcher) {
        var job = look.job();
        return job != null
                ? watcher.sees(job)
                : watcher.misses(Objects.requireNonNull(look.failure(), "there is no job"));
    }

    /// Cancels a job; nothing of it will be published.
    ///
    /// @throws MillraceException NOT_FOUND, JOB_NOT_CANCELLABLE when it is final or PUBLISHING
    public Job cancel(String idOrLast) {
        var job = get(idOrLast);
        if (!catalog.jobs().cancel(job.id())) {
            var now = catalog.jobs().get(job.id());
            throw new MillraceException(
                    ErrorCode.JOB_NOT_CANCELLABLE,
                    now.state().isFinal()
                            ? "Job %s has ended already: %s".formatted(job.id(), now.state())
                            : "Job %s is being published and can no longer be cancelled"
                                    .formatted(job.id()));
        }
        return catalog.jobs().get(job.id());
    }

    /// Hands over the kept rejections of a job, in the order of its rows.
    public void rejections(Job job, Consumer<Rejection> each) {
        KeptRejections.each(catalog, store, job.id(), (_, kept) -> kept.forEach(each));
    }

    /// Problems by code and column, most frequent first.
    public List<RejectionCount> rejectionCounts(Job job) {
        return catalog.splits().rejectionCounts(job.id());
    }

    /// The ledger of the present attempt.
    public List<LedgerEntry> ledger(Job job) {
        return catalog.splits().ledger(job.id());
    }
}
