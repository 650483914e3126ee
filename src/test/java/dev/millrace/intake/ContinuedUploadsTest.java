package dev.millrace.intake;

import static dev.millrace.intake.ReceivingSite.CATALOG;
import static dev.millrace.intake.ReceivingSite.SIZES;
import static dev.millrace.intake.ReceivingSite.code;
import static dev.millrace.intake.ReceivingSite.get;
import static dev.millrace.intake.ReceivingSite.intake;
import static dev.millrace.intake.ReceivingSite.job;
import static dev.millrace.intake.ReceivingSite.status;
import static dev.millrace.intake.SentFile.ROWS;
import static dev.millrace.intake.SentFile.asked;
import static dev.millrace.intake.SentFile.breaking;
import static dev.millrace.intake.SentFile.file;
import static dev.millrace.intake.SentFile.gzip;
import static dev.millrace.intake.SentFile.in;
import static dev.millrace.intake.SentFile.prefix;
import static dev.millrace.intake.SentFile.replaced;
import static dev.millrace.intake.SentFile.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.StoreBehind;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.Split;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.Store;
import dev.millrace.core.UploadRequest;
import dev.millrace.core.UploadStatus;
import dev.millrace.intake.SentFile.Frozen;
import dev.millrace.intake.SentFile.Silent;
import dev.millrace.store.LocalStore;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Uploads that break off and go on, with a real catalog and store.
class ContinuedUploadsTest {
    @TempDir private Path folder;
    private LocalStore store;
    private Intake intake;

