package dev.millrace.catalog;

import static dev.millrace.catalog.CatalogDatabase.RECEIVER;
import static dev.millrace.catalog.PostgresModelsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Cause;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HeldSource;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.Upload;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import dev.millrace.core.UploadStatus;
import dev.millrace.core.UploadStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The life of an upload: begun, interrupted, continued, taken over, ended, expired.
final class UploadsTest {
    private static final Cause SILENT =
            new Cause(ErrorCode.UPLOAD_INTERRUPTED, "the sender is silent", "Send it again.");
    private static final String HASH = "0".repeat(64);
    private static final SplitSizes SIZES = new SplitSizes(100, 200, 10);
    private static final byte[] HEAD = {'a', ',', 'b', '\n'};

    private final CatalogDatabase database = CatalogDatabase.emptied();
    private final PostgresCatalog catalog = database.catalog();

    @Test
    void anUploadBeginsOnce() throws Exception {
        var job = CatalogDatabase.job(catalog);

        var begun =
                Race.of(
                        4,
                        () -> {
                            try {
                                return catalog.jobs()
                                        .beginUpload(job, RECEIVER, UploadRequest.whole(4711))
                                        .isPresent();
                            } catch (MillraceException e) {
                                assertThat(e.code()).isEqualTo(ErrorCode.UPLOAD_NOT_EXPECTED);
                                return false;
                            }
                        });

        assertThat(begun).containsOnlyOnce(true);
        assertThat(catalog.jobs().get(job).source().declaredBytes()).isEqualTo(4711);
    }

    @Test
    void noUploadBeginsForAJobThatIsFinalOrHasItsSource() {
        var cancelled = CatalogDatabase.job(catalog);
        catalog.jobs().cancel(cancelled);
        var loading = CatalogDatabase.loading(catalog, 1);

        for (var job : List.of(cancelled, loading)) {
            assertThat(catalog.jobs().beginUpload(job, RECEIVER, UploadRequest.whole(-1)))
                    .isEmpty();
            assertThat(catalog.jobs().beginUpload(job, RECEIVER, goOnAt(100))).isEmpty();
        }
        assertThat(catalog.jobs().get(cancelled).source().upload()).isNull();
        assertThat(status(loading)).isEqualTo(new UploadStatus(State.COMPLETE, 7, null));
    }

    @Test
    void anInterruptedUploadShowsWhereItGoesOnAndHowLongItWaits() {
        var job = CatalogDatabase.job(catalog);
        assertThat(status(job).state()).isEqualTo(State.WAITING);
        var upload = CatalogDatabase.begin(catalog, job);
        pin(upload, HEAD);
        catalog.splits().add(upload, CatalogDatabase.split(job, 0), true);
        assertThat(status(job)).isEqualTo(new UploadStatus(State.RECEIVING, 100, null));

        catalog.jobs().interruptUpload(upload);

        var status = status(job);
        assertThat(status.state()).isEqualTo(State.INTERRUPTED);
        assertThat(status.offset()).isEqualTo(100);
        var waits = Duration.between(catalog.jobs().get(job).createdAt(), status.expiresAt());
        assertThat(waits).isBetween(Duration.ofHours(24), Duration.ofHours(24).plusMinutes(1));
    }

    @Test
    void anUploadGoesOnAtTheByteWhereItBrokeOffAndNowhereElse() {
        var job = interruptedBehindOneSplit();

        assertRefused(ErrorCode.UPLOAD_OFFSET, () -> begin(job, goOnAt(99)));
        assertRefused(ErrorCode.UPLOAD_OFFSET, () -> begin(job, goOnAt(0)));
        assertRefused(
                ErrorCode.UPLOAD_CHANGED,
                () -> begin(job, new UploadRequest(301, 100, HASH, true)));
        assertThat(status(job).state()).isEqualTo(State.INTERRUPTED);
        var next = begin(job, new UploadRequest(300, 100, HASH, true));

        assertThat(next.term()).isEqualTo(2);
        assertThat(catalog.splits().add(next, CatalogDatabase.split(job, 1), true)).isTrue();
        assertThat(status(job).offset()).isEqualTo(200);
    }

