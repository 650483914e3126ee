package dev.millrace.intake;

import static dev.millrace.intake.ReceivingSite.CATALOG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Answers;
import dev.millrace.core.Backoff;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectStores;
import dev.millrace.core.Phase;
import dev.millrace.core.Pull;
import dev.millrace.core.S3Reach;
import dev.millrace.core.Secret;
import dev.millrace.core.Source;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadStatus;
import dev.millrace.s3.CuttingProxy;
import dev.millrace.s3.S3Connector;
import dev.millrace.s3.S3Server;
import dev.millrace.store.LocalStore;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sources that a server fetches from a real S3, into a real catalog and store, whatever breaks on
/// the way.
class PullsTest {
    private static final ConnectionId CONNECTION = new ConnectionId(UUID.randomUUID());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Answers NO_ANSWERS =
            new Answers() {
                @Override
                public void require(ConnectionId connection, String query) {
                    throw new AssertionError("nobody asks " + query);
                }

                @Override
                public InputStream open(ConnectionId connection, String query, Duration patience) {
                    throw new AssertionError("nobody asks " + query);
                }
            };
    private static S3Server server;
    private static String bucket;

    @TempDir private Path folder;
    private LocalStore store;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = S3Server.shared();
        bucket = server.newBucket("pulls");
    }

    @BeforeEach
    void open() {
        store = LocalStore.open(folder.resolve("store"), 0);
    }

    @AfterEach
    void close() throws Exception {
        for (var each : opened.reversed()) {
            each.close();
        }
    }

    private static byte[] file(int rows, long seed) {
        var random = new Random(seed);
        var text = new StringBuilder("a,b\n");
        for (var n = 0; n < rows; n++) {
            text.append(n).append(',').append(random.nextLong()).append('\n');
        }
        return text.toString().getBytes(UTF_8);
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private ObjectStores stores(S3Reach reach, Secret secret) {
        var objects = new S3Connector(HostRules.parse("127.0.0.1")).open(reach, secret);
        opened.add(objects);
        return _ -> new ObjectStores.Opened(CONNECTION, objects);
    }

    private ObjectStores through(URI endpoint) {
        return stores(S3Server.reach(endpoint, S3Server.ACCESS_KEY_ID), S3Server.secret());
    }

    /// A server that fetches with a few small splits.
    private Pulls pulls(String name, ObjectStores stores, Duration patience) {
        var pulls =
                new Pulls(
                        CATALOG,
                        stores,
                        NO_ANSWERS,
                        ReceivingSite.intake(name, store, ReceivingSite.SIZES),
                        new UploadReceiver(name, "host", store.identity()),
                        1,
                        patience);
        opened.add(pulls);
        return pulls;
    }

    private static Job create(Pulls pulls, String key) {
        var wanted = pulls.find("store", "s3://%s/%s".formatted(bucket, key));
        return CATALOG.pulls().create(ReceivingSite.newJob(names(wanted)), wanted);
    }

    private static List<String> names(List<Pull.OfObject> wanted) {
        return wanted.stream().map(each -> each.object().name().toString()).toList();
    }

    private static Job await(Job job, Predicate<Job> until) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        var backoff = new Backoff();
        while (true) {
            var now = CATALOG.jobs().get(job.id());
            if (until.test(now)) {
                return now;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("it does not come: " + now);
            }
            backoff.pause();
        }
    }

    private static Job awaitEnd(Job job) {
        return await(job, now -> now.phase() == Phase.LOADING || now.state().isFinal());
    }

    private static void assertHolds(Job job, byte[] content) throws Exception {
        assertThat(job.phase()).as("%s", job.cause()).isEqualTo(Phase.LOADING);
        assertThat(job.source().contentHash()).isEqualTo(sha256(content));
        assertThat(job.source().receivedBytes()).isEqualTo(content.length);
        assertThat(job.source().declaredBytes()).isEqualTo(content.length);
    }

    @Test
    void anObjectIsTakenInAsAFileIs() throws Exception {
        var content = file(20_000, 1);
        server.put(bucket, "whole.csv", content);
        var pulls = pulls("a/1", through(server.endpoint()), PATIENCE);
        pulls.start();
        var job = create(pulls, "whole.csv");
        pulls.wake();
        var ended = awaitEnd(job);
        assertHolds(ended, content);
        assertThat(ended.source().records()).isEqualTo(20_000);
        assertThat(ended.splits()).isGreaterThan(3);
    }

    @Test
    void brokenConnectionsCostNothing() throws Exception {
        var content = file(60_000, 2);
        server.put(bucket, "cut.csv", content);
        try (var proxy = new CuttingProxy(server.port(), 150_000, 5, () -> {})) {
            var pulls = pulls("b/1", through(proxy.endpoint()), PATIENCE);
            var job = create(pulls, "cut.csv");
            pulls.start();
            assertHolds(awaitEnd(job), content);
            assertThat(proxy.connections).hasValueGreaterThan(5);
            assertThat(proxy.brought.get()).isLessThan(content.length + 300_000L);
        }
    }

    @Test
    void severalObjectsAreTheSourcesOfOneJobThroughAStopToo() throws Exception {
        var first = file(20_000, 21);
        var second = file(60_000, 22);
        var third = file(10, 23);
        server.put(bucket, "parts/1.csv", first);
        server.put(bucket, "parts/2.csv", second);
        server.put(bucket, "parts/3.csv", third);
        var stalls = new CountDownLatch(1);
        Job job;
        try (var proxy =
                new CuttingProxy(server.port(), first.length + 700_000, 1, () -> await(stalls))) {
            var one = pulls("k/1", through(proxy.endpoint()), PATIENCE);
            job = create(one, "parts/*.csv");
            assertThat(job.sources()).hasSize(3);
            one.start();
            await(job, now -> now.source().ordinal() == 1 && now.source().receivedBytes() > 0);
            one.close();
            stalls.countDown();
        }
        assertThat(CATALOG.jobs().get(job.id()).state().isFinal()).isFalse();

        pulls("k/2", through(server.endpoint()), PATIENCE).start();

        var ended = awaitEnd(job);
        assertThat(ended.phase()).as("%s", ended.cause()).isEqualTo(Phase.LOADING);
        assertThat(ended.sources())
                .extracting(Source::contentHash)
                .containsExactly(sha256(first), sha256(second), sha256(third));
        assertThat(ended.sources())
                .extracting(Source::name)
                .containsExactly(
                        "s3://%s/parts/1.csv".formatted(bucket),
                        "s3://%s/parts/2.csv".formatted(bucket),
                        "s3://%s/parts/3.csv".formatted(bucket));
        assertThat(ended.sources())
                .extracting(Source::records)
                .containsExactly(20_000L, 60_000L, 10L);
    }

    @Test
    void anObjectThatIsReplacedInTheMiddleFailsTheJob() throws Exception {
        server.put(bucket, "replaced.csv", file(60_000, 3));
        var other = file(60_000, 4);
        try (var proxy =
                new CuttingProxy(
                        server.port(),
                        500_000,
                        1,
                        () -> server.put(bucket, "replaced.csv", other))) {
            var pulls = pulls("c/1", through(proxy.endpoint()), PATIENCE);
            var job = create(pulls, "replaced.csv");
            pulls.start();
            var ended = awaitEnd(job);
            assertThat(ended.state()).isEqualTo(JobState.FAILED);
            assertThat(Objects.requireNonNull(ended.cause()).code())
                    .isEqualTo(ErrorCode.OBJECT_CHANGED);
            assertThat(ended.cause().message()).contains("replaced.csv");
        }
    }

    @Test
    void anotherServerGoesOnWhereOneWasStopped() throws Exception {
        var content = file(60_000, 5);
        server.put(bucket, "stopped.csv", content);
        var stalls = new CountDownLatch(1);
        Job job;
        try (var proxy = new CuttingProxy(server.port(), 700_000, 1, () -> await(stalls))) {
            var first = pulls("d/1", through(proxy.endpoint()), PATIENCE);
            job = create(first, "stopped.csv");
            first.start();
            await(job, now -> now.splits() > 2);
            first.close();
            var left = CATALOG.jobs().get(job.id());
            assertThat(left.state().isFinal()).isFalse();
            var status = Objects.requireNonNull(left.source().upload());
            assertThat(status.state()).isEqualTo(UploadStatus.State.INTERRUPTED);
            assertThat(status.offset()).isPositive();
            assertThat(status.expiresAt()).isNull();
            stalls.countDown();
        }

        pulls("d/2", through(server.endpoint()), PATIENCE).start();

        assertHolds(awaitEnd(job), content);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStoreThatStaysAwayFailsTheJob() throws Exception {
        server.put(bucket, "away.csv", file(60_000, 6));
        var proxy = new CuttingProxy(server.port(), 300_000, Integer.MAX_VALUE, () -> {});
        var pulls = pulls("e/1", through(proxy.endpoint()), Duration.ofMillis(500));
        var job = create(pulls, "away.csv");
        proxy.close();
        pulls.start();
        var ended = awaitEnd(job);
        assertThat(ended.state()).isEqualTo(JobState.FAILED);
        assertThat(Objects.requireNonNull(ended.cause()).code())
                .isEqualTo(ErrorCode.S3_UNAVAILABLE);
    }

    @Test
    void aCancelledJobIsNotFetched() {
        server.put(bucket, "cancelled.csv", file(100, 7));
        var pulls = pulls("f/1", through(server.endpoint()), PATIENCE);
        var job = create(pulls, "cancelled.csv");
        assertThat(CATALOG.jobs().cancel(job.id())).isTrue();
        assertThat(CATALOG.pulls().acquire("f/1", store.identity(), PATIENCE)).isEmpty();
    }

    @Test
    void aCancelledJobEndsTheWaitForASilentStore() throws Exception {
        server.put(bucket, "silent.csv", file(60_000, 11));
        server.put(bucket, "next.csv", file(100, 12));
        var stalls = new CountDownLatch(1);
        try (var proxy = new CuttingProxy(server.port(), 700_000, 1, () -> await(stalls))) {
            var patient =
                    new S3Reach(
                            proxy.endpoint(),
                            "us-east-1",
                            true,
                            S3Server.ACCESS_KEY_ID,
                            false,
                            null,
                            Duration.ofMinutes(3),
                            Duration.ofMinutes(3));
            var pulls = pulls("k/1", stores(patient, S3Server.secret()), Duration.ofMinutes(5));
            var job = create(pulls, "silent.csv");
            pulls.start();
            await(job, now -> now.splits() > 2);
            assertThat(CATALOG.jobs().cancel(job.id())).isTrue();

            var next = awaitEnd(create(pulls, "next.csv"));

            assertThat(next.phase()).isEqualTo(Phase.LOADING);
            stalls.countDown();
        }
    }

    @Test
    void oneServerAtATimeFetchesASource() {
        server.put(bucket, "once.csv", file(100, 8));
        var pulls = pulls("g/1", through(server.endpoint()), PATIENCE);
        var job = create(pulls, "once.csv");
        var catalog = CATALOG.pulls();
        var first = catalog.acquire("g/1", store.identity(), PATIENCE).orElseThrow();
        assertThat(first.job()).isEqualTo(job.id());
        assertThat(catalog.acquire("g/2", store.identity(), PATIENCE)).isEmpty();
        assertThat(catalog.renew(first, PATIENCE)).isTrue();
        catalog.release(first, Duration.ZERO);
        var second = catalog.acquire("g/2", store.identity(), PATIENCE).orElseThrow();
        assertThat(second.wanted()).isEqualTo(first.wanted());
        assertThat(catalog.renew(first, PATIENCE)).isFalse();
        catalog.releaseAll("g/");
        assertThat(catalog.acquire("g/3", store.identity(), PATIENCE)).isPresent();
        CATALOG.jobs().cancel(job.id());
    }

    @Test
    void aSourceThatIsFetchedDoesNotExpire() {
        server.put(bucket, "patient.csv", file(100, 9));
        var pulls = pulls("h/1", through(server.endpoint()), PATIENCE);
        var job = create(pulls, "patient.csv");
        CATALOG.jobs().expireUploads();
        assertThat(CATALOG.jobs().get(job.id()).state()).isEqualTo(JobState.PENDING);
        CATALOG.jobs().cancel(job.id());
    }

    @Test
    void whatIsWrongWithTheObjectIsSaidAtOnce() {
        var pulls = pulls("i/1", through(server.endpoint()), PATIENCE);
        assertThat(ReceivingSite.code(() -> pulls.find("store", "s3://%s/no".formatted(bucket))))
                .isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(ReceivingSite.code(() -> pulls.find("store", "s3://%s/".formatted(bucket))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(ReceivingSite.code(() -> pulls.find("store", "s3://no-bucket/a")))
                .isEqualTo(ErrorCode.BUCKET_MISSING);
    }

    @Test
    void theContentThatPreviewsReadSurvivesCutsToo() throws Exception {
        var content = file(10_000, 10);
        server.put(bucket, "read.csv", content);
        try (var proxy = new CuttingProxy(server.port(), 50_000, 3, () -> {})) {
            var pulls = pulls("j/1", through(proxy.endpoint()), PATIENCE);
            var wanted = pulls.find("store", "s3://%s/read.csv".formatted(bucket)).getFirst();
            try (var in = pulls.content(wanted)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        } catch (MillraceException e) {
            throw new AssertionError(e.what(), e);
        }
    }
}