    @BeforeEach
    void openStore() {
        store = LocalStore.open(folder.resolve("store"));
        intake = intake("one/1", store, SIZES);
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, 1", "UTF-8, 2", "UTF-16LE, 3", "UTF-16BE, 4"})
    void anUploadThatBreaksAgainAndAgainEndsAsIfItWereSentInOneGo(Charset charset, long seed)
            throws Exception {
        var file = file(charset);
        var whole = received(job(), file);
        var random = new Random(seed);
        var job = job();
        breakAt(job, file, file.length / 3);
        var breaks = 0;
        while (CATALOG.jobs().get(job).phase() == Phase.UPLOADING) {
            var offset = status(job).offset();
            assertThat(status(job).state()).isEqualTo(UploadStatus.State.INTERRUPTED);
            // another process, with another heap
            var next = intake("next/" + breaks, store, new SplitSizes(90, 90 + breaks, 3));
            var bytes = (int) Math.min(file.length - offset, random.nextInt(file.length / 4));
            breaks++;
            send(next, job, file, offset, (int) offset + bytes);
        }

        assertThat(breaks).isGreaterThan(3);
        assertSameAs(whole, job, file);
    }

    @Test
    void whatBreaksInTheHeadOrBeforeTheFirstSplitBeginsAnew() throws Exception {
        var file = file(StandardCharsets.UTF_8);
        var whole = received(job(), file);
        for (var bytes : List.of(0, 1, 3, 5, 100)) {
            var job = job();
            breakAt(job, file, bytes);
            assertThat(status(job).offset()).isZero();
            assertThat(status(job).state()).isEqualTo(UploadStatus.State.INTERRUPTED);

            intake.receive(get(job), in(file, 0), asked(file, 0));

            assertSameAs(whole, job, file);
        }
    }

    @Test
    void aSourceThatEndsBeforeItsDeclaredLengthIsBrokenOffAndItsLastRecordIsNotTaken()
            throws Exception {
        var file = file(StandardCharsets.UTF_8);
        var whole = received(job(), file);
        var job = job();

        var code =
                code(() ->
                        intake.receive(
                                get(job),
                                in(Arrays.copyOf(file, file.length - 5), 0),
                                UploadRequest.whole(file.length)));

        assertThat(code).isEqualTo(ErrorCode.UPLOAD_INTERRUPTED);
        var offset = status(job).offset();
        assertThat(offset).isBetween(1L, file.length - 5L);
        // without saying how long it is, it is held to what was said first
        assertThat(
                        code(() ->
                                intake.receive(
                                        get(job),
                                        in(Arrays.copyOf(file, file.length - 1), offset),
                                        new UploadRequest(-1, offset, prefix(file, offset), true))))
                .isEqualTo(ErrorCode.UPLOAD_INTERRUPTED);
        send(intake, job, file, status(job).offset(), file.length);
        assertSameAs(whole, job, file);
    }

    @Test
    void anotherOffsetAnotherPrefixAndAnotherFileAreRefusedAndChangeNothing() throws Exception {
        var file = file(StandardCharsets.UTF_8);
        var whole = received(job(), file);
        var job = job();
        breakAt(job, file, file.length / 2);
        var before = get(job);
        var offset = status(job).offset();
        var changed = file.clone();
        changed[(int) offset - 2] ^= 1;

        assertThat(
                        code(() ->
                                intake.receive(
                                        before, in(file, offset - 1), asked(file, offset - 1))))
                .isEqualTo(ErrorCode.UPLOAD_OFFSET);
        assertThat(code(() -> intake.receive(before, in(changed, offset), asked(changed, offset))))
                .isEqualTo(ErrorCode.UPLOAD_CHANGED);
        var longer = new UploadRequest(file.length + 1L, offset, prefix(file, offset), true);
        assertThat(code(() -> intake.receive(before, in(file, offset), longer)))
                .isEqualTo(ErrorCode.UPLOAD_CHANGED);
        assertThat(get(job)).isEqualTo(before);

        send(intake, job, file, offset, file.length);
        assertSameAs(whole, job, file);
    }

    @Test
    void aPackedSourceBeginsAgainAndWhatIsHeldIsNotStoredAgain() throws Exception {
        var plain = file(StandardCharsets.UTF_8);
        var file = gzip(plain);
        var whole = received(job(), file);
        var job = job();
        breakAt(job, file, file.length / 2);
        assertThat(status(job).offset()).isZero();
        var held = CATALOG.jobs().heldSource(job, 0).splits();
        assertThat(held).hasSizeGreaterThan(2);
        var puts = new AtomicInteger();

        intake("two/1", counting(puts), new SplitSizes(50, 60, 5))
                .receive(get(job), in(file, 0), asked(file, 0));

        var splits = CATALOG.jobs().heldSource(job, 0).splits();
        assertThat(puts).hasValue(splits.size() - held.size());
        assertThat(splits).startsWith(held.toArray(Split[]::new));
        assertSameRows(whole, job);
        assertThat(get(job).source().contentHash()).isEqualTo(sha256(plain));
    }

    @ParameterizedTest
    @CsvSource({"first row", "header", "shorter", "damaged", "empty"})
    void anotherPackedSourceIsRefusedAndTheJobStillWaitsForItsOwn(String how) throws Exception {
        var plain = file(StandardCharsets.UTF_8);
        var file = gzip(plain);
        var whole = received(job(), file);
        var job = job();
        breakAt(job, file, file.length / 2);
        var before = get(job);
        var other =
                switch (how) {
                    case "first row" -> gzip(replaced(plain, "0,row 0", "0,raw 0"));
                    case "header" -> gzip(replaced(plain, "a,b", "a,c"));
                    case "shorter" -> gzip(Arrays.copyOf(plain, 6_000));
                    case "damaged" -> Arrays.copyOf(file, 30);
                    default -> new byte[0];
                };

        assertThat(code(() -> intake.receive(get(job), in(other, 0), UploadRequest.whole(-1))))
                .isIn(ErrorCode.UPLOAD_CHANGED, ErrorCode.UPLOAD_INTERRUPTED);

        assertThat(get(job).source().upload()).isNotNull();
        assertThat(get(job).splits()).isEqualTo(before.splits());
        assertThat(get(job).state()).isEqualTo(before.state());
        intake.receive(get(job), in(file, 0), asked(file, 0));
        assertSameRows(whole, job);
    }

    @Test
    void aFaultOfTheSourceItselfFailsTheJob() {
        var job = job();
        var lacksB = "a\n1\n".getBytes(StandardCharsets.UTF_8);

        assertThat(code(() -> intake.receive(get(job), in(lacksB, 0), asked(lacksB, -1))))
                .isEqualTo(ErrorCode.HEADER_MISSING_COLUMN);

        assertThat(get(job).state()).isEqualTo(JobState.FAILED);
        assertThat(get(job).source().upload()).isNull();
    }

    @Test
    void anUploadThatNobodyCanContinueFailsAtOnce() {
        var job = job();
        var file = file(StandardCharsets.UTF_8);

        assertThat(
                        code(() ->
                                intake.receive(
                                        get(job),
                                        breaking(file, 0, file.length / 2),
                                        UploadRequest.once(file.length))))
                .isEqualTo(ErrorCode.UPLOAD_INTERRUPTED);

        assertThat(get(job).state()).isEqualTo(JobState.FAILED);
        assertThat(store.list("splits/%s/".formatted(job.uuid()))).isEmpty();
    }

    @Test
    void aFullDiskInterruptsAndTheUploadGoesOnOnceThereIsRoom() throws Exception {
        var file = file(StandardCharsets.UTF_8);
        var whole = received(job(), file);
        var job = job();
        var room = new AtomicInteger(3);
        var full =
                new StoreBehind(store) {
                    @Override
                    public void put(String name, ByteBuffer content) {
                        if (room.decrementAndGet() < 0) {
                            throw new MillraceException(ErrorCode.DISK_FULL, "No room");
                        }
                        super.put(name, content);
                    }
                };

        assertThat(
                        code(() ->
                                intake("full/1", full, SIZES)
                                        .receive(get(job), in(file, 0), asked(file, -1))))
                .isEqualTo(ErrorCode.DISK_FULL);

        assertThat(CATALOG.jobs().heldSource(job, 0).splits()).hasSize(3);
        send(intake, job, file, status(job).offset(), file.length);
        assertSameAs(whole, job, file);
    }

    @Test
    void aReceiverThatWakesAfterATakeoverChangesNothing() throws Exception {
        var file = file(StandardCharsets.UTF_8);
        var whole = received(job(), file);
        var job = job();
        var wake = new CountDownLatch(1);
        var half = file.length / 2;
        var others = replaced(file, "row", "raw");
        var frozenBody =
                new SequenceInputStream(
                        in(Arrays.copyOf(file, half), 0), new Frozen(wake, in(others, half)));
        var frozen =
                CompletableFuture.supplyAsync(
                        () ->
                                code(() ->
                                        intake.receive(
                                                get(job),
                                                frozenBody,
                                                UploadRequest.whole(file.length))),
                        task -> Thread.ofVirtual().start(task));
        awaitOffset(job, half / 2);
        var other = intake("two/1", store, SIZES);
        assertThat(code(() -> other.receive(get(job), in(file, 0), UploadRequest.whole(-1))))
                .isEqualTo(ErrorCode.UPLOAD_NOT_EXPECTED);
        var third = CATALOG.jobs().heldSource(job, 0).splits().size();
        takeOver(other, job, file, 70_000);
        assertThat(CATALOG.jobs().heldSource(job, 0).splits()).hasSizeGreaterThan(third);

        wake.countDown();

        assertThat(frozen.get(20, TimeUnit.SECONDS)).isEqualTo(ErrorCode.UPLOAD_NOT_EXPECTED);
        assertThat(get(job).phase()).isEqualTo(Phase.UPLOADING);
        send(other, job, file, status(job).offset(), file.length);
        assertSameAs(whole, job, file);
    }

    @Test
    void aReceiverInTheSameProcessIsEndedByATakeover() throws Exception {
        var file = file(StandardCharsets.UTF_8);
        var whole = received(job(), file);
        var job = job();
        var half = file.length / 2;
        var silent = new SequenceInputStream(in(Arrays.copyOf(file, half), 0), new Silent());
        var waiting =
                CompletableFuture.supplyAsync(
                        () ->
                                code(() ->
                                        intake.receive(
                                                get(job),
                                                silent,
                                                UploadRequest.whole(file.length))),
                        task -> Thread.ofVirtual().start(task));
        awaitOffset(job, half / 2);

        takeOver(intake, job, file, file.length);

        // its stream ends, or it hears first that its term has passed
        assertThat(waiting.get(20, TimeUnit.SECONDS))
                .isIn(ErrorCode.UPLOAD_INTERRUPTED, ErrorCode.UPLOAD_NOT_EXPECTED);
        assertSameAs(whole, job, file);
    }

    /// Goes on where the job says, while the one before may still store a split.
    ///
    /// @param bytes how many to send, or less to the file's end
    private static void takeOver(Intake to, JobId job, byte[] file, int bytes) {
        while (true) {
            var offset = status(job).offset();
            var end = (int) Math.min(file.length, offset + bytes);
            try {
                send(to, job, file, offset, end);
                return;
            } catch (Moved e) {
                // it goes on behind one more split
            }
        }
    }

    private static void awaitOffset(JobId job, long least) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (status(job).offset() < least) {
            assertThat(System.nanoTime()).isLessThan(end);
            CATALOG.awaitChange(1, Duration.ofMillis(50));
        }
    }

