package dev.millrace.catalog;

import static dev.millrace.catalog.CatalogDatabase.addSplits;
import static dev.millrace.catalog.CatalogDatabase.announcement;
import static dev.millrace.catalog.CatalogDatabase.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Backlog;
import dev.millrace.core.JobId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is left to do, by jobs and by splits of 100 bytes.
final class BacklogTest {
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final CatalogDatabase database = CatalogDatabase.emptied();
    private final PostgresCatalog catalog = database.catalog();

    private static Backlog.Splits splits(int count) {
        return new Backlog.Splits(count, count * 100L);
    }

    private void announce(JobId job, int splits) {
        assertThat(catalog.splits().announceable(job, 1, splits, splits, SILENCE)).hasSize(splits);
    }

    /// Lets a split have been stored so many seconds ago.
    private void age(JobId job, int number, int seconds) {
        database.sql(
                "update split set stored_at = now() - interval '%d seconds' where job_id = '%s' and number = %d"
                        .formatted(seconds, job.uuid(), number));
    }

    @Test
    void anEmptyCatalogHasNothingLeftToDo() {
        assertThat(catalog.backlog())
                .isEqualTo(new Backlog(0, 0, splits(0), splits(0), splits(0), Duration.ZERO));
    }

    @Test
    void aSplitWaitsUntilItIsAnnouncedAndThenUntilAWorkerBeginsItAndCountsUntilItsEntry() {
        var job = CatalogDatabase.loading(catalog, 10);
        announce(job, 6);
        catalog.splits().start(announcement(job, 0), "w");
        catalog.splits().start(announcement(job, 1), "w");
        catalog.splits().record(entry(job, 0));

        var backlog = catalog.backlog();

        assertThat(backlog.waiting()).isEqualTo(splits(4));
        assertThat(backlog.announced()).isEqualTo(splits(4));
        assertThat(backlog.running()).isEqualTo(splits(1));
        assertThat(backlog.pendingJobs()).isZero();
        assertThat(backlog.runningJobs()).isEqualTo(1);
    }

    @Test
    void aSplitRunsNoLongerThanItsWorkerGivesSignsOfLife() {
        var job = CatalogDatabase.loading(catalog, 1);
        announce(job, 1);
        catalog.splits().start(announcement(job, 0), "w");
        assertThat(catalog.backlog().running()).isEqualTo(splits(1));

        // its worker died, and no owner has noticed yet
        database.sql("update split set alive_at = now() - interval '61 seconds'");
        assertThat(catalog.backlog().running()).isEqualTo(splits(0));
        assertThat(catalog.backlog().announced()).isEqualTo(splits(1));

        // its owner announces it again, and nobody takes it
        announce(job, 1);
        assertThat(catalog.backlog().running()).isEqualTo(splits(0));
        assertThat(catalog.backlog().announced()).isEqualTo(splits(1));

        catalog.splits().start(announcement(job, 0), "other");
        assertThat(catalog.backlog().running()).isEqualTo(splits(1));
        catalog.splits().unannounce(List.of(announcement(job, 0)));
        announce(job, 1);
        assertThat(catalog.backlog().announced()).isEqualTo(splits(1));
    }

    @Test
    void aSplitWhoseWorkerWaitsForAnEngineRuns() {
        var job = CatalogDatabase.loading(catalog, 1);
        announce(job, 1);
        catalog.splits().start(announcement(job, 0), "w");

        catalog.splits().pause(announcement(job, 0));

        assertThat(catalog.backlog().running()).isEqualTo(splits(1));
        assertThat(catalog.backlog().announced()).isEqualTo(splits(0));
    }

    @Test
    void jobsAddUpAndOnesThatHaveEndedOrAreLoadedCountNoSplits() {
        var uploading = CatalogDatabase.job(catalog);
        addSplits(catalog, uploading, 3);
        CatalogDatabase.job(catalog);
        announce(CatalogDatabase.loading(catalog, 2), 1);
        catalog.jobs().cancel(CatalogDatabase.loading(catalog, 5));
        database.sql(
                "update job set state = 'RUNNING', phase = 'SEALED' where id = '%s'"
                        .formatted(CatalogDatabase.loading(catalog, 7).uuid()));

        var backlog = catalog.backlog();

        assertThat(backlog.waiting()).isEqualTo(splits(4));
        assertThat(backlog.announced()).isEqualTo(splits(1));
        assertThat(backlog.pendingJobs()).isEqualTo(3);
        assertThat(backlog.runningJobs()).isEqualTo(1);
    }

    @Test
    void theLagIsTheAgeOfTheOldestSplitWithoutAnEntryWhetherItWaitsOrIsUnderWay() {
        var job = CatalogDatabase.loading(catalog, 3);
        age(job, 0, 300);
        age(job, 1, 200);
        age(job, 2, 100);
        assertThat(catalog.backlog().lag()).isBetween(seconds(300), seconds(310));

        announce(job, 1);
        assertThat(catalog.backlog().lag()).isBetween(seconds(300), seconds(310));

        catalog.splits().start(announcement(job, 0), "w");
        catalog.splits().record(entry(job, 0));
        assertThat(catalog.backlog().lag()).isBetween(seconds(200), seconds(210));

        var other = CatalogDatabase.loading(catalog, 1);
        age(other, 0, 400);
        assertThat(catalog.backlog().lag()).isBetween(seconds(400), seconds(410));
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void anAttemptFromTheBeginningPutsEverySplitBack() {
        var job = CatalogDatabase.loading(catalog, 2);
        announce(job, 2);
        catalog.splits().start(announcement(job, 0), "w");
        catalog.splits().record(entry(job, 0));

        catalog.jobs().newAttempt(CatalogDatabase.lease(catalog, job, "owner/1"));

        assertThat(catalog.backlog().waiting()).isEqualTo(splits(2));
        assertThat(catalog.backlog().announced()).isEqualTo(splits(0));
        assertThat(catalog.backlog().running()).isEqualTo(splits(0));
    }

    /// 100,000 splits that wait, and statistics from before they came: nobody reads them.
    @Test
    void aHundredThousandSplitsThatWaitAreNotRead() {
        var job = CatalogDatabase.loading(catalog, 1);
        database.sql("analyze");
        database.sql(
                """
                insert into split (job_id, source, number, first_row, records, bytes, checksum,
                                   source_from, source_to, attempt)
                select job_id, source, n, first_row, records, bytes, checksum, source_from,
                       source_to, attempt
                from split, generate_series(1, 99999) as n
                """);
        database.sql("update job set splits = 100000");
        database.sql("update source set bytes = 10000000");
        announce(job, 64);
        for (var statement : List.of("select 1", "vacuum analyze split")) {
            database.sql(statement);

            var before = rowsRead();
            var backlog = catalog.backlog();

            assertThat(backlog.waiting()).isEqualTo(splits(99_936));
            assertThat(backlog.announced()).isEqualTo(splits(64));
            assertThat(rowsRead() - before).as("after " + statement).isLessThan(500);
        }
    }

    /// Rows of `split` that were read so far, by whatever way.
    private long rowsRead() {
        database.sql("select pg_stat_force_next_flush()");
        return database.number(
                "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = 'split'");
    }
}
