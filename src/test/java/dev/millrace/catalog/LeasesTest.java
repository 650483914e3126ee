package dev.millrace.catalog;

import static dev.millrace.catalog.CatalogDatabase.LONG;
import static dev.millrace.catalog.PostgresModelsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.Lease;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.Replaced;
import dev.millrace.core.Upload;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import dev.millrace.core.UploadStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LeasesTest {
    private static final Cause CAUSE = new Cause(ErrorCode.AUDIT_FAILED, "a row is missing", null);

    private final CatalogDatabase database = CatalogDatabase.emptied();
    private final PostgresCatalog catalog = database.catalog();

    /// Makes every lease expire, as time would.
    private void expireLeases() {
        database.sql("update job set lease_until = now() where lease_until is not null");
    }

    /// A leased job that has come so far.
    private Lease leasedAt(Phase phase) {
        var lease = CatalogDatabase.lease(catalog, CatalogDatabase.loading(catalog, 0), "a");
        CatalogDatabase.bring(catalog, lease, phase);
        return lease;
    }

    @Test
    void ownersWhoRaceForJobsNeverShareOne() throws Exception {
        var model = CatalogDatabase.model(catalog);
        for (var i = 0; i < 50; i++) {
            CatalogDatabase.loading(catalog, model, 0);
        }
        try (var second = database.open()) {
            var taken =
                    Race.of(
                            () -> takeAll(catalog, "a"),
                            () -> takeAll(second, "b"),
                            () -> takeAll(catalog, "c"),
                            () -> takeAll(second, "d"));

            var all = taken.stream().flatMap(List::stream).map(Lease::job).toList();
            assertThat(all).hasSize(50).doesNotHaveDuplicates();
        }
    }

    private static List<Lease> takeAll(PostgresCatalog catalog, String holder) {
        var taken = new ArrayList<Lease>();
        for (var next = catalog.jobs().acquire(holder, LONG);
                next.isPresent();
                next = catalog.jobs().acquire(holder, LONG)) {
            taken.add(next.get());
        }
        return taken;
    }

    /// Nobody can do anything for it, and it may wait for a day.
    @Test
    void aJobThatOnlyWaitsForItsSenderIsNotTaken() {
        var job = CatalogDatabase.job(catalog);
        assertThat(catalog.jobs().acquire("a", LONG)).isEmpty();

        CatalogDatabase.addSplits(catalog, job, 1);
        var lease = catalog.jobs().acquire("a", LONG).orElseThrow();
        catalog.jobs().release(lease);

        assertThat(catalog.jobs().acquire("b", LONG).orElseThrow().job()).isEqualTo(job);
        assertThat(catalog.jobs().renew(lease, LONG)).isFalse();
    }

    @Test
    void theOldestJobIsTakenFirst() {
        var first = CatalogDatabase.loading(catalog, 0);
        var second = CatalogDatabase.loading(catalog, 0);

        assertThat(takeAll(catalog, "a")).extracting(Lease::job).containsExactly(first, second);
    }

    @Test
    void anExpiredLeaseIsTakenOverAndItsHolderMayChangeNothing() {
        var job = CatalogDatabase.loading(catalog, 0);
        var old = CatalogDatabase.lease(catalog, job, "a");
        expireLeases();
        assertLost(old);

        var taken = CatalogDatabase.lease(catalog, job, "b");
        assertLost(old);

        catalog.jobs().advance(taken, Phase.LOADING, Phase.SEALED);
        assertThat(catalog.jobs().renew(taken, LONG)).isTrue();
    }

    @Test
    void aHolderThatTookItsOwnJobAgainHoldsOnlyTheNewLease() {
        var job = CatalogDatabase.loading(catalog, 0);
        var old = CatalogDatabase.lease(catalog, job, "a");
        expireLeases();
        var taken = CatalogDatabase.lease(catalog, job, "a");

        assertLost(old);
        assertThat(catalog.jobs().renew(taken, LONG)).isTrue();
    }

    private void assertLost(Lease lease) {
        var jobs = catalog.jobs();
        var before = jobs.get(lease.job());
        assertThat(jobs.renew(lease, LONG)).isFalse();
        assertRefused(ErrorCode.LEASE_LOST, () -> jobs.pinServer(lease, "s"));
        assertRefused(ErrorCode.LEASE_LOST, () -> jobs.raiseEpoch(lease));
        assertRefused(ErrorCode.LEASE_LOST, () -> jobs.advance(lease, Phase.LOADING, Phase.SEALED));
        assertRefused(ErrorCode.LEASE_LOST, () -> jobs.newAttempt(lease));
        assertRefused(ErrorCode.LEASE_LOST, () -> jobs.finish(lease, JobState.FAILED, CAUSE));
        assertRefused(ErrorCode.LEASE_LOST, () -> jobs.cleaned(lease, false));
        assertRefused(ErrorCode.LEASE_LOST, () -> jobs.leftUncertain(lease));
        assertThat(jobs.get(lease.job())).isEqualTo(before);
    }

    @Test
    void aRenewedLeaseIsNotTaken() {
        var job = CatalogDatabase.loading(catalog, 0);
        var lease = catalog.jobs().acquire("a", Duration.ofSeconds(30)).orElseThrow();
        assertThat(catalog.jobs().renew(lease, Duration.ofHours(1))).isTrue();
        database.sql("update job set lease_until = lease_until - interval '30 minutes'");

        assertThat(catalog.jobs().acquire("b", LONG)).isEmpty();
        assertThat(lease.job()).isEqualTo(job);
    }

    @Test
    void aFinalJobIsTakenUntilItIsCleanedUp() {
        var job = CatalogDatabase.loading(catalog, 0);
        catalog.jobs().cancel(job);
        var lease = CatalogDatabase.lease(catalog, job, "a");
        assertThat(catalog.jobs().raiseEpoch(lease)).isEqualTo(1);

        catalog.jobs().cleaned(lease, false);

        assertThat(catalog.jobs().acquire("a", LONG)).isEmpty();
    }

    /// The one who resolves it may be quicker than its owner, who has just found it uncertain.
    @Test
    void anUncertainJobThatIsResolvedMeanwhileIsToBeCleanedUp() {
        var uncertain = new Cause(ErrorCode.PUBLISH_UNCERTAIN, "who knows", null);
        for (var published : new boolean[] {true, false}) {
            var job = CatalogDatabase.loading(catalog, 0);
            var lease = CatalogDatabase.lease(catalog, job, "a");
            catalog.jobs().finish(lease, JobState.FAILED, uncertain);
            assertThat(catalog.jobs().resolve(job, published)).isTrue();

            assertRefused(ErrorCode.LEASE_LOST, () -> catalog.jobs().leftUncertain(lease));

            assertThat(catalog.jobs().renew(lease, LONG)).isTrue();
            catalog.jobs().cleaned(lease, false);
            assertThat(catalog.jobs().acquire("a", LONG)).isEmpty();
        }
    }

    @Test
    void anUncertainJobIsLeftAsItIs() {
        var job = CatalogDatabase.loading(catalog, 0);
        var lease = CatalogDatabase.lease(catalog, job, "a");
        catalog.jobs()
                .finish(
                        lease,
                        JobState.FAILED,
                        new Cause(ErrorCode.PUBLISH_UNCERTAIN, "who knows", null));

        catalog.jobs().leftUncertain(lease);

        assertThat(catalog.jobs().acquire("a", LONG)).isEmpty();
        assertThat(catalog.jobs().get(job).splitsKept()).isTrue();
    }

    @Test
    void aJobThatIsNotFinalIsNotCleanedUp() {
        var lease = CatalogDatabase.lease(catalog, CatalogDatabase.loading(catalog, 0), "a");

        assertRefused(ErrorCode.LEASE_LOST, () -> catalog.jobs().cleaned(lease, false));
    }

    @Test
    void whatAGoneProcessHeldIsGivenUp() {
        var model = CatalogDatabase.model(catalog);
        var mine = CatalogDatabase.loading(catalog, model, 0);
        var theirs = CatalogDatabase.loading(catalog, model, 0);
        var uploading = CatalogDatabase.job(catalog, model);
        var elsewhere = CatalogDatabase.job(catalog, model);
        CatalogDatabase.lease(catalog, mine, "host_1/owner");
        var kept = CatalogDatabase.lease(catalog, theirs, "hostX1/owner");
        var once = CatalogDatabase.job(catalog, model);
        begin(uploading, "host_1/upload", UploadRequest.whole(-1));
        begin(elsewhere, "hostX1/upload", UploadRequest.whole(-1));
        begin(once, "host_1/upload", UploadRequest.once(-1));

        catalog.jobs().releaseAll("host_1/");

        assertThat(CatalogDatabase.lease(catalog, mine, "b")).isNotNull();
        assertThat(catalog.jobs().renew(kept, LONG)).isTrue();
        assertThat(state(uploading)).isEqualTo(UploadStatus.State.INTERRUPTED);
        assertThat(state(elsewhere)).isEqualTo(UploadStatus.State.RECEIVING);
        var failed = catalog.jobs().get(once);
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.finishedAt()).isNotNull();
        assertThat(Optional.ofNullable(failed.cause()))
                .hasValueSatisfying(
                        c -> assertThat(c.code()).isEqualTo(ErrorCode.UPLOAD_INTERRUPTED));
        assertThat(catalog.jobs().get(elsewhere).state()).isEqualTo(JobState.PENDING);
    }

    private Upload begin(JobId job, String receiver, UploadRequest asked) {
        return catalog.jobs()
                .beginUpload(job, new UploadReceiver(receiver, "host", "store"), asked)
                .orElseThrow();
    }

    private UploadStatus.State state(JobId job) {
        return Objects.requireNonNull(catalog.jobs().get(job).source().upload()).state();
    }

    @Test
    void aJobStaysWithItsServer() {
        var lease = leasedAt(Phase.LOADING);
        catalog.jobs().pinServer(lease, "one");
        catalog.jobs().pinServer(lease, "one");

        assertRefused(ErrorCode.SERVER_CHANGED, () -> catalog.jobs().pinServer(lease, "two"));
        assertThat(catalog.jobs().get(lease.job()).serverId()).isEqualTo("one");
    }

    @Test
    void epochsRiseAndBeginAnewWithAnAttempt() {
        var lease = leasedAt(Phase.AUDITED);
        assertThat(catalog.jobs().raiseEpoch(lease)).isEqualTo(1);
        assertThat(catalog.jobs().raiseEpoch(lease)).isEqualTo(2);

        assertThat(catalog.jobs().newAttempt(lease)).isEqualTo(2);

        var job = catalog.jobs().get(lease.job());
        assertThat(job.epoch()).isZero();
        assertThat(job.phase()).isEqualTo(Phase.LOADING);
    }

    @Test
    void noAttemptBeginsOncePublishing() {
        var lease = leasedAt(Phase.PUBLISHING);

        assertRefused(ErrorCode.LEASE_LOST, () -> catalog.jobs().newAttempt(lease));
    }

    @Test
    void aPhaseIsLeftOnce() {
        var lease = leasedAt(Phase.SEALED);

        assertRefused(
                ErrorCode.LEASE_LOST,
                () -> catalog.jobs().advance(lease, Phase.LOADING, Phase.SEALED));
        assertRefused(
                ErrorCode.INTERNAL_ERROR,
                () -> catalog.jobs().advance(lease, Phase.SEALED, Phase.LOADING));
    }

    @Test
    void cancelAndPublishNeverBothWin() throws Exception {
        var model = CatalogDatabase.model(catalog);
        var cancelled = 0;
        for (var round = 0; round < 60; round++) {
            var job = auditedJob(model.id().publicId());
            var won = Race.of(() -> catalog.jobs().cancel(job.job()), () -> beginsToPublish(job));

            assertThat(won).containsOnlyOnce(true);
            cancelled += won.getFirst() ? 1 : 0;
            assertThat(catalog.jobs().get(job.job()).state() == JobState.CANCELLED)
                    .isEqualTo(won.getFirst());
        }
        assertThat(cancelled).isBetween(0, 60);
    }

    private Lease auditedJob(String model) {
        var job = CatalogDatabase.job(catalog, catalog.models().find(model).orElseThrow());
        database.sql("update job set phase = 'AUDITED' where id = '%s'".formatted(job.uuid()));
        return CatalogDatabase.lease(catalog, job, "a");
    }

    private boolean beginsToPublish(Lease lease) {
        try {
            return catalog.jobs().beginPublish(lease).isEmpty();
        } catch (MillraceException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.LEASE_LOST);
            return false;
        }
    }

    private boolean advances(Lease lease, Phase from, Phase to) {
        try {
            catalog.jobs().advance(lease, from, to);
            return true;
        } catch (MillraceException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.LEASE_LOST);
            return false;
        }
    }

    @Test
    void aJobIsCancelledOrFailedOnlyBeforePublishing() {
        var early = new HashSet<JobId>();
        for (var phase : List.of(Phase.LOADING, Phase.SEALED, Phase.AUDITED)) {
            var job = leasedAt(phase).job();
            assertThat(catalog.jobs().cancel(job)).isTrue();
            assertThat(catalog.jobs().cancel(job)).isFalse();
            assertThat(catalog.jobs().fail(job, CAUSE)).isFalse();
            early.add(job);
        }
        for (var phase : List.of(Phase.PUBLISHING, Phase.PUBLISHED)) {
            var job = leasedAt(phase).job();
            assertThat(catalog.jobs().cancel(job)).isFalse();
            assertThat(catalog.jobs().fail(job, CAUSE)).isFalse();
        }
        assertThat(early)
                .allSatisfy(job -> {
                    assertThat(catalog.jobs().get(job).state()).isEqualTo(JobState.CANCELLED);
                    assertThat(catalog.jobs().get(job).finishedAt()).isNotNull();
                });
    }

    @Test
    void aCancelledJobGoesNoFurther() {
        var lease = leasedAt(Phase.SEALED);
        catalog.jobs().cancel(lease.job());

        assertThat(advances(lease, Phase.SEALED, Phase.AUDITED)).isFalse();
        assertRefused(
                ErrorCode.LEASE_LOST, () -> catalog.jobs().finish(lease, JobState.FAILED, CAUSE));
        assertRefused(ErrorCode.LEASE_LOST, () -> catalog.jobs().newAttempt(lease));
        assertThat(catalog.jobs().get(lease.job()).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void successIsForAPublishedJob() {
        var early = leasedAt(Phase.PUBLISHING);
        assertRefused(
                ErrorCode.INTERNAL_ERROR,
                () -> catalog.jobs().finish(early, JobState.SUCCESS, null));
        catalog.jobs().published(early, Replaced.NOTHING);

        catalog.jobs().finish(early, JobState.SUCCESS, null);

        var job = catalog.jobs().get(early.job());
        assertThat(job.state()).isEqualTo(JobState.SUCCESS);
        assertThat(job.cause()).isNull();
        assertThat(job.finishedAt()).isNotNull();
    }

    @Test
    void aFailureKeepsItsCause() {
        var lease = leasedAt(Phase.PUBLISHING);
        var cause = new Cause(ErrorCode.PUBLISH_UNCERTAIN, "who knows", "Look: select 1");
        assertRefused(
                ErrorCode.INTERNAL_ERROR,
                () -> catalog.jobs().finish(lease, JobState.FAILED, null));

        catalog.jobs().finish(lease, JobState.FAILED, cause);

        assertThat(catalog.jobs().get(lease.job()).cause()).isEqualTo(cause);
        assertRefused(
                ErrorCode.LEASE_LOST, () -> catalog.jobs().finish(lease, JobState.FAILED, CAUSE));
    }
}
