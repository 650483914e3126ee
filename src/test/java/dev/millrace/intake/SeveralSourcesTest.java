package dev.millrace.intake;

import static dev.millrace.intake.ReceivingSite.CATALOG;
import static dev.millrace.intake.ReceivingSite.SIZES;
import static dev.millrace.intake.ReceivingSite.code;
import static dev.millrace.intake.ReceivingSite.get;
import static dev.millrace.intake.ReceivingSite.intake;
import static dev.millrace.intake.ReceivingSite.status;
import static dev.millrace.intake.SentFile.ROWS;
import static dev.millrace.intake.SentFile.asked;
import static dev.millrace.intake.SentFile.breaking;
import static dev.millrace.intake.SentFile.file;
import static dev.millrace.intake.SentFile.gzip;
import static dev.millrace.intake.SentFile.in;
import static dev.millrace.intake.SentFile.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.NewSource;
import dev.millrace.core.Phase;
import dev.millrace.core.Source;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import dev.millrace.core.UploadStatus.State;
import dev.millrace.store.LocalStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs of several sources, received one after the other, with a real catalog and store.
class SeveralSourcesTest {
    private static final byte[] FIRST = file(StandardCharsets.UTF_8);
    private static final byte[] SECOND = file(StandardCharsets.UTF_16LE);

    @TempDir private Path folder;
    private LocalStore store;
    private Intake intake;

    @BeforeEach
    void openStore() {
        store = LocalStore.open(folder.resolve("store"));
        intake = intake("several/1", store, SIZES);
    }

    private static JobId job(String... names) {
        return ReceivingSite.job(
                List.of(names).stream()
                        .map(name -> new NewSource(name, SourceOptions.DETECT))
                        .toList());
    }

    private void receive(JobId job, int source, byte[] file) {
        intake.receive(get(job), in(file, 0), UploadRequest.whole(file.length).of(source));
    }

    private static List<State> states(JobId job) {
        return get(job).sources().stream()
                .map(s -> Objects.requireNonNull(s.upload()).state())
                .toList();
    }

    @Test
    void eachSourceIsReadAsItIsAndTheJobLoadsOnceTheLastIsThere() throws Exception {
        var job = job("a.csv", "b.csv", "c.jsonl.gz");
        assertThat(states(job)).containsExactly(State.WAITING, State.WAITING, State.WAITING);

        receive(job, 0, FIRST);

        assertThat(get(job).phase()).isEqualTo(Phase.UPLOADING);
        assertThat(get(job).uploadSource()).isEqualTo(1);
        assertThat(states(job)).containsExactly(State.COMPLETE, State.WAITING, State.WAITING);
        assertThat(status(job).offset()).isZero();
        assertThat(status(job).expiresAt()).isNotNull();

        receive(job, 1, SECOND);
        receive(job, 2, gzip("{\"a\": 1, \"b\": \"x\"}\n".getBytes(StandardCharsets.UTF_8)));

        var done = get(job);
        assertThat(done.phase()).isEqualTo(Phase.LOADING);
        assertThat(states(job)).containsOnly(State.COMPLETE);
        assertThat(done.sources().stream().map(Source::records))
                .containsExactly((long) ROWS, (long) ROWS, 1L);
        assertThat(done.records()).isEqualTo(2L * ROWS + 1);
        assertThat(
                        done.sources().stream()
                                .map(s -> Objects.requireNonNull(s.reading()).encoding().label()))
                .containsExactly("utf-8", "utf-16le", "utf-8");
        assertThat(done.sources().get(2).reading())
                .extracting(r -> r.format().label())
                .isEqualTo("jsonl");
        assertThat(done.source(0).contentHash()).isEqualTo(sha256(FIRST));
        var splits =
                List.of(0, 1, 2).stream()
                        .map(s -> CATALOG.jobs().heldSource(job, s).splits())
                        .toList();
        assertThat(splits.stream().mapToInt(List::size).sum()).isEqualTo(done.splits());
        for (var source = 0; source < splits.size(); source++) {
            var ordinal = source;
            assertThat(splits.get(source)).allMatch(s -> s.id().source() == ordinal);
            assertThat(splits.get(source).getFirst().firstRow()).isEqualTo(1);
        }
    }

