package dev.millrace.catalog;

import static dev.millrace.catalog.PostgresModelsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Before;
import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.LedgerTotals;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.NewJob;
import dev.millrace.core.Phase;
import dev.millrace.core.SourceOptions;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PostgresJobsTest {
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
        var behind = catalog.jobs().get(second);
        assertThat(catalog.jobs().list(new Before(behind.createdAt(), behind.number()), 2))
                .extracting(Job::id)
                .containsExactly(first);
    }
}
