package dev.millrace.jobs;

import dev.millrace.core.Before;
import dev.millrace.core.Catalog;
import dev.millrace.core.Column;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.Limits;
import dev.millrace.core.LoadMode;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.NewJob;
import dev.millrace.core.NewSource;
import dev.millrace.core.Phase;
import dev.millrace.core.Pull;
import dev.millrace.core.Rejection;
import dev.millrace.core.Sink;
import dev.millrace.core.SourceCounts;
import dev.millrace.core.Store;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Jobs as their users see them: made, looked at, waited for, cancelled. Thread-safe.
public final class Jobs {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration CLEAN_UP_LIMIT = Duration.ofSeconds(10);

    private final Catalog catalog;
    private final Store store;
    private final Sink sink;
    private final int maxUnfinished;
    private final Looks looks;

    /// As many jobs at a time as anybody makes.
    public Jobs(Catalog catalog, Store store, Sink sink) {
        this(catalog, store, sink, Integer.MAX_VALUE);
    }

    /// @param maxUnfinished how many jobs of the catalog may be waiting or running
    public Jobs(Catalog catalog, Store store, Sink sink, int maxUnfinished) {
        this.maxUnfinished = maxUnfinished;
        this.catalog = catalog;
        this.store = store;
        this.sink = sink;
        this.looks = new Looks(catalog);
    }

    /// What a user asks for.
    ///
    /// @param model public id or name
    /// @param sources what is known of the sources, in the order in which they are sent; if the
    ///   columns of one are an empty list, they are the model's, in their order
    /// @param options what is wanted of the load, which a retry may change
    /// @param parent the job whose rejected rows this one brings back, or null
    /// @param owner the subject of the token
    /// @param request names the request when it may be repeated, or null
    public record Request(
            String model,
            List<NewSource> sources,
            Wishes options,
            @Nullable String parent,
            String owner,
            @Nullable UUID request) {
        public Request {
            sources = List.copyOf(sources);
        }
    }

    /// What a user wishes of a load; what is null is left as it is by itself, or was.
    public record Wishes(
            @Nullable LoadMode mode,
            @Nullable IfLoaded ifLoaded,
            @Nullable MaxRejected maxRejected,
            @Nullable Boolean throughViews,
            @Nullable Boolean dryRun) {
        /// Nothing in particular.
        public static final Wishes NONE = new Wishes(null, null, null, null, null);

        LoadOptions over(LoadOptions present) {
            return new LoadOptions(
                    mode == null ? present.mode() : mode,
                    ifLoaded == null ? present.ifLoaded() : ifLoaded,
                    maxRejected == null ? present.maxRejected() : maxRejected,
                    throughViews == null ? present.throughViews() : throughViews,
                    dryRun == null ? present.dryRun() : dryRun);
        }
    }

    /// Makes a job that waits for its upload, or returns the one that the same request has made.
    ///
    /// @throws MillraceException NOT_FOUND when there is no such model or parent; INVALID_REQUEST
    ///   when the model's table cannot be loaded in the mode, the parent went elsewhere, or there
    ///   are too many sources or two of one name; TOO_BUSY when too many jobs are not final
    public Job create(Request request) {
        return catalog.jobs().create(described(request));
    }

    /// The same of a job whose sources a server fetches.
    ///
    /// @param wanted what each of them is, in their order
    /// @throws MillraceException as [#create(Request)] does; INVALID_REQUEST also when one is the
    ///   answer of a query and the model would take its texts for other values
    public Job create(Request request, List<? extends Pull.Wanted> wanted) {
        var job = described(request);
        if (wanted.stream().anyMatch(Pull.OfQuery.class::isInstance)) {
            requirePlain(job.model());
        }
        return catalog.pulls().create(job, wanted);
    }

    /// What a model says of how its files are written does not hold for what a database writes: the
    /// text `NA` of a table is no missing value because files have that for one.
    private static void requirePlain(Model model) {
        for (var column : model.definition().columns()) {
            var reading = column.reading();
            if (!reading.nullMarkers().isEmpty()
                    || !reading.dateFormats().isEmpty()
                    || !reading.numbers().isPlain()) {
                throw new MillraceException(
                        ErrorCode.INVALID_REQUEST,
                        "Model '%s' says how column '%s' is written in files, by null markers, date formats or separators, and values of a table would be taken for others"
                                .formatted(model.name(), column.name()),
                        "Copy into a table of its own, or export to a file and load that.",
                        null);
            }
        }
    }

    private NewJob described(Request request) {
        requireFewUnfinished();
        requireToldApart(request.sources());
        var model =
                catalog.models()
                        .find(request.model())
                        .orElseThrow(() ->
                                new MillraceException(
                                        ErrorCode.NOT_FOUND,
                                        "There is no model '%s'".formatted(request.model()),
                                        "millrace model list shows the models.",
                                        null));
        return new NewJob(
                model,
                request.sources().stream().map(s -> source(model, s)).toList(),
                options(model, request.options()),
                parent(model, request.parent()),
                request.owner(),
                request.request());
    }

