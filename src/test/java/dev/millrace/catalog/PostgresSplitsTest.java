package dev.millrace.catalog;

import static dev.millrace.catalog.CatalogDatabase.announcement;
import static dev.millrace.catalog.CatalogDatabase.entry;
import static dev.millrace.catalog.CatalogDatabase.split;
import static dev.millrace.catalog.PostgresModelsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Announcement;
import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.Phase;
import dev.millrace.core.Split;
import dev.millrace.core.SplitId;
import dev.millrace.core.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PostgresSplitsTest {
    private static final Duration SILENCE = Duration.ofMinutes(1);
    private static final Cause CAUSE = new Cause(ErrorCode.SPLIT_FAILED, "Again and again", null);

    private final CatalogDatabase database = CatalogDatabase.emptied();
    private final PostgresCatalog catalog = database.catalog();

    private List<Integer> announce(JobId job, int attempt, int most) {
        return catalog.splits().announceable(job, attempt, most, most, SILENCE).stream()
                .peek(a -> assertThat(a.attempt()).isEqualTo(attempt))
                .map(a -> a.split().number())
                .toList();
    }

    /// Makes time pass for a job's splits.
    private void age(JobId job, Duration by) {
        database.sql(
                "update split set alive_at = alive_at - interval '%d milliseconds' where alive_at is not null and job_id = '%s'"
                        .formatted(by.toMillis(), job.uuid()));
    }

    @Test
    void aSplitAddsItsBytesAndRecordsToItsSource() {
        var job = CatalogDatabase.job(catalog);

        CatalogDatabase.addSplits(catalog, job, 3);

        var found = catalog.jobs().get(job);
        assertThat(found.splits()).isEqualTo(3);
        assertThat(found.source().records()).isEqualTo(30);
        assertThat(found.source().bytes()).isEqualTo(300);
        assertThat(found.source().receivedBytes()).isEqualTo(300);
    }

    @Test
    void aSplitIsAddedOnceHoweverOftenItIsRepeated() throws Exception {
        var job = CatalogDatabase.job(catalog);
        var upload = CatalogDatabase.begin(catalog, job);
        var adds = new ArrayList<Callable<Boolean>>();
        for (var i = 0; i < 20; i++) {
            var split = split(job, i / 2);
            adds.add(() -> catalog.splits().add(upload, split, true));
        }

        assertThat(Race.of(adds)).containsOnly(true);

        assertThat(catalog.jobs().get(job).splits()).isEqualTo(10);
        assertThat(catalog.jobs().get(job).source().records()).isEqualTo(100);
    }

    @Test
    void anotherSplitCannotTakeANumberThatIsTaken() {
        var job = CatalogDatabase.job(catalog);
        CatalogDatabase.begin(catalog, job);
        catalog.splits().add(CatalogDatabase.first(job), split(job, 0), true);
        var other = new Split(new SplitId(job, 0, 0), 1, 11, 100, 0, 0, 100);

        assertRefused(
                ErrorCode.INTERNAL_ERROR,
                () -> catalog.splits().add(CatalogDatabase.first(job), other, true));
        assertThat(catalog.jobs().get(job).source().records()).isEqualTo(10);
    }

    @Test
    void theSenderLearnsThatItsJobIsFinal() {
        var job = CatalogDatabase.job(catalog);
        CatalogDatabase.begin(catalog, job);
        catalog.splits().add(CatalogDatabase.first(job), split(job, 0), true);
        catalog.jobs().cancel(job);

        assertThat(catalog.splits().add(CatalogDatabase.first(job), split(job, 0), true)).isFalse();
        assertThat(catalog.splits().add(CatalogDatabase.first(job), split(job, 1), true)).isFalse();
        assertThat(catalog.jobs().get(job).splits()).isEqualTo(1);
    }

    @Test
    void noSplitComesAfterTheUploadHasEnded() {
        var job = CatalogDatabase.loading(catalog, 1);

        assertThat(catalog.splits().add(CatalogDatabase.first(job), split(job, 0), true)).isTrue();
        assertRefused(
                ErrorCode.INTERNAL_ERROR,
                () -> catalog.splits().add(CatalogDatabase.first(job), split(job, 1), true));
    }

    @Test
    void noMoreThanSoManySplitsAreUnderWay() {
        var job = CatalogDatabase.loading(catalog, 10);

        assertThat(announce(job, 1, 4)).containsExactly(0, 1, 2, 3);
        assertThat(announce(job, 1, 4)).isEmpty();
        catalog.splits().start(announcement(job, 1), "worker");
        assertThat(announce(job, 1, 4)).isEmpty();

        catalog.splits().record(entry(job, 1));
        catalog.splits().record(entry(job, 3));
        assertThat(announce(job, 1, 4)).containsExactly(4, 5);
    }

    /// So that another job's split waits behind a few of them, not behind all.
    @Test
    void noMoreSplitsAreUnderWayThanAreSoonBegun() {
        var job = CatalogDatabase.loading(catalog, 40);
        assertThat(due(job)).containsExactly(0, 1);
        assertThat(due(job)).isEmpty();

        catalog.splits().start(announcement(job, 0), "worker");
        assertThat(due(job)).containsExactly(2, 3);
        catalog.splits().start(announcement(job, 1), "worker");
        assertThat(due(job)).containsExactly(4, 5);
        assertThat(due(job)).isEmpty();

        catalog.splits().record(entry(job, 0));
        assertThat(due(job)).isEmpty();
        catalog.splits().start(announcement(job, 2), "worker");
        assertThat(due(job)).containsExactly(6);

        for (var i = 3; i < 7; i++) {
            catalog.splits().start(announcement(job, i), "worker");
        }
        assertThat(due(job)).containsExactly(7, 8, 9);
    }

    private List<Integer> due(JobId job) {
        return catalog.splits().announceable(job, 1, 2, 9, SILENCE).stream()
                .map(announcement -> announcement.split().number())
                .toList();
    }

    @Test
    void whatAGoneWorkerHadInItsHandsMakesNoRoomForMore() {
        var job = CatalogDatabase.loading(catalog, 40);
        assertThat(due(job)).containsExactly(0, 1);
        catalog.splits().start(announcement(job, 0), "gone");
        catalog.splits().start(announcement(job, 1), "gone");
        age(job, SILENCE.plusSeconds(1));

        assertThat(due(job)).containsExactly(0, 1);
        assertThat(due(job)).isEmpty();
    }

    @Test
    void aSilentSplitIsAnnouncedAgainBeforeOthers() {
        var job = CatalogDatabase.loading(catalog, 8);
        assertThat(announce(job, 1, 4)).containsExactly(0, 1, 2, 3);
        age(job, SILENCE.plusSeconds(1));
        catalog.splits().touch(announcement(job, 0));
        catalog.splits().start(announcement(job, 1), "worker");
        catalog.splits().record(entry(job, 2));

        assertThat(announce(job, 1, 4)).containsExactly(3, 4);
        assertThat(announce(job, 1, 4)).isEmpty();
    }

    @Test
    void anAnnouncementThatTheQueueDidNotTakeIsTakenBack() {
        var job = CatalogDatabase.loading(catalog, 4);
        var announced = catalog.splits().announceable(job, 1, 3, 3, SILENCE);

        catalog.splits().unannounce(announced.subList(1, 3));

        assertThat(announce(job, 1, 3)).containsExactly(1, 2);
        catalog.splits().unannounce(List.of());
    }

    @Test
    void nothingIsAnnouncedForAJobThatDoesNotLoad() {
        var job = CatalogDatabase.loading(catalog, 1);
        assertThat(announce(job, 2, 4)).isEmpty();

        catalog.jobs().cancel(job);
        assertThat(announce(job, 1, 4)).isEmpty();
        assertThat(catalog.splits().start(announcement(job, 0), "worker")).isEmpty();
    }

    @Test
    void splitsLoadWhileTheUploadStillRuns() {
        var job = CatalogDatabase.job(catalog);
        CatalogDatabase.addSplits(catalog, job, 1);

        assertThat(announce(job, 1, 4)).containsExactly(0);
        assertThat(catalog.splits().start(announcement(job, 0), "worker")).isPresent();
        assertThat(catalog.splits().record(entry(job, 0))).isTrue();
        assertThat(catalog.jobs().get(job).isLoaded()).isFalse();
    }

    @Test
    void twoWhoAnnounceAtTheSameTimeNeverAnnounceTheSameSplit() throws Exception {
        var job = CatalogDatabase.loading(catalog, 40);

        var announced =
                Race.of(4, () -> announce(job, 1, 20)).stream().flatMap(List::stream).toList();

        assertThat(announced).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void theFirstStartMakesAPendingJobRunning() {
        var job = CatalogDatabase.loading(catalog, 1);
        var before = catalog.jobs().get(job);
        assertThat(before.state()).isEqualTo(JobState.PENDING);
        assertThat(before.startedAt()).isNull();

        var started = catalog.splits().start(announcement(job, 0), "worker").orElseThrow();

        assertThat(started.split()).isEqualTo(split(job, 0));
        assertThat(started.starts()).isEqualTo(1);
        assertThat(started.job()).isEqualTo(catalog.jobs().get(job));
        assertThat(started.job().state()).isEqualTo(JobState.RUNNING);
        assertThat(started.job().startedAt()).isNotNull();
    }

    @Test
    void startsAreCountedAndPausesAreNot() {
        var job = CatalogDatabase.loading(catalog, 1);
        assertThat(starts(announcement(job, 0))).isEqualTo(1);
        assertThat(starts(announcement(job, 0))).isEqualTo(2);

        catalog.splits().pause(announcement(job, 0));

        assertThat(starts(announcement(job, 0))).isEqualTo(2);
        assertThat(catalog.jobs().get(job).startedAt()).isNotNull();
    }

    private int starts(Announcement announcement) {
        return catalog.splits().start(announcement, "worker").map(Started::starts).orElseThrow();
    }

    @Test
    void aSplitThatNobodyHasLoadedFailsItsJob() {
        var job = CatalogDatabase.loading(catalog, 2);
        catalog.splits().record(entry(job, 1));

        assertThat(catalog.splits().fail(announcement(job, 0), CAUSE)).isTrue();

        var failed = catalog.jobs().get(job);
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.cause()).isEqualTo(CAUSE);
        assertThat(catalog.splits().fail(announcement(job, 0), CAUSE)).isFalse();
    }

    @Test
    void aSplitThatAnotherHasLoadedFailsNothing() {
        var job = CatalogDatabase.loading(catalog, 2);
        catalog.splits().record(entry(job, 0));

        assertThat(catalog.splits().fail(announcement(job, 0), CAUSE)).isFalse();
        assertThat(catalog.splits().fail(announcement(job, 7), CAUSE)).isFalse();
        assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.PENDING);
    }

    @Test
    void aWorkerThatFrozeInAPassedAttemptFailsNothing() {
        var job = CatalogDatabase.loading(catalog, 1);
        var frozen = catalog.splits().announceable(job, 1, 8, 8, SILENCE).getFirst();
        catalog.splits().start(frozen, "frozen");
        catalog.jobs().newAttempt(CatalogDatabase.lease(catalog, job, "a"));

        assertThat(catalog.splits().fail(frozen, CAUSE)).isFalse();
        assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.RUNNING);

        assertThat(catalog.splits().fail(new Announcement(frozen.split(), 2), CAUSE)).isTrue();
    }

    @Test
    void aJobThatIsBeingPublishedIsNotFailedByItsSplit() {
        var job = CatalogDatabase.loading(catalog, 1);
        var lease = CatalogDatabase.lease(catalog, job, "a");
        CatalogDatabase.bring(catalog, lease, Phase.PUBLISHING);

        assertThat(catalog.splits().fail(announcement(job, 0), CAUSE)).isFalse();
    }

    @Test
    void aSplitIsEitherLoadedOrFailsItsJob() throws Exception {
        for (var round = 0; round < 30; round++) {
            var job = CatalogDatabase.loading(catalog, 1);

            var done =
                    Race.of(
                            () -> catalog.splits().record(entry(job, 0)),
                            () -> catalog.splits().fail(announcement(job, 0), CAUSE));

            assertThat(done).containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void thereIsNothingToStartTwiceUnknownOrPassed() {
        var job = CatalogDatabase.loading(catalog, 2);
        catalog.splits().record(entry(job, 0));

        assertThat(catalog.splits().start(announcement(job, 0), "worker")).isEmpty();
        assertThat(catalog.splits().start(announcement(job, 7), "worker")).isEmpty();
        assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.PENDING);

        catalog.jobs().newAttempt(CatalogDatabase.lease(catalog, job, "a"));
        assertThat(catalog.splits().start(announcement(job, 1), "worker")).isEmpty();
    }

    @Test
    void aNewAttemptAnnouncesAndCountsFromTheBeginning() {
        var job = CatalogDatabase.loading(catalog, 3);
        var first = catalog.splits().announceable(job, 1, 8, 8, SILENCE);
        catalog.splits().start(first.get(0), "worker");
        catalog.splits().start(first.get(0), "worker");
        catalog.splits().record(entry(job, 1));

        catalog.jobs().newAttempt(CatalogDatabase.lease(catalog, job, "a"));
        assertThat(announce(job, 1, 8)).isEmpty();
        assertThat(announce(job, 2, 8)).containsExactly(0, 1, 2);

        // what is left of the first attempt touches nothing of the second
        age(job, SILENCE.plusSeconds(1));
        catalog.splits().touch(first.get(0));
        catalog.splits().pause(first.get(1));
        assertThat(announce(job, 2, 8)).containsExactly(0, 1, 2);
        catalog.splits().unannounce(first);
        assertThat(announce(job, 2, 8)).isEmpty();
        assertThat(starts(new Announcement(new SplitId(job, 0, 0), 2))).isEqualTo(1);
    }

    @Test
    void anUploadThatStillRunsGoesOnInANewAttempt() {
        var job = CatalogDatabase.job(catalog);
        CatalogDatabase.addSplits(catalog, job, 1);

        catalog.jobs().newAttempt(CatalogDatabase.lease(catalog, job, "a"));
        assertThat(catalog.jobs().get(job).phase()).isEqualTo(Phase.UPLOADING);
        assertThat(catalog.splits().add(CatalogDatabase.first(job), split(job, 1), true)).isTrue();

        assertThat(announce(job, 2, 8)).containsExactly(0, 1);
        assertThat(
                        catalog.jobs()
                                .finishUpload(
                                        CatalogDatabase.first(job),
                                        new IntakeTotals(2, 20, 200, 200, "a")))
                .isTrue();
    }

    @Test
    void announcingStaysQuickWithManySplits() {
        var job = CatalogDatabase.job(catalog);
        database.sql(
                """
                insert into split (job_id, source, number, first_row, records, bytes, checksum,
                                   source_from, source_to, attempt)
                select '%s', 0, n, n * 10 + 1, 10, 100, 0, n * 100, n * 100 + 100, 1
                from generate_series(0, 99999) as n
                """
                        .formatted(job.uuid()));

        announce(job, 1, 64); // opens connections and compiles
        var spent = Duration.ZERO;
        for (var round = 0; round < 10; round++) {
            age(job, SILENCE.plusSeconds(1));
            var begin = System.nanoTime();
            assertThat(announce(job, 1, 64)).isEqualTo(IntStream.range(0, 64).boxed().toList());
            spent = spent.plusNanos(System.nanoTime() - begin);
        }

        // a few milliseconds each; a plan that reads all splits takes hundreds, or seconds
        assertThat(spent).isLessThan(Duration.ofSeconds(2));
    }
}