    @Test
    void whatCannotBeRebuiltGoesOnAtZero() {
        var packed = CatalogDatabase.begin(catalog, CatalogDatabase.job(catalog));
        pin(packed, null);
        catalog.splits().add(packed, CatalogDatabase.split(packed.job(), 0), true);
        var clipped = CatalogDatabase.begin(catalog, CatalogDatabase.job(catalog));
        pin(clipped, HEAD);
        catalog.splits().add(clipped, CatalogDatabase.split(clipped.job(), 0), true);
        catalog.splits().add(clipped, CatalogDatabase.split(clipped.job(), 1), false);
        catalog.splits().add(clipped, CatalogDatabase.split(clipped.job(), 2), true);

        assertThat(status(packed.job()).offset()).isZero();
        assertThat(status(clipped.job()).offset()).isZero();
        assertThat(catalog.jobs().heldSource(clipped.job(), 0).head()).isNull();
    }

    @Test
    void whatIsHeldOfASourceIsFoundAgain() {
        var job = CatalogDatabase.job(catalog);
        assertThat(catalog.jobs().heldSource(job, 0)).isEqualTo(HeldSource.NOTHING);
        var upload = CatalogDatabase.begin(catalog, job);
        pin(upload, HEAD);
        catalog.splits().add(upload, CatalogDatabase.split(job, 1), true);
        catalog.splits().add(upload, CatalogDatabase.split(job, 0), true);

        var held = catalog.jobs().heldSource(job, 0);

        assertThat(held.reading()).isEqualTo(reading('"', List.of("a", "b")));
        assertThat(held.sizes()).isEqualTo(SIZES);
        assertThat(held.head()).isEqualTo(HEAD);
        assertThat(held.splits())
                .containsExactly(CatalogDatabase.split(job, 0), CatalogDatabase.split(job, 1));
    }

    @Test
    void whoeverWasTakenOverChangesNothingMore() {
        var job = CatalogDatabase.job(catalog);
        var frozen = CatalogDatabase.begin(catalog, job);
        pin(frozen, HEAD);
        catalog.splits().add(frozen, CatalogDatabase.split(job, 0), true);

        assertRefused(ErrorCode.UPLOAD_NOT_EXPECTED, () -> begin(job, UploadRequest.whole(300)));
        var next = begin(job, goOnAt(100));

        assertThat(next.term()).isEqualTo(2);
        assertRefused(
                ErrorCode.LEASE_LOST,
                () -> catalog.splits().add(frozen, CatalogDatabase.split(job, 1), true));
        assertRefused(ErrorCode.LEASE_LOST, () -> pin(frozen, HEAD));
        assertRefused(
                ErrorCode.LEASE_LOST,
                () -> catalog.jobs().finishUpload(frozen, new IntakeTotals(1, 1, 1, 1, "a")));
        assertThat(catalog.jobs().touchUpload(frozen)).isFalse();
        assertThat(catalog.jobs().failUpload(frozen, SILENT)).isFalse();
        catalog.jobs().interruptUpload(frozen);
        assertThat(status(job)).isEqualTo(new UploadStatus(State.RECEIVING, 100, null));
        assertThat(catalog.jobs().get(job).splits()).isEqualTo(1);
        assertThat(catalog.jobs().touchUpload(next)).isTrue();
    }

    @Test
    void whoeverWasInterruptedChangesNothingMoreEither() {
        var job = CatalogDatabase.job(catalog);
        var silent = CatalogDatabase.begin(catalog, job);
        catalog.jobs().interruptUpload(silent);

        assertRefused(
                ErrorCode.LEASE_LOST,
                () -> catalog.splits().add(silent, CatalogDatabase.split(job, 0), true));
        assertThat(catalog.jobs().touchUpload(silent)).isFalse();
        assertThat(catalog.jobs().failUpload(silent, SILENT)).isFalse();
    }