    /// No names at all stand for the model's columns.
    private static NewSource source(Model model, NewSource source) {
        var names = source.options().columns();
        if (names == null || !names.isEmpty()) {
            return source;
        }
        var columns = model.definition().columns().stream().map(Column::name).toList();
        return new NewSource(source.name(), source.options().with(columns), source.declaredBytes());
    }

    private static void requireToldApart(List<NewSource> sources) {
        if (sources.isEmpty() || sources.size() > Limits.MAX_SOURCES) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A job has 1 to %,d sources, not %,d"
                            .formatted(Limits.MAX_SOURCES, sources.size()),
                    "Divide them among several jobs.",
                    null);
        }
        var names = new HashSet<String>();
        for (var source : sources) {
            if (!names.add(source.name())) {
                throw new MillraceException(
                        ErrorCode.INVALID_REQUEST,
                        "Two sources are called '%s'".formatted(source.name()),
                        "Give each a name of its own.",
                        null);
            }
        }
    }

    private void requireFewUnfinished() {
        if (maxUnfinished < Integer.MAX_VALUE
                && catalog.jobs().unfinished(maxUnfinished) >= maxUnfinished) {
            throw new MillraceException(
                    ErrorCode.TOO_BUSY,
                    "%,d jobs wait or run already, as many as there may be at a time"
                            .formatted(maxUnfinished),
                    "Make it once some have ended, or cancel those that nobody needs.",
                    null);
        }
    }

    private static LoadOptions options(Model model, Wishes wishes) {
        var standard =
                switch (model.definition().keep()) {
                    case ALL -> LoadOptions.DEFAULT;
                    case LATEST -> LoadOptions.DEFAULT.with(LoadMode.UPSERT);
                };
        var options = wishes.over(standard);
        var mode = options.mode();
        var possible =
                switch (model.definition().keep()) {
                    case ALL -> mode != LoadMode.UPSERT;
                    case LATEST -> mode == LoadMode.UPSERT || mode == LoadMode.REPLACE;
                };
        if (!possible) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    mode == LoadMode.UPSERT
                            ? "Model '%s' keeps all rows, so that none can take another's place"
                                    .formatted(model.name())
                            : "Model '%s' keeps the latest row of each key, and cannot be loaded in"
                                            .formatted(model.name())
                                    + " the mode "
                                    + mode,
                    mode == LoadMode.UPSERT
                            ? "Make a model with a key and \"keep\": \"latest\"."
                            : "Use the mode upsert, which is what such a model does by itself, or"
                                    + " replace.",
                    null);
        }
        return options;
    }

    private @Nullable JobId parent(Model model, @Nullable String id) {
        if (id == null) {
            return null;
        }
        var parent = get(id);
        if (!parent.model().id().equals(model.id())) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "Job %s loaded into model '%s', not into '%s'"
                            .formatted(parent.id(), parent.model().name(), model.name()),
                    "Load its mended rows into the same model.",
                    null);
        }
        return parent.id();
    }

    /// By public id, UUID, or `last`.
    ///
    /// @throws MillraceException NOT_FOUND
    public Job get(String idOrLast) {
        return find(idOrLast)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND,
                                idOrLast.equals("last")
                                        ? "There is no job yet"
                                        : "There is no job '%s'".formatted(idOrLast),
                                "millrace job list shows the jobs.",
                                null));
    }

    /// The same, or nothing.
    public Optional<Job> find(String idOrLast) {
        return catalog.jobs().find(idOrLast);
    }

    /// Newest first, those behind a place.
    public List<Job> list(@Nullable Before before, int limit) {
        return catalog.jobs().list(before, limit);
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
            seen = catalog.awaitChange(id::equals, seen, least(left, LOOK_AGAIN));
        }
    }

    /// How long a change may be overlooked, which bounds how often the catalog is asked: a
    /// sixteenth of the time waited so far, so that nobody waits much longer for it than they have
    /// to.
    private static Duration pauseAfter(Duration waited) {
        return least(waited.dividedBy(16), Looks.BETWEEN);
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
                catalog.awaitChange(id::equals, look.seen(), LOOK_AGAIN);
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

    /// Loads a failed job once more from its stored splits, without another upload.
    ///
    /// @param wishes what is to be otherwise; the mode stays
    /// @throws MillraceException NOT_FOUND; JOB_NOT_RETRYABLE with the reason
    public Job retry(String idOrLast, Wishes wishes) {
        // Of a job that has just failed an owner still removes what nobody needs any more.
        var begun = System.nanoTime();
        var seen = catalog.awaitChange(0, Duration.ZERO);
        var job = get(idOrLast);
        while (!catalog.jobs().retry(job.id(), wishes.over(job.options()))) {
            job = catalog.jobs().get(job.id());
            if (!job.isRetryable() || System.nanoTime() - begun > CLEAN_UP_LIMIT.toNanos()) {
                throw notRetryable(job);
            }
            seen = catalog.awaitChange(job.id()::equals, seen, Looks.BETWEEN);
        }
        return catalog.jobs().get(job.id());
    }

    private static MillraceException notRetryable(Job job) {
        var why =
                job.state() != JobState.FAILED
                        ? "is %s; only a failed job is loaded again".formatted(job.state())
                        : job.isUncertain()
                                ? "may have been published"
                                : !job.isReceived()
                                        ? "failed before its source had arrived"
                                        : !job.splitsKept()
                                                ? "failed too long ago: its stored file is gone"
                                                : "is still being cleaned up";
        return new MillraceException(
                ErrorCode.JOB_NOT_RETRYABLE,
                "Job %s %s".formatted(job.id(), why),
                job.isUncertain()
                        ? "Look whether its rows are in the table, then: millrace job resolve "
                                + job.id()
                        : job.isRetryable() ? "Try again in a moment." : "Load the file again.",
                null);
    }

    /// Has a published job's rows taken out of its table again. Its owner does it; what stands in
    /// the way is said at once where it is known, else by [Job#undo].
    ///
    /// @throws MillraceException NOT_FOUND; UNDO_REFUSED with the reason
    public Job undo(String idOrLast) {
        var job = get(idOrLast);
        if (job.isUndoing() || job.isUndone()) {
            return job;
        }
        if (job.phase() != Phase.PUBLISHED || !job.state().isFinal()) {
            throw new MillraceException(
                    ErrorCode.UNDO_REFUSED,
                    "Job %s has published nothing: it is %s".formatted(job.id(), job.state()),
                    job.state().isFinal() ? null : "Cancel it: millrace job cancel " + job.id(),
                    null);
        }
        Undoable.require(job, catalog.jobs());
        catalog.jobs().requestUndo(job.id());
        return catalog.jobs().get(job.id());
    }

    /// Says what somebody has found who looked whether an uncertain job's rows are in its table.
    /// What the table itself can tell may not be said otherwise.
    ///
    /// @throws MillraceException NOT_FOUND; JOB_NOT_UNCERTAIN; INVALID_REQUEST when the table says
    ///   the contrary
    public Job resolve(String idOrLast, boolean published) {
        var job = get(idOrLast);
        if (!job.isUncertain()) {
            throw new MillraceException(
                    ErrorCode.JOB_NOT_UNCERTAIN,
                    "What became of job %s is known: %s".formatted(job.id(), job.state()));
        }
        var held = sink.held(job.publishable(), Journals.of(job));
        if (held == (published ? Held.NOTHING : Held.ALL)) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The table '%s' holds %s of the rows of job %s"
                            .formatted(
                                    job.model().table(),
                                    held == Held.ALL ? "all" : "none",
                                    job.id()),
                    "Resolve it as %s.".formatted(published ? "not published" : "published"),
                    null);
        }
        catalog.jobs().resolve(job.id(), published);
        return catalog.jobs().get(job.id());
    }

    /// Hands over the kept rejections of a job, in the order of its sources and their rows.
    ///
    /// @param sources of which sources, by their ordinals
    public void rejections(Job job, IntPredicate sources, Consumer<Rejection> each) {
        KeptRejections.each(catalog, store, job.id(), sources, kept -> kept.forEach(each));
    }

    /// Problems by code and column, most frequent first, with some examples of each.
    public List<RejectionCause> rejectionCauses(Job job) {
        return RejectionExamples.of(catalog, store, job);
    }

    /// What became of the records of each source of a job, by its ordinal; what has no entry in the
    /// ledger is missing.
    public Map<Integer, SourceCounts> sourceCounts(Job job) {
        var ledger = job.ledger();
        return job.hasSeveralSources()
                ? catalog.splits().sourceCounts(job.id())
                : Map.of(
                        0,
                        new SourceCounts(
                                ledger.read(), ledger.written().rows(), ledger.rejected()));
    }

    /// The rejected rows of a source of a job, in its form.
    ///
    /// @param source its ordinal
    /// @throws MillraceException NOT_FOUND while the source's header is not known; REJECTIONS_GONE
    ///   when the rows are no longer kept
    public RejectedSource rejectedSource(Job job, int source) {
        var entries =
                KeptRejections.entries(catalog, job.id())
                        .filter(entry -> entry.split().source() == source)
                        .toList();
        return new RejectedSource(store, job, source, entries);
    }

    /// The ledger of the present attempt.
    public List<LedgerEntry> ledger(Job job) {
        return catalog.splits().ledger(job.id());
    }
}