    @Test
    void anUploadThatBreaksInTheSecondSourceGoesOnThere() throws Exception {
        var whole = job("a.csv", "b.csv");
        receive(whole, 0, FIRST);
        receive(whole, 1, SECOND);
        var job = job("a.csv", "b.csv");
        receive(job, 0, FIRST);
        var half = breaking(SECOND, 0, SECOND.length / 2);
        assertThat(
                        code(() ->
                                intake.receive(
                                        get(job), half, UploadRequest.whole(SECOND.length).of(1))))
                .isEqualTo(ErrorCode.UPLOAD_INTERRUPTED);
        assertThat(states(job)).containsExactly(State.COMPLETE, State.INTERRUPTED);
        var offset = status(job).offset();
        assertThat(offset).isBetween(5_000L, SECOND.length / 2L);

        // the prefix of the first source is not that of the second
        assertThat(
                        code(() ->
                                intake.receive(
                                        get(job), in(FIRST, offset), asked(FIRST, offset).of(1))))
                .isEqualTo(ErrorCode.UPLOAD_CHANGED);
        assertThat(code(() -> intake.receive(get(job), in(FIRST, 0), asked(FIRST, 0).of(0))))
                .isEqualTo(ErrorCode.UPLOAD_OFFSET);
        intake("several/2", store, SIZES)
                .receive(get(job), in(SECOND, offset), asked(SECOND, offset).of(1));

        assertThat(get(job).phase()).isEqualTo(Phase.LOADING);
        for (var source : List.of(0, 1)) {
            var expected = CATALOG.jobs().heldSource(whole, source).splits();
            var got = CATALOG.jobs().heldSource(job, source).splits();
            assertThat(got).hasSameSizeAs(expected);
            for (var i = 0; i < got.size(); i++) {
                assertThat(got.get(i).checksum()).isEqualTo(expected.get(i).checksum());
                assertThat(got.get(i).firstRow()).isEqualTo(expected.get(i).firstRow());
            }
            assertThat(get(job).source(source).contentHash())
                    .isEqualTo(get(whole).source(source).contentHash());
        }
    }

    @Test
    void aSourceThatIsSentAgainIsNotTakenForTheNext() {
        var job = job("a.csv", "b.csv");
        receive(job, 0, FIRST);

        assertThat(code(() -> receive(job, 0, FIRST))).isEqualTo(ErrorCode.UPLOAD_OFFSET);
        assertThat(
                        code(() ->
                                intake.receive(
                                        get(job), in(FIRST, 0), UploadRequest.whole(FIRST.length))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(code(() -> receive(job, 2, FIRST))).isEqualTo(ErrorCode.INVALID_REQUEST);

        assertThat(get(job).uploadSource()).isEqualTo(1);
        receive(job, 1, SECOND);
        assertThat(code(() -> receive(job, 1, SECOND))).isEqualTo(ErrorCode.UPLOAD_NOT_EXPECTED);
    }

    @Test
    void theEndOfASourceIsTheSameWhenItIsSaidAgain() {
        var job = job("a.csv", "b.csv");
        var upload =
                CATALOG.jobs()
                        .beginUpload(
                                job,
                                new UploadReceiver("x", "host", store.identity()),
                                UploadRequest.whole(1).of(0))
                        .orElseThrow();
        assertThat(upload.source()).isZero();
        var totals = new IntakeTotals(0, 0, 0, 1, "abc");

        assertThat(CATALOG.jobs().finishUpload(upload, totals)).isTrue();
        assertThat(CATALOG.jobs().finishUpload(upload, totals)).isTrue();

        assertThat(get(job).uploadSource()).isEqualTo(1);
        assertThat(
                        code(() ->
                                CATALOG.jobs()
                                        .finishUpload(upload, new IntakeTotals(0, 0, 0, 1, "x"))))
                .isEqualTo(ErrorCode.INTERNAL_ERROR);
        // and what its receiver still does is refused
        assertThat(CATALOG.jobs().touchUpload(upload)).isFalse();
        assertThat(
                        CATALOG.jobs()
                                .failUpload(
                                        upload,
                                        new Cause(ErrorCode.UPLOAD_INTERRUPTED, "late", null)))
                .isFalse();
        assertThat(get(job).state()).isEqualTo(JobState.PENDING);
    }

    @Test
    void aJobThatIsCancelledWhileItsSecondSourceArrivesTakesNoMoreOfIt() {
        var job = job("a.csv", "b.csv", "c.csv");
        receive(job, 0, FIRST);
        var cancelling =
                new SequenceInputStream(
                        in(Arrays.copyOf(SECOND, SECOND.length / 2), 0),
                        new FilterInputStream(in(SECOND, SECOND.length / 2)) {
                            @Override
                            public int read(byte[] into, int offset, int length)
                                    throws IOException {
                                CATALOG.jobs().cancel(job);
                                return super.read(into, offset, length);
                            }
                        });

        var ended = intake.receive(get(job), cancelling, UploadRequest.whole(SECOND.length).of(1));

        assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
        assertThat(store.list("splits/%s/".formatted(job.uuid()))).isEmpty();
        assertThat(code(() -> receive(job, 2, FIRST))).isEqualTo(ErrorCode.UPLOAD_NOT_EXPECTED);
    }

    @Test
    void aSourceWithoutRecordsOrWithAWrongHeaderFailsTheJobAndIsNamed() {
        var empty = job("a.csv", "b.csv");
        receive(empty, 0, FIRST);
        assertThat(code(() -> receive(empty, 1, "a,b\n".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(ErrorCode.EMPTY_SOURCE);
        var wrong = job("a.csv", "b.csv");
        receive(wrong, 0, FIRST);
        var header = "x,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
        code(() -> receive(wrong, 1, header));

        for (var job : List.of(empty, wrong)) {
            assertThat(get(job).state()).isEqualTo(JobState.FAILED);
            assertThat(Objects.requireNonNull(get(job).cause()).message()).startsWith("'b.csv'");
            assertThat(store.list("splits/%s/".formatted(job.uuid()))).isEmpty();
        }
    }
}
