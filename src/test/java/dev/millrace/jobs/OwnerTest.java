package dev.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Engines;
import dev.millrace.NoLoadMetrics;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.core.Announcement;
import dev.millrace.core.Catalog.IntakeTotals;
import dev.millrace.core.Catalog.NewJob;
import dev.millrace.core.Cause;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LoadMode;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.NewSource;
import dev.millrace.core.Phase;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.RejectionFile;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.Split;
import dev.millrace.core.SplitId;
import dev.millrace.core.SplitQueue;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import dev.millrace.store.LocalStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How an owner judges what fails, on the real catalog; the test plays the workers.
class OwnerTest {
    private static final Digest WRITTEN = new Digest(9, 46, 123);

    @TempDir private Path folder;
    private final ScriptedSink sink = new ScriptedSink();
    private final Queue<JobState> counted = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Announcement> announced = new LinkedBlockingQueue<>();
    private PostgresCatalog catalog;
    private LocalStore store;
    private Jobs jobs;
    private Owner owner;

    @BeforeEach
    void startOwner() throws Exception {
        catalog = Engines.newCatalog("owner");
        store = LocalStore.open(folder.resolve("store"));
        jobs = new Jobs(catalog, store, sink);
        owner =
                new Owner(
                        "test/1",
                        catalog,
                        new Owner.Destination(store, queue(), sink),
                        new NoLoadMetrics() {
                            @Override
                            public void jobEnded(JobState state) {
                                counted.add(state);
                            }
                        });
        owner.start();
    }

    @AfterEach
    void stop() {
        owner.close();
        catalog.close();
    }

