package dev.millrace.load;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.NoLoadMetrics;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.core.Announcement;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.JobId;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.NewJob;
import dev.millrace.core.Sink;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.Split;
import dev.millrace.core.SplitId;
import dev.millrace.core.SplitQueue;
import dev.millrace.core.Store;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import dev.millrace.core.WorkerName;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a worker counts of splits that it cannot load.
class WorkerTest {
    private final BlockingQueue<String> counted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> fetches = new LinkedBlockingQueue<>();
    private PostgresCatalog catalog;
    private JobId job;

    @BeforeEach
    void announceASplit() throws Exception {
        catalog = Engines.newCatalog("worker");
        var column = new Column("a", ColumnTypes.parse("UInt8"));
        var definition = new ModelDefinition(List.of(column), null, null, List.of(), null);
        var model = catalog.models().create("m", definition, "tester");
        var wanted =
                new NewJob(
                        model, "a.csv", SourceOptions.DETECT, LoadOptions.DEFAULT, null, "tester");
        job = catalog.jobs().create(wanted).id();
        var upload =
                catalog.jobs()
                        .beginUpload(
                                job,
                                new UploadReceiver("test/1", "here", "store"),
                                UploadRequest.whole(22))
                        .orElseThrow();
        catalog.splits().add(upload, new Split(new SplitId(job, 0, 0), 1, 10, 20, 0, 0, 22), true);
        catalog.jobs().finishUpload(upload, new IntakeTotals(1, 10, 20, 22, "hash"));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private static void fail(ErrorCode code) {
        throw new MillraceException(code, "as the test says");
    }

    /// What is counted until the split is left, while each fetch of it goes as the test says.
    private List<String> work() throws InterruptedException {
        var due = catalog.splits().announceable(job, 1, 1, 1, Duration.ofMinutes(1));
        var metrics = new Told();
        var sink =
                (Sink)
                        Proxy.newProxyInstance(
                                Sink.class.getClassLoader(),
                                new Class<?>[] {Sink.class},
                                (_, _, _) -> null);
        var told = new ArrayList<String>();
        try (var worker =
                new Worker(
                        WorkerName.given("w"),
                        catalog,
                        new Once(due),
                        new SplitLoad(new Failing(), sink, metrics),
                        metrics,
                        1)) {
            worker.start();
            while (!told.contains("left")) {
                var next = counted.poll(20, TimeUnit.SECONDS);
                assertThat(next).as("after %s", told).isNotNull();
                told.add(next);
            }
        }
        return told;
    }

    @Test
    void aSplitIsInHandUntilItsWorkerLeavesItWhileItWaitsForAnEngineToo() throws Exception {
        fetches.add(() -> fail(ErrorCode.STORE_UNAVAILABLE));
        fetches.add(() -> fail(ErrorCode.STAGING_MISSING));
        assertThat(work()).containsExactly("taken", "PAUSED", "UNSTAGED", "left");
    }

    @Test
    void aSplitWhoseStagingIsGoneBecauseItsJobIsOverIsLate() throws Exception {
        fetches.add(() -> {
            catalog.jobs().cancel(job);
            fail(ErrorCode.STAGING_MISSING);
        });
        assertThat(work()).containsExactly("taken", "LATE", "left");
    }

    private final class Told extends NoLoadMetrics {
        @Override
        public void splitTaken() {
            counted.add("taken");
        }

        @Override
        public void splitEnded(SplitEnd end) {
            counted.add(end.name());
        }

        @Override
        public void splitLeft() {
            counted.add("left");
        }
    }

    /// A store that is away as long as a fetch is to fail because of that.
    private final class Failing implements Store {
        private volatile boolean away;

        @Override
        public Path newPart() {
            throw new AssertionError("no worker takes a source in");
        }

        @Override
        public ByteBuffer get(String name) {
            try {
                fetches.remove().run();
                throw new AssertionError("every fetch fails");
            } catch (MillraceException e) {
                away = e.code() == ErrorCode.STORE_UNAVAILABLE;
                throw e;
            }
        }

        @Override
        public void check() {
            if (away) {
                fail(ErrorCode.STORE_UNAVAILABLE);
            }
        }

        @Override
        public void put(String name, ByteBuffer content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String identity() {
            return "store";
        }

        @Override
        public List<String> list(String prefix) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> children(String prefix) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(String prefix) {
            throw new UnsupportedOperationException();
        }
    }

    /// Delivers each announcement once.
    private record Once(List<Announcement> announcements) implements SplitQueue {
        @Override
        public Receiver receive(WorkerName worker) {
            var left = new LinkedBlockingQueue<>(announcements);
            return new Receiver() {
                @Override
                public List<Delivery> poll(Duration limit, int most) {
                    try {
                        var next = most == 0 ? null : left.poll(limit.toMillis(), MILLISECONDS);
                        return next == null ? List.of() : List.of(new Delivery(next, 0, 0));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return List.of();
                    }
                }

                @Override
                public void done(Delivery delivery) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void announce(List<Announcement> more) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void check() {}

        @Override
        public void close() {}
    }
}
