package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Engines;
import dev.millrace.NoLoadMetrics;
import dev.millrace.catalog.PostgresCatalog;
import dev.millrace.clickhouse.ClickHouseConnection;
import dev.millrace.clickhouse.ClickHouseSink;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.NewJob;
import dev.millrace.core.Sink;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import dev.millrace.core.WorkerName;
import dev.millrace.intake.Admission;
import dev.millrace.intake.Intake;
import dev.millrace.jobs.Jobs;
import dev.millrace.jobs.Owner;
import dev.millrace.kafka.KafkaSettings;
import dev.millrace.kafka.KafkaSplitQueue;
import dev.millrace.load.SplitLoad;
import dev.millrace.load.Worker;
import dev.millrace.models.Models;
import dev.millrace.store.LocalStore;
import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Jobs share the workers: real engines, with splits that take their time.
class FairnessTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir private Path folder;

    private final Recorded recorded = new Recorded();
    private final ClickHouseConnection connection =
            new ClickHouseConnection(Engines.clickhouseSettings());
    private final ClickHouseSink clickhouse = new ClickHouseSink(connection);
    private final String topic = "fair_" + UUID.randomUUID();
    private PostgresCatalog catalog;
    private LocalStore store;
    private KafkaSplitQueue queue;
    private Model model;
    private Jobs jobs;
    private Owner owner;

    @BeforeEach
    void start() {
        catalog = Engines.newCatalog("fair");
        store = LocalStore.open(folder);
        queue =
                new KafkaSplitQueue(
                        new KafkaSettings(
                                Engines.kafka().bootstrapServers(),
                                topic,
                                4,
                                false,
                                topic,
                                Map.of()));
        jobs = new Jobs(catalog, store, clickhouse);
        var definition =
                new ModelDefinition(
                        List.of(new Column("n", ColumnTypes.parse("UInt32"))),
                        null,
                        null,
                        List.of(),
                        null);
        model = new Models(catalog, clickhouse).create("fair", definition, "tester", null);
        var destination = new Owner.Destination(store, queue, clickhouse);
        owner = new Owner("fair/1", catalog, destination, recorded);
        owner.start();
    }

    @AfterEach
    void close() {
        owner.close();
        queue.close();
        connection.close();
        catalog.close();
    }

    /// A worker that needs so long for a split.
    private Worker worker(int threads, Duration split) {
        var slow =
                (Sink)
                        Proxy.newProxyInstance(
                                Sink.class.getClassLoader(),
                                new Class<?>[] {Sink.class},
                                (_, method, arguments) -> {
                                    if (method.getName().equals("write")) {
                                        LockSupport.parkNanos(split.toNanos());
                                    }
                                    try {
                                        return method.invoke(clickhouse, arguments);
                                    } catch (InvocationTargetException e) {
                                        throw e.getCause();
                                    }
                                });
        var load = new SplitLoad(store, slow, recorded);
        var worker = new Worker(WorkerName.given("w"), catalog, queue, load, recorded, threads);
        worker.start();
        return worker;
    }

    /// A job whose source has arrived.
    private Job job(int splits) {
        var rows = IntStream.range(0, splits * 10).mapToObj(Integer::toString);
        var source = rows.collect(Collectors.joining("\n", "n\n", "\n")).getBytes(UTF_8);
        var wanted =
                new NewJob(
                        model,
                        splits + ".csv",
                        SourceOptions.DETECT,
                        LoadOptions.DEFAULT,
                        null,
                        "tester");
        return new Intake(
                        catalog,
                        store,
                        new UploadReceiver("fair/1", "here", store.identity()),
                        recorded,
                        new Admission(store, clickhouse, Admission.Bounds.NONE),
                        new SplitSizes(1 << 20, 1 << 20, 10))
                .receive(
                        catalog.jobs().create(wanted),
                        new ByteArrayInputStream(source),
                        UploadRequest.once(source.length));
    }

    private Job await(JobId job, Predicate<Job> until) {
        var now = jobs.await(job, until, LIMIT);
        assertThat(until.test(now)).as("%s", now).isTrue();
        return now;
    }

    /// Before, 64 of the large one's were announced in front of it.
    @Test
    void aSmallJobIsNotStuckBehindALargeOne() {
        var large = job(200);
        assertThat(large.splits()).isEqualTo(200);
        try (var _ = worker(2, Duration.ofMillis(100))) {
            await(large.id(), now -> now.ledger().splits() >= 10);

            var small = job(1);
            var before = recorded.of(large.id());
            var done = await(small.id(), now -> now.state().isFinal());

            assertThat(done.state()).isEqualTo(JobState.SUCCESS);
            var between = recorded.before(small.id(), large.id()) - before;
            System.out.printf("fairness large splits before the small one: %d%n", between);
            assertThat(between).isLessThan(30);
            assertThat(jobs.get(large.id().uuid().toString()).state()).isEqualTo(JobState.RUNNING);
            jobs.cancel(large.id().uuid().toString());
        }
    }

    /// However few of its splits are announced at a time.
    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void aSingleJobKeepsItsWorkersBusy(int threads) {
        var large = job(25 * threads);
        try (var _ = worker(threads, Duration.ofMillis(50))) {
            await(large.id(), now -> now.ledger().splits() >= threads);
            recorded.startOver();
            await(large.id(), now -> now.ledger().splits() >= large.splits() - threads);
            var busy = recorded.busyThreads() / threads;
            System.out.printf("fairness threads=%d busy=%.2f%n", threads, busy);
            assertThat(busy).isGreaterThan(0.7);
        }
    }

    /// Keeps the order in which splits were recorded, and how long splits were in a worker's hands.
    private static final class Recorded extends NoLoadMetrics {
        private final List<JobId> order = new CopyOnWriteArrayList<>();
        private int inHands;
        private long busyNanos;
        private long since;
        private long last;

        @Override
        public void recorded(LedgerEntry entry) {
            order.add(entry.split().job());
        }

        @Override
        public void splitTaken() {
            change(1);
        }

        @Override
        public void splitLeft() {
            change(-1);
        }

        private synchronized void change(int by) {
            var now = System.nanoTime();
            busyNanos += inHands * (now - last);
            last = now;
            inHands += by;
        }

        synchronized void startOver() {
            change(0);
            busyNanos = 0;
            since = last;
        }

        /// How many threads were busy, on average, since it started over.
        synchronized double busyThreads() {
            change(0);
            return (double) busyNanos / (last - since);
        }

        long of(JobId job) {
            return order.stream().filter(job::equals).count();
        }

        /// How many of one job's were recorded before another's first.
        long before(JobId first, JobId job) {
            return order.stream().takeWhile(j -> !j.equals(first)).filter(job::equals).count();
        }
    }
}
