package dev.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.Lease;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Phase;
import dev.millrace.core.Undo;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What may be asked for behind a job's end, and what an owner then finds.
class RevisionsTest {
    private static final Cause CAUSE = new Cause(ErrorCode.AUDIT_FAILED, "no", null);
    private static final Cause UNCERTAIN =
            new Cause(ErrorCode.PUBLISH_UNCERTAIN, "who knows", null);

    private final CatalogDatabase database = CatalogDatabase.emptied();
    private final PostgresCatalog catalog = database.catalog();

    @Test
    void aRetriedJobBeginsAnewWithWhatIsWantedNow() {
        var job = failed(true);
        var options =
                new LoadOptions(
                        LoadOptions.DEFAULT.mode(), IfLoaded.LOAD, new MaxRejected(3L, null), true);

        assertThat(catalog.jobs().retry(job, options)).isTrue();

        var now = catalog.jobs().get(job);
        assertThat(now.state()).isEqualTo(JobState.PENDING);
        assertThat(now.phase()).isEqualTo(Phase.LOADING);
        assertThat(now.attempt()).isEqualTo(2);
        assertThat(now.firstAttempt()).isEqualTo(2);
        assertThat(now.ledger().splits()).isZero();
        assertThat(now.cause()).isNull();
        assertThat(now.options()).isEqualTo(options);
        assertThat(now.times().finishedAt()).isNull();
        assertThat(catalog.splits().announceable(job, 2, 10, 10, Duration.ofMinutes(1))).hasSize(3);
        assertThat(catalog.jobs().acquire("b", Duration.ofMinutes(1)))
                .hasValueSatisfying(l -> assertThat(l.job()).isEqualTo(job));
    }

    @Test
    void aJobWhoseSplitsAreGoneIsNotRetried() {
        assertThat(catalog.jobs().retry(failed(false), LoadOptions.DEFAULT)).isFalse();
    }

    @Test
    void aJobThatIsStillCleanedUpIsNotRetried() {
        var lease = leased();
        catalog.jobs().finish(lease, JobState.FAILED, CAUSE);
        assertThat(catalog.jobs().retry(lease.job(), LoadOptions.DEFAULT)).isFalse();
        catalog.jobs().cleaned(lease, true);
        assertThat(catalog.jobs().retry(lease.job(), LoadOptions.DEFAULT)).isTrue();
    }

    @Test
    void onlyAFailedJobWithItsSourceIsRetried() {
        assertThat(catalog.jobs().retry(published().job(), LoadOptions.DEFAULT)).isFalse();
        var uploading = CatalogDatabase.job(catalog);
        catalog.jobs().fail(uploading, CAUSE);
        var lease = CatalogDatabase.lease(catalog, uploading, "a");
        catalog.jobs().cleaned(lease, true);
        assertThat(catalog.jobs().retry(uploading, LoadOptions.DEFAULT)).isFalse();
        assertThat(catalog.jobs().retry(uncertain(), LoadOptions.DEFAULT)).isFalse();
    }

    @Test
    void anUndoIsTakenByAnOwnerAndAskedForOnce() {
        var job = published().job();
        assertThat(catalog.jobs().requestUndo(job)).isTrue();
        assertThat(catalog.jobs().requestUndo(job)).isFalse();
        assertThat(catalog.jobs().get(job).isSettled()).isFalse();

        var lease = CatalogDatabase.lease(catalog, job, "b");
        assertThatThrownBy(() -> catalog.jobs().cleaned(lease, false))
                .isInstanceOf(MillraceException.class);
        catalog.jobs().undoRefused(lease, CAUSE);
        catalog.jobs().cleaned(lease, false);

        var refused = undo(job);
        assertThat(refused.state()).isEqualTo(Undo.State.REFUSED);
        assertThat(refused.cause()).isEqualTo(CAUSE);
        assertThat(catalog.jobs().requestUndo(job)).isTrue();
        catalog.jobs().undone(CatalogDatabase.lease(catalog, job, "c"));
        assertThat(undo(job).state()).isEqualTo(Undo.State.DONE);
        assertThat(undo(job).cause()).isNull();
        assertThat(catalog.jobs().requestUndo(job)).isFalse();
    }

    @Test
    void whatIsNotPublishedIsNotUndone() {
        assertThat(catalog.jobs().requestUndo(failed(true))).isFalse();
        assertThat(catalog.jobs().requestUndo(leased().job())).isFalse();
    }

    @Test
    void anUncertainJobBecomesWhatSomebodyFound() {
        var there = uncertain();
        var notThere = uncertain();
        assertThat(catalog.jobs().resolve(failed(true), true)).isFalse();

        assertThat(catalog.jobs().resolve(there, true)).isTrue();
        assertThat(catalog.jobs().resolve(notThere, false)).isTrue();

        assertThat(catalog.jobs().get(there).state()).isEqualTo(JobState.SUCCESS);
        assertThat(catalog.jobs().get(there).phase()).isEqualTo(Phase.PUBLISHED);
        assertThat(catalog.jobs().get(notThere).cause())
                .extracting(Cause::code)
                .isEqualTo(ErrorCode.NOT_PUBLISHED);
        assertThat(catalog.jobs().resolve(there, false)).isFalse();
        // both are to be cleaned up now
        assertThat(catalog.jobs().acquire("b", Duration.ofMinutes(1))).isPresent();
        assertThat(catalog.jobs().acquire("b", Duration.ofMinutes(1))).isPresent();
    }

    @Test
    void aNoteStaysForWhoeverComesNext() {
        var lease = leased();
        catalog.jobs().note(lease, "exchanged a and b");
        assertThat(catalog.jobs().get(lease.job()).note()).isEqualTo("exchanged a and b");
    }

    @Test
    void aDuplicateEndsWithWhoCameBefore() {
        var before = published().job();
        var skipped = leased();
        var refused = leased();

        catalog.jobs().finishAsDuplicate(skipped, before, null);
        catalog.jobs().finishAsDuplicate(refused, before, CAUSE);

        assertThat(catalog.jobs().get(skipped.job()).state()).isEqualTo(JobState.SUCCESS);
        assertThat(catalog.jobs().get(skipped.job()).links().duplicateOf()).isEqualTo(before);
        assertThat(catalog.jobs().get(refused.job()).state()).isEqualTo(JobState.FAILED);
        assertThat(catalog.jobs().get(refused.job()).links().duplicateOf()).isEqualTo(before);
    }

    private Undo undo(JobId job) {
        return Objects.requireNonNull(catalog.jobs().get(job).undo());
    }

    private Lease leased() {
        return CatalogDatabase.lease(catalog, CatalogDatabase.loading(catalog, 3), "a");
    }

    private JobId failed(boolean splitsKept) {
        var lease = leased();
        catalog.jobs().finish(lease, JobState.FAILED, CAUSE);
        catalog.jobs().cleaned(lease, splitsKept);
        return lease.job();
    }

    private JobId uncertain() {
        var lease = leased();
        CatalogDatabase.bring(catalog, lease, Phase.PUBLISHING);
        catalog.jobs().finish(lease, JobState.FAILED, UNCERTAIN);
        catalog.jobs().cleaned(lease, true);
        return lease.job();
    }

    private Lease published() {
        var lease = leased();
        CatalogDatabase.bring(catalog, lease, Phase.PUBLISHED);
        catalog.jobs().finish(lease, JobState.SUCCESS, null);
        catalog.jobs().cleaned(lease, false);
        return lease;
    }
}