    /// That another split was stored behind the offset.
    private static final class Moved extends RuntimeException {}

    /// Sends a file from one byte to another, and breaks the connection there unless that is its
    /// end.
    private static void send(Intake to, JobId job, byte[] file, long from, int end) {
        var body = end == file.length ? in(file, from) : breaking(file, from, end);
        try {
            to.receive(get(job), body, asked(file, from));
            assertThat(end).isEqualTo(file.length);
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.UPLOAD_OFFSET) {
                throw new Moved();
            }
            assertThat(e.code()).as(e.what()).isEqualTo(ErrorCode.UPLOAD_INTERRUPTED);
            assertThat(end).isLessThan(file.length);
        }
    }

    private void breakAt(JobId job, byte[] file, int bytes) {
        send(intake, job, file, -1, bytes);
    }

    private Store counting(AtomicInteger puts) {
        return new StoreBehind(store) {
            @Override
            public void put(String name, ByteBuffer content) {
                puts.incrementAndGet();
                super.put(name, content);
            }
        };
    }

    /// The splits of a file that is sent in one go.
    private List<String> received(JobId job, byte[] file) {
        var done = intake.receive(get(job), in(file, 0), UploadRequest.whole(file.length));
        assertThat(done.phase()).isEqualTo(Phase.LOADING);
        return splits(job);
    }

    private void assertSameAs(List<String> whole, JobId job, byte[] file) throws Exception {
        assertThat(splits(job)).isEqualTo(whole);
        var source = get(job).source();
        assertThat(source.contentHash()).isEqualTo(sha256(file));
        assertThat(source.receivedBytes()).isEqualTo(file.length);
        assertThat(source.records()).isEqualTo(ROWS);
        assertThat(get(job).phase()).isEqualTo(Phase.LOADING);
    }

    private void assertSameRows(List<String> whole, JobId job) {
        assertThat(splits(job).stream().map(ContinuedUploadsTest::withoutPlace).toList())
                .isEqualTo(whole.stream().map(ContinuedUploadsTest::withoutPlace).toList());
        assertThat(get(job).source().records()).isEqualTo(ROWS);
    }

    private static String withoutPlace(String split) {
        return split.replaceFirst(" at \\d+ to \\d+", "");
    }

    private List<String> splits(JobId job) {
        return CATALOG.jobs().heldSource(job, 0).splits().stream()
                .map(s ->
                        "%d: %d rows from %d at %d to %d: %s"
                                .formatted(
                                        s.id().number(),
                                        s.records(),
                                        s.firstRow(),
                                        s.sourceFrom(),
                                        s.sourceTo(),
                                        StandardCharsets.UTF_8.decode(store.get(s.objectName()))))
                .toList();
    }
}
