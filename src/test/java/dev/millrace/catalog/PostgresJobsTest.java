package dev.millrace.catalog;

import static dev.millrace.catalog.PostgresModelsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Catalog.IntakeTotals;
import dev.millrace.core.Catalog.NewJob;
import dev.millrace.core.Cause;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerTotals;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.Phase;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PostgresJobsTest {
    private static final Cause SILENT =
            new Cause(ErrorCode.UPLOAD_INTERRUPTED, "the sender is silent", "Send it again.");

    private final CatalogDatabase database = CatalogDatabase.emptied();
    private final PostgresCatalog catalog = database.catalog();

    @Test
    void aNewJobWaitsForItsUpload() {
        var model = CatalogDatabase.model(catalog);
        var options = new SourceOptions(Encoding.UTF_16BE, '\t', Dialect.NO_QUOTE);
        var limit = MaxRejected.parse("1.5%");

        var job =
                catalog.jobs()
                        .create(
                                new NewJob(
                                        model,
                                        "día 1\0.csv",
                                        options,
                                        LoadOptions.DEFAULT.with(limit),
                                        null,
                                        "ada"));

        assertThat(job.model()).isEqualTo(model);
        assertThat(job.state()).isEqualTo(JobState.PENDING);
        assertThat(job.phase()).isEqualTo(Phase.UPLOADING);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.epoch()).isZero();
        assertThat(job.ledger()).isEqualTo(LedgerTotals.NONE);
        assertThat(job.maxRejected()).isEqualTo(limit);
        assertThat(job.source().options()).isEqualTo(options);
        assertThat(job.source().name()).isEqualTo("día 1\uFFFD.csv");
        assertThat(job.source().reading()).isNull();
        assertThat(job.source().declaredBytes()).isEqualTo(-1);
        assertThat(job.owner()).isEqualTo("ada");
        assertThat(job.workspace()).isEqualTo("default");
        assertThat(job.startedAt()).isNull();
        assertThat(job.finishedAt()).isNull();
        assertThat(catalog.jobs().get(job.id())).isEqualTo(job);
    }

    @Test
    void aJobIsFoundByItsPublicIdItsUuidOrAsTheLast() {
        assertThat(catalog.jobs().find("last")).isEmpty();
        var first = CatalogDatabase.job(catalog);
        var second = CatalogDatabase.job(catalog);

        assertThat(catalog.jobs().find(first.publicId())).map(Job::id).contains(first);
        assertThat(catalog.jobs().find(first.uuid().toString())).map(Job::id).contains(first);
        assertThat(catalog.jobs().find("last")).map(Job::id).contains(second);
        assertThat(catalog.jobs().find("nothing")).isEmpty();
        assertRefused(ErrorCode.NOT_FOUND, () -> catalog.jobs().get(new JobId(UUID.randomUUID())));
    }

    @Test
    void jobsAreListedNewestFirstPageByPage() {
        var first = CatalogDatabase.job(catalog);
        var second = CatalogDatabase.job(catalog);
        var third = CatalogDatabase.job(catalog);

        assertThat(catalog.jobs().list(null, 2)).extracting(Job::id).containsExactly(third, second);
        assertThat(catalog.jobs().list(second, 2)).extracting(Job::id).containsExactly(first);
    }

    @Test
    void anUploadBeginsOnce() throws Exception {
        var job = CatalogDatabase.job(catalog);

        var begun = Race.of(4, () -> catalog.jobs().beginUpload(job, "receiver", 4711));

        assertThat(begun).containsOnlyOnce(true);
        assertThat(catalog.jobs().get(job).source().declaredBytes()).isEqualTo(4711);
    }

    @Test
    void noUploadBeginsForAFinalJob() {
        var job = CatalogDatabase.job(catalog);
        catalog.jobs().cancel(job);

        assertThat(catalog.jobs().beginUpload(job, "receiver", -1)).isFalse();
    }

    @Test
    void theReadingIsPinnedOnce() {
        var job = CatalogDatabase.job(catalog);
        var reading = reading('"', List.of("id", "a\0b", ""));

        catalog.jobs().pinReading(job, reading);
        catalog.jobs().pinReading(job, reading);

        assertThat(catalog.jobs().get(job).source().reading())
                .isEqualTo(reading('"', List.of("id", "a\uFFFDb", "")));
        assertRefused(
                ErrorCode.INTERNAL_ERROR,
                () -> catalog.jobs().pinReading(job, reading(Dialect.NO_QUOTE, reading.header())));
    }

    private static SourceReading reading(char quote, List<String> header) {
        return new SourceReading(
                Compression.GZIP, Encoding.UTF_16LE, new Dialect(';', quote), header);
    }

    @Test
    void anUploadEndsWithTheTotalsOfIntake() {
        var job = CatalogDatabase.job(catalog);
        CatalogDatabase.addSplits(catalog, job, 2);
        var totals = new IntakeTotals(2, 21, 202, 5000, "c0ffee");

        assertThat(catalog.jobs().finishUpload(job, totals)).isTrue();
        assertThat(catalog.jobs().finishUpload(job, totals)).isTrue();

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
                                .finishUpload(job, new IntakeTotals(2, 21, 202, 5000, "other")));
    }

    @Test
    void anUploadDoesNotEndWithoutItsSplits() {
        var job = CatalogDatabase.job(catalog);
        CatalogDatabase.addSplits(catalog, job, 2);

        assertRefused(
                ErrorCode.INTERNAL_ERROR,
                () -> catalog.jobs().finishUpload(job, new IntakeTotals(3, 30, 300, 300, "a")));
        assertThat(catalog.jobs().get(job).phase()).isEqualTo(Phase.UPLOADING);
    }

    @Test
    void theUploadOfAFinalJobEndsInNothing() {
        var job = CatalogDatabase.job(catalog);
        catalog.jobs().cancel(job);

        assertThat(catalog.jobs().finishUpload(job, new IntakeTotals(0, 0, 0, 0, "a"))).isFalse();
    }

    @Test
    void silentUploadsFail() {
        var model = CatalogDatabase.model(catalog);
        var neverBegun = CatalogDatabase.job(catalog, model);
        var silent = CatalogDatabase.job(catalog, model);
        var touched = CatalogDatabase.job(catalog, model);
        var growing = CatalogDatabase.job(catalog, model);
        var loading = CatalogDatabase.loading(catalog, 0);
        for (var job : List.of(silent, touched, growing)) {
            catalog.jobs().beginUpload(job, "receiver", -1);
        }
        database.sql("update job set upload_alive_at = upload_alive_at - interval '1 minute'");
        catalog.jobs().touchUpload(touched);
        catalog.splits().add(CatalogDatabase.split(growing, 0));

        assertThat(catalog.jobs().failSilentUploads(Duration.ofSeconds(30), SILENT)).isEqualTo(2);
        assertThat(catalog.jobs().failSilentUploads(Duration.ofSeconds(30), SILENT)).isZero();

        for (var job : List.of(neverBegun, silent)) {
            assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.FAILED);
            assertThat(catalog.jobs().get(job).cause()).isEqualTo(SILENT);
        }
        for (var job : List.of(touched, growing, loading)) {
            assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.PENDING);
        }
    }
}