    @Test
    void anotherStoreIsToldWhichHostHasTheSplits() {
        var job = interruptedBehindOneSplit();
        var elsewhere = new UploadReceiver("other/1", "other", "another store");

        assertRefused(
                ErrorCode.UPLOAD_ELSEWHERE,
                () -> catalog.jobs().beginUpload(job, elsewhere, goOnAt(100)));
        assertRefused(
                ErrorCode.UPLOAD_ELSEWHERE,
                () -> catalog.jobs().beginUpload(job, elsewhere, UploadRequest.whole(-1)));

        var nothingHeld = CatalogDatabase.job(catalog);
        catalog.jobs().interruptUpload(CatalogDatabase.begin(catalog, nothingHeld));
        assertThat(catalog.jobs().beginUpload(nothingHeld, elsewhere, UploadRequest.whole(-1)))
                .isPresent();
    }

    @Test
    void theReadingIsPinnedOnceASplitWasReadByIt() {
        var job = CatalogDatabase.job(catalog);
        var upload = CatalogDatabase.begin(catalog, job);
        pin(upload, HEAD);
        var reading = reading('\'', List.of("id", "a\0b", ""));
        assertThat(catalog.jobs().pinReading(upload, reading, SIZES, null)).isTrue();
        catalog.splits().add(upload, CatalogDatabase.split(job, 0), true);

        assertThat(catalog.jobs().pinReading(upload, reading, SIZES, null)).isTrue();

        assertThat(catalog.jobs().get(job).source().reading())
                .isEqualTo(reading('\'', List.of("id", "a\uFFFDb", "")));
        var other = reading(Dialect.NO_QUOTE, reading.header());
        assertRefused(
                ErrorCode.UPLOAD_CHANGED,
                () -> catalog.jobs().pinReading(upload, other, SIZES, null));
        assertRefused(
                ErrorCode.UPLOAD_CHANGED,
                () -> catalog.jobs().pinReading(upload, reading, SplitSizes.STANDARD, null));
        catalog.jobs().cancel(job);
        assertThat(catalog.jobs().pinReading(upload, reading, SIZES, null)).isFalse();
    }

    @Test
    void anUploadEndsWithTheTotalsOfIntake() {
        var job = CatalogDatabase.job(catalog);
        CatalogDatabase.addSplits(catalog, job, 2);
        var upload = CatalogDatabase.first(job);
        var totals = new IntakeTotals(2, 21, 202, 5000, "c0ffee");

        assertThat(catalog.jobs().finishUpload(upload, totals)).isTrue();
        assertThat(catalog.jobs().finishUpload(upload, totals)).isTrue();

        var loading = catalog.jobs().get(job);
        assertThat(loading.phase()).isEqualTo(Phase.LOADING);
        assertThat(loading.source().records()).isEqualTo(21);
        assertThat(loading.source().bytes()).isEqualTo(202);
        assertThat(loading.source().receivedBytes()).isEqualTo(5000);
        assertThat(loading.source().contentHash()).isEqualTo("c0ffee");
        assertRefused(
                ErrorCode.INTERNAL_ERROR,
                () ->
                        catalog.jobs()
                                .finishUpload(upload, new IntakeTotals(2, 21, 202, 5000, "other")));
    }

    @Test
    void anUploadDoesNotEndWithoutItsSplits() {
        var job = CatalogDatabase.job(catalog);
        CatalogDatabase.addSplits(catalog, job, 2);
        var upload = CatalogDatabase.first(job);

        assertRefused(
                ErrorCode.INTERNAL_ERROR,
                () -> catalog.jobs().finishUpload(upload, new IntakeTotals(3, 30, 300, 300, "a")));
        assertThat(catalog.jobs().get(job).phase()).isEqualTo(Phase.UPLOADING);
    }

    @Test
    void theUploadOfAFinalJobEndsInNothing() {
        var upload = CatalogDatabase.begin(catalog, CatalogDatabase.job(catalog));
        catalog.jobs().cancel(upload.job());

        assertThat(catalog.jobs().finishUpload(upload, new IntakeTotals(0, 0, 0, 0, "a")))
                .isFalse();
    }

