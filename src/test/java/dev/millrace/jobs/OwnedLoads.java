package dev.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.NoLoadMetrics;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.core.Announcement;
import dev.millrace.core.Cause;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Digest;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.NewJob;
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
import dev.millrace.core.WorkerName;
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
import org.junit.jupiter.api.io.TempDir;

/// Loads that an owner drives, on the real catalog; the test plays the workers.
abstract class OwnedLoads {
    static final Digest WRITTEN = new Digest(9, 46, 123);

    @TempDir private Path folder;
    final ScriptedSink sink = new ScriptedSink();
    final Queue<JobState> counted = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Announcement> announced = new LinkedBlockingQueue<>();
    PostgresCatalog catalog;
    LocalStore store;
    Jobs jobs;
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

    Job settled(JobId id) {
        var job = jobs.await(id, Job::isSettled, Duration.ofSeconds(30));
        assertThat(job.isSettled()).as("%s", job).isTrue();
        return job;
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    /// A job with one stored split of ten records, one of them bad, that nobody has worked on.
    JobId loading(MaxRejected maxRejected) {
        return loading(LoadOptions.DEFAULT.with(maxRejected));
    }

    JobId loading(LoadOptions options) {
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

    JobId loaded(MaxRejected maxRejected) throws InterruptedException {
        var id = loading(maxRejected);
        sink.staged = WRITTEN;
        work(id, 1);
        return id;
    }

    /// Does what a worker does for the split in an attempt.
    void work(JobId id, int attempt) throws InterruptedException {
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

    Announcement nextAnnouncement() throws InterruptedException {
        return Objects.requireNonNull(announced.poll(20, TimeUnit.SECONDS), "no announcement");
    }

    Job ended(JobId id) {
        var job = jobs.await(id, j -> j.state().isFinal(), Duration.ofSeconds(30));
        assertThat(job.state().isFinal()).as("%s", job).isTrue();
        return job;
    }

    static Cause cause(Job job) {
        return Objects.requireNonNull(job.cause(), job::toString);
    }

    void awaitDiscarded(Job job) throws InterruptedException {
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
            public Receiver receive(WorkerName worker) {
                throw new UnsupportedOperationException("no worker here");
            }

            @Override
            public void check() {}

            @Override
            public void close() {}
        };
    }
}