    @Test
    void noMoreJobsWaitOrRunThanMay() throws Exception {
        var few = new Jobs(catalog, store, sink, 2);
        var column = new Column("a", ColumnTypes.parse("UInt8"));
        var definition = new ModelDefinition(List.of(column), null, null, List.of(), null);
        var model = catalog.models().create("few", definition, "tester");
        var request =
                new Jobs.Request(
                        model.name(),
                        List.of(new NewSource("a.csv", SourceOptions.DETECT)),
                        Jobs.Wishes.NONE,
                        null,
                        "tester",
                        null);
        var first = few.create(request);
        few.create(request);

        assertThatThrownBy(() -> few.create(request))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_BUSY));

        few.cancel(first.id().publicId());
        assertThat(few.create(request).phase()).isEqualTo(Phase.UPLOADING);
    }

    @Test
    void aPublishThatIsRefusedBeforeItChangedAnythingFailsWithItsOwnCause() throws Exception {
        sink.publishFailure =
                new MillraceException(ErrorCode.MODEL_CHANGE_REFUSED, "column c has no value");

        var job = ended(loaded(MaxRejected.NO_LIMIT));

        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(cause(job).code()).isEqualTo(ErrorCode.MODEL_CHANGE_REFUSED);
        assertThat(sink.published).isEmpty();
        awaitDiscarded(job);
    }

    @Test
    void aJobsEndIsCountedOnceAndBeforeWhatMayFailBehindIt() throws Exception {
        sink.discardFailures.set(1);

        var job = ended(loaded(MaxRejected.NO_LIMIT));
        awaitDiscarded(job);

        assertThat(sink.discardFailures).hasValue(0);
        assertThat(counted).containsExactly(JobState.PARTIAL_SUCCESS);
    }

    @Test
    void aJobThatIsCancelledIsCountedByItsOwner() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        nextAnnouncement();
        jobs.cancel(id.publicId());

        awaitDiscarded(ended(id));

        assertThat(counted).containsExactly(JobState.CANCELLED);
    }

    @Test
    void aPublishThatTookPlaceAndThenFailedIsASuccess() throws Exception {
        sink.publishFailure = new IllegalStateException("the answer could not be read");
        sink.publishesBeforeItFails = true;

        var job = ended(loaded(MaxRejected.NO_LIMIT));

        assertThat(job.state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        assertThat(sink.published).containsEntry(job.id(), WRITTEN);
    }

    @Test
    void aPublishOfWhichSomethingElseIsThereIsUncertainAndKeepsEverything() throws Exception {
        var id = loaded(MaxRejected.NO_LIMIT);
        sink.published.put(id, new Digest(3, 1, 1));
        sink.publishFailure = new MillraceException(ErrorCode.CLICKHOUSE_REFUSED, "no");

        var job = ended(id);

        assertThat(cause(job).code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN);
        assertThat(sink.discarded).doesNotContain(id);
    }

    @Test
    void anAuditThatDisagreesIsTriedOnceMoreFromTheStoredSplitsThenFails() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        sink.staged = new Digest(8, 46, 123);

        work(id, 1);
        work(id, 2);

        var job = ended(id);
        assertThat(job.attempt()).isEqualTo(2);
        assertThat(cause(job).code()).isEqualTo(ErrorCode.AUDIT_FAILED);
        assertThat(sink.published).isEmpty();
    }

    @Test
    void stagingThatGoesMissingMeansANewAttempt() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        sink.staged = WRITTEN;
        assertThat(nextAnnouncement().attempt()).isEqualTo(1);

        sink.loseStaging();
        work(id, 2);

        assertThat(ended(id).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
    }

    @Test
    void rejectionsAreMirroredBeforeAJobFailsForThem() throws Exception {
        var id = loading(new MaxRejected(0L, null));

        work(id, 1);

        var job = ended(id);
        assertThat(cause(job).code()).isEqualTo(ErrorCode.TOO_MANY_REJECTED);
        assertThat(sink.mirrored).contains(new SplitId(id, 0, 0));
    }

    @Test
    void aCancelledJobIsCleanedUpAtOnce() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        nextAnnouncement();

        jobs.cancel(id.publicId());

        awaitDiscarded(catalog.jobs().get(id));
        await("the splits are gone", () -> store.list("splits/" + id.uuid() + "/").isEmpty());
    }

    @Test
    void anUndoneJobLeavesItsTableAndIsForgotten() throws Exception {
        var job = ended(loaded(MaxRejected.NO_LIMIT));
        awaitDiscarded(job);

        jobs.undo(job.id().publicId());

        var undone = settled(job.id());
        assertThat(undone.isUndone()).isTrue();
        assertThat(undone.state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        assertThat(sink.published).doesNotContainKey(job.id());
        await("it is forgotten", () -> sink.forgotten.contains(job.id()));
        assertThat(jobs.undo(job.id().publicId()).isUndone()).isTrue();
    }

    @Test
    void anUndoThatTheTableRefusesSaysWhyAndChangesNothing() throws Exception {
        var job = ended(loaded(MaxRejected.NO_LIMIT));
        awaitDiscarded(job);
        sink.undoFailure = new MillraceException(ErrorCode.UNDO_REFUSED, "rows were merged");

        jobs.undo(job.id().publicId());

        var refused = settled(job.id());
        assertThat(Objects.requireNonNull(refused.undo()).cause())
                .isEqualTo(new Cause(ErrorCode.UNDO_REFUSED, "rows were merged", null));
        assertThat(sink.published).containsKey(job.id());
        sink.undoFailure = null;
        jobs.undo(job.id().publicId());
        assertThat(settled(job.id()).isUndone()).isTrue();
    }

    @Test
    void onlyAPublishedJobIsUndone() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        nextAnnouncement();
        jobs.cancel(id.publicId());

        assertThatThrownBy(() -> jobs.undo(id.publicId()))
                .hasMessageContaining("has published nothing");
    }

    @Test
    void aFailedJobKeepsItsSplitsAndIsLoadedAgainWithoutAnUpload() throws Exception {
        var id = loading(new MaxRejected(0L, null));
        sink.staged = WRITTEN;
        work(id, 1);
        var failed = ended(id);
        awaitDiscarded(failed);
        assertThat(store.list("splits/" + id.uuid() + "/")).hasSize(1);
        assertThat(failed.isRetryable()).isTrue();

        jobs.retry(id.publicId(), new Jobs.Wishes(null, null, MaxRejected.NO_LIMIT, null, null));
        work(id, 2);

        assertThat(ended(id).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        await("splits are gone", () -> store.list("splits/" + id.uuid() + "/").isEmpty());
    }

    @Test
    void aRetriedJobMayFailItsAuditOnceMore() throws Exception {
        var id = loading(new MaxRejected(0L, null));
        work(id, 1);
        awaitDiscarded(ended(id));
        sink.staged = new Digest(8, 46, 123);

        jobs.retry(id.publicId(), new Jobs.Wishes(null, null, MaxRejected.NO_LIMIT, null, null));
        work(id, 2);
        await("a third attempt", () -> catalog.jobs().get(id).attempt() == 3);
        sink.staged = WRITTEN;
        work(id, 3);

        assertThat(ended(id).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
    }

    @Test
    void theSameContentIsRefusedSkippedOrLoadedAsItsCallerWants() throws Exception {
        var first = ended(loaded(MaxRejected.NO_LIMIT));
        var options = LoadOptions.DEFAULT;

        var refused = ended(loading(options));
        var skipped = ended(loading(options.with(IfLoaded.SKIP)));
        var again = loading(options.with(IfLoaded.LOAD));
        work(again, 1);

        assertThat(cause(refused).code()).isEqualTo(ErrorCode.ALREADY_LOADED);
        assertThat(refused.links().duplicateOf()).isEqualTo(first.id());
        assertThat(skipped.state()).isEqualTo(JobState.SUCCESS);
        assertThat(skipped.links().duplicateOf()).isEqualTo(first.id());
        assertThat(sink.published).doesNotContainKeys(refused.id(), skipped.id());
        assertThat(ended(again).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
    }

    @Test
    void anUncertainJobIsNotResolvedAgainstWhatItsTableSays() throws Exception {
        var id = loaded(MaxRejected.NO_LIMIT);
        sink.published.put(id, new Digest(3, 1, 1));
        sink.publishFailure = new MillraceException(ErrorCode.CLICKHOUSE_REFUSED, "no");
        assertThat(cause(ended(id)).code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN);
        assertThatThrownBy(() -> jobs.retry(id.publicId(), Jobs.Wishes.NONE))
                .hasMessageContaining("may have been published");
        sink.published.put(id, WRITTEN);

        assertThatThrownBy(() -> jobs.resolve(id.publicId(), false))
                .hasMessageContaining("holds all of the rows");
        assertThat(jobs.resolve(id.publicId(), true).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        awaitDiscarded(catalog.jobs().get(id));
    }

    @Test
    void whatALaterJobReplacedIsNotUndoneBeforeIt() throws Exception {
        var first = ended(loaded(MaxRejected.NO_LIMIT));
        var replacement = loading(LoadOptions.DEFAULT.with(LoadMode.REPLACE));
        work(replacement, 1);
        ended(replacement);

        assertThatThrownBy(() -> jobs.undo(first.id().publicId()))
                .hasMessageContaining("has put its rows in the place");
        jobs.undo(replacement.publicId());
        assertThat(settled(replacement).isUndone()).isTrue();
        jobs.undo(first.id().publicId());
        assertThat(settled(first.id()).isUndone()).isTrue();
    }

    @Test
    void aReplacementUponWhichOthersWereLoadedIsNotUndoneBeforeThem() throws Exception {
        var replacement = loading(LoadOptions.DEFAULT.with(LoadMode.REPLACE));
        sink.staged = WRITTEN;
        work(replacement, 1);
        ended(replacement);
        var later = loading(LoadOptions.DEFAULT.with(IfLoaded.LOAD));
        work(later, 1);
        ended(later);

        assertThatThrownBy(() -> jobs.undo(replacement.publicId()))
                .hasMessageContaining("was published into the table");
    }

    @Test
    void aDryRunEndsAuditedAndLeavesNothingAndClaimsNothing() throws Exception {
        var dry =
                loading(
                        new LoadOptions(
                                LoadMode.APPEND,
                                IfLoaded.REFUSE,
                                MaxRejected.NO_LIMIT,
                                false,
                                true));
        sink.staged = WRITTEN;
        work(dry, 1);

        var job = ended(dry);
        assertThat(job.state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        assertThat(job.phase()).isEqualTo(Phase.AUDITED);
        assertThat(job.ledger().rejected()).isEqualTo(1);
        assertThat(sink.mirrored).isNotEmpty();
        assertThat(sink.published).isEmpty();
        awaitDiscarded(job);
        assertThatThrownBy(() -> jobs.undo(dry.publicId()))
                .hasMessageContaining("has published nothing");

        var published = ended(loaded(MaxRejected.NO_LIMIT));
        assertThat(published.phase()).isEqualTo(Phase.PUBLISHED);
        assertThat(sink.published).containsOnlyKeys(published.id());

        var again =
                loading(
                        new LoadOptions(
                                LoadMode.APPEND,
                                IfLoaded.REFUSE,
                                MaxRejected.NO_LIMIT,
                                false,
                                true));
        work(again, 1);
        assertThat(ended(again).phase()).isEqualTo(Phase.AUDITED);
    }

    private Job settled(JobId id) {
        var job = jobs.await(id, Job::isSettled, Duration.ofSeconds(30));
        assertThat(job.isSettled()).as("%s", job).isTrue();
        return job;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    /// A job with one stored split of ten records, one of them bad, that nobody has worked on.
    private JobId loading(MaxRejected maxRejected) {
        return loading(LoadOptions.DEFAULT.with(maxRejected));
    }

    private JobId loading(LoadOptions options) {
        var definition =
                new ModelDefinition(
                        List.of(new Column("a", ColumnTypes.parse("UInt8"))),
                        null,
                        null,
                        List.of(),
                        null);
        var model =
                catalog.models()
                        .find("m")
                        .orElseGet(() -> catalog.models().create("m", definition, "tester"));
        var id =
                catalog.jobs()
                        .create(
                                new NewJob(
                                        model,
                                        "a.csv",
                                        SourceOptions.DETECT,
                                        options,
                                        null,
                                        "tester"))
                        .id();
        var split = new Split(new SplitId(id, 0, 0), 1, 10, 20, 0, 0, 22);
        var upload =
                catalog.jobs()
                        .beginUpload(
                                id,
                                new UploadReceiver("test/1", "here", store.identity()),
                                UploadRequest.whole(22))
                        .orElseThrow();
        store.put(split.objectName(), ByteBuffer.wrap(new byte[20]));
        catalog.splits().add(upload, split, true);
        catalog.jobs().finishUpload(upload, new IntakeTotals(1, 10, 20, 22, "hash"));
        return id;
    }

    private JobId loaded(MaxRejected maxRejected) throws InterruptedException {
        var id = loading(maxRejected);
        sink.staged = WRITTEN;
        work(id, 1);
        return id;
    }

    /// Does what a worker does for the split in an attempt.
    private void work(JobId id, int attempt) throws InterruptedException {
        var announcement = nextAnnouncement();
        while (!announcement.split().job().equals(id) || announcement.attempt() < attempt) {
            announcement = nextAnnouncement();
        }
        catalog.splits().start(announcement, "tester");
        var rejection =
                new Rejection(0, 3, "", "a", "UInt8", RejectionCode.OUT_OF_RANGE, "", "", "");
        var entry =
                new LedgerEntry(
                        announcement.split(),
                        attempt,
                        "tester",
                        10,
                        20,
                        WRITTEN,
                        1,
                        List.of(new RejectionCount(RejectionCode.OUT_OF_RANGE, "a", 1)),
                        1);
        store.put(entry.rejectionsName(), RejectionFile.write(List.of(rejection)));
        assertThat(catalog.splits().record(entry)).as("entry of %s", id).isTrue();
    }

    private Announcement nextAnnouncement() throws InterruptedException {
        return Objects.requireNonNull(announced.poll(20, TimeUnit.SECONDS), "no announcement");
    }

    private Job ended(JobId id) {
        var job = jobs.await(id, j -> j.state().isFinal(), Duration.ofSeconds(30));
        assertThat(job.state().isFinal()).as("%s", job).isTrue();
        return job;
    }

    private static Cause cause(Job job) {
        return Objects.requireNonNull(job.cause(), job::toString);
    }

    private void awaitDiscarded(Job job) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (!sink.discarded.contains(job.id()) && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(sink.discarded).contains(job.id());
    }

    private SplitQueue queue() {
        return new SplitQueue() {
            @Override
            public void announce(List<Announcement> announcements) {
                announced.addAll(announcements);
            }

            @Override
            public Receiver receive(String worker) {
                throw new UnsupportedOperationException("no worker here");
            }

            @Override
            public void check() {}

            @Override
            public void close() {}
        };
    }
}