    @Test
    void silentUploadsAreInterruptedAndThoseFailThatNobodyCanContinue() {
        var model = CatalogDatabase.model(catalog);
        var neverBegun = CatalogDatabase.job(catalog, model);
        var silent = CatalogDatabase.begin(catalog, CatalogDatabase.job(catalog, model));
        var touched = CatalogDatabase.begin(catalog, CatalogDatabase.job(catalog, model));
        var growing = CatalogDatabase.begin(catalog, CatalogDatabase.job(catalog, model));
        var once = begin(CatalogDatabase.job(catalog, model), UploadRequest.once(-1));
        var loading = CatalogDatabase.loading(catalog, 0);
        database.sql("update job set upload_alive_at = upload_alive_at - interval '1 minute'");
        catalog.jobs().touchUpload(touched);
        catalog.splits().add(growing, CatalogDatabase.split(growing.job(), 0), true);

        assertThat(catalog.jobs().interruptSilentUploads(Duration.ofSeconds(30), SILENT))
                .isEqualTo(2);
        assertThat(catalog.jobs().interruptSilentUploads(Duration.ofSeconds(30), SILENT)).isZero();

        assertThat(catalog.jobs().get(once.job()).cause()).isEqualTo(SILENT);
        assertThat(status(silent.job()).state()).isEqualTo(State.INTERRUPTED);
        assertThat(status(touched.job()).state()).isEqualTo(State.RECEIVING);
        assertThat(status(growing.job()).state()).isEqualTo(State.RECEIVING);
        for (var job : List.of(neverBegun, silent.job(), loading)) {
            assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.PENDING);
        }
    }

    @Test
    void uploadsThatNobodyBeginsOrContinuesExpire() {
        var neverBegun = CatalogDatabase.job(catalog);
        var interrupted = interruptedBehindOneSplit();
        var receiving = CatalogDatabase.begin(catalog, CatalogDatabase.job(catalog)).job();
        var loading = CatalogDatabase.loading(catalog, 1);
        assertThat(catalog.jobs().expireUploads()).isZero();
        database.sql("update job set upload_alive_at = upload_alive_at - interval '25 hours'");
        var fresh = CatalogDatabase.job(catalog);

        assertThat(catalog.jobs().expireUploads()).isEqualTo(2);

        assertThat(cause(neverBegun).message()).isEqualTo("No source came within 24 hours");
        assertThat(cause(interrupted).message())
                .isEqualTo("The upload was interrupted, and not continued within 24 hours");
        assertThat(cause(interrupted).code()).isEqualTo(ErrorCode.UPLOAD_INTERRUPTED);
        for (var job : List.of(receiving, loading, fresh)) {
            assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.PENDING);
        }
    }

    private JobId interruptedBehindOneSplit() {
        var job = CatalogDatabase.job(catalog);
        var upload = begin(job, UploadRequest.whole(300));
        pin(upload, HEAD);
        catalog.splits().add(upload, CatalogDatabase.split(job, 0), true);
        catalog.jobs().interruptUpload(upload);
        return job;
    }

    private Upload begin(JobId job, UploadRequest asked) {
        return catalog.jobs().beginUpload(job, RECEIVER, asked).orElseThrow();
    }

    private static UploadRequest goOnAt(long offset) {
        return new UploadRequest(-1, offset, HASH, true);
    }

    private void pin(Upload upload, byte @Nullable [] head) {
        catalog.jobs().pinReading(upload, reading('"', List.of("a", "b")), SIZES, head);
    }

    private static SourceReading reading(char quote, List<String> header) {
        return new SourceReading(
                Compression.NONE, Encoding.UTF_16LE, new Dialect(';', quote), header);
    }

    private UploadStatus status(JobId job) {
        return Objects.requireNonNull(catalog.jobs().get(job).source().upload());
    }

    private Cause cause(JobId job) {
        return Objects.requireNonNull(catalog.jobs().get(job).cause());
    }
}
