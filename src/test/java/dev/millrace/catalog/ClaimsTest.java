package dev.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.Lease;
import dev.millrace.core.LoadMode;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Model;
import dev.millrace.core.NewJob;
import dev.millrace.core.Phase;
import dev.millrace.core.Replaced;
import dev.millrace.core.SourceOptions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which job has which content in a table, as jobs come and go.
class ClaimsTest {
    private static final Cause CAUSE = new Cause(ErrorCode.AUDIT_FAILED, "no", null);
    private static final LoadOptions APPEND = LoadOptions.DEFAULT;
    private static final LoadOptions REPLACE = APPEND.with(LoadMode.REPLACE);

    private final CatalogDatabase database = CatalogDatabase.emptied();
    private final PostgresCatalog catalog = database.catalog();
    private final Model model = CatalogDatabase.model(catalog);

    @Test
    void whoComesSecondWithTheSameContentIsToldOfTheFirst() {
        var first = published("a", APPEND);

        var second = audited("a", APPEND);

        assertThat(catalog.jobs().loadedBefore(second.job())).contains(first.job());
        assertThat(catalog.jobs().beginPublish(second)).contains(first.job());
        assertThat(catalog.jobs().get(second.job()).phase()).isEqualTo(Phase.AUDITED);
        assertThat(catalog.jobs().loadedBefore(published("b", APPEND).job())).isEmpty();
    }

    @Test
    void ofTwoAtOnceOneBeginsToPublish() throws Exception {
        for (var round = 0; round < 30; round++) {
            var content = "round " + round;
            var one = audited(content, APPEND);
            var other = audited(content, APPEND);

            var won =
                    Race.of(
                            () -> catalog.jobs().beginPublish(one).isEmpty(),
                            () -> catalog.jobs().beginPublish(other).isEmpty());

            assertThat(won).containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void oneThatIsLoadedWhateverWasBeforeClaimsNothing() {
        published("a", APPEND.with(IfLoaded.LOAD));
        var second = published("a", APPEND);

        var third = audited("a", APPEND.with(IfLoaded.LOAD));

        assertThat(catalog.jobs().loadedBefore(third.job())).isEmpty();
        assertThat(catalog.jobs().beginPublish(third)).isEmpty();
        assertThat(catalog.jobs().loadedBefore(audited("a", APPEND).job())).contains(second.job());
    }

    @Test
    void aFailedJobGivesItsClaimUpAndAnUncertainOneKeepsIt() {
        var failed = audited("a", APPEND);
        catalog.jobs().beginPublish(failed);
        catalog.jobs().finish(failed, JobState.FAILED, CAUSE);
        catalog.jobs().cleaned(failed, true);
        assertThat(catalog.jobs().loadedBefore(audited("a", APPEND).job())).isEmpty();

        var uncertain = uncertain("b");
        assertThat(catalog.jobs().loadedBefore(audited("b", APPEND).job()))
                .contains(uncertain.job());

        assertThat(catalog.jobs().resolve(uncertain.job(), false)).isTrue();
        catalog.jobs().cleaned(CatalogDatabase.lease(catalog, uncertain.job(), "b"), true);
        assertThat(catalog.jobs().loadedBefore(audited("b", APPEND).job())).isEmpty();
    }

    @Test
    void anUndoneJobGivesItsClaimUp() {
        var job = published("a", APPEND);

        undo(job);

        assertThat(catalog.jobs().get(job.job()).isUndone()).isTrue();
        assertThat(catalog.jobs().loadedBefore(audited("a", APPEND).job())).isEmpty();
    }

    @Test
    void aReplacementTakesOverTheTableAndGivesItBackWhenItIsUndone() {
        var before = published("a", APPEND);
        var undone = published("x", APPEND);
        undo(undone);

        var replacement = audited("b", REPLACE);
        assertThat(catalog.jobs().beginPublish(replacement)).isEmpty();
        catalog.jobs().published(replacement, new Replaced.Everything());
        catalog.jobs().finish(replacement, JobState.SUCCESS, null);
        catalog.jobs().cleaned(replacement, false);

        assertThat(replacedBy(before)).isEqualTo(replacement.job());
        assertThat(replacedBy(undone)).isNull();
        assertThat(catalog.jobs().loadedBefore(audited("a", APPEND).job())).isEmpty();
        assertThat(catalog.jobs().loadedBefore(audited("b", APPEND).job()))
                .contains(replacement.job());

        undo(replacement);

        assertThat(replacedBy(before)).isNull();
        assertThat(catalog.jobs().loadedBefore(audited("a", APPEND).job())).contains(before.job());
        assertThat(catalog.jobs().loadedBefore(audited("b", APPEND).job())).isEmpty();
    }

    @Test
    void aReplacementOfTheSameContentIsNotRefused() {
        published("a", APPEND);
        assertThat(catalog.jobs().beginPublish(audited("a", REPLACE))).isEmpty();
    }

    @Test
    void onlyThoseWhoseRowsWentAreMarked() {
        var gone = published("a", APPEND);
        var stays = published("b", APPEND);
        var partly = audited("c", APPEND.with(LoadMode.REPLACE_PARTITIONS));
        catalog.jobs().beginPublish(partly);

        catalog.jobs().published(partly, new Replaced.Of(Set.of(gone.job())));

        assertThat(replacedBy(gone)).isEqualTo(partly.job());
        assertThat(replacedBy(stays)).isNull();
        assertThat(catalog.jobs().loadedBefore(audited("b", APPEND).job())).contains(stays.job());
        assertThat(catalog.jobs().loadedBefore(audited("a", APPEND).job())).isEmpty();
    }

    @Test
    void theNewestBehindAJobIsKnownUnlessItIsUndone() {
        var first = published("a", APPEND);
        var second = published("b", APPEND);
        var third = published("c", APPEND);

        assertThat(catalog.jobs().publishedBehind(first.job())).contains(third.job());
        undo(third);
        assertThat(catalog.jobs().publishedBehind(first.job())).contains(second.job());
        assertThat(catalog.jobs().publishedBehind(second.job())).isEmpty();
    }

    @Test
    void whoeverIsInTheMiddleOfATableIsWaitedForInOneOrder() {
        var other = published("c", APPEND);
        var first = audited("a", APPEND);
        var second = audited("b", REPLACE);
        assertThat(catalog.jobs().unfinishedBefore(second.job())).isEmpty();

        catalog.jobs().beginPublish(first);
        assertThat(catalog.jobs().unfinishedBefore(second.job())).contains(first.job());
        assertThat(catalog.jobs().unfinishedBefore(first.job())).isEmpty();

        catalog.jobs().published(first, Replaced.NOTHING);
        catalog.jobs().finish(first, JobState.SUCCESS, null);
        assertThat(catalog.jobs().unfinishedBefore(second.job())).isEmpty();

        catalog.jobs().requestUndo(first.job());
        catalog.jobs().requestUndo(other.job());
        assertThat(catalog.jobs().unfinishedBefore(first.job())).isEmpty();
        assertThat(catalog.jobs().unfinishedBefore(other.job())).contains(first.job());
        assertThat(catalog.jobs().unfinishedBefore(second.job())).isPresent();
    }

    @Test
    void aTableThatIsGoneHoldsNothing() {
        published("a", APPEND);
        catalog.jobs().releaseClaims(model.table());
        assertThat(catalog.jobs().loadedBefore(audited("a", APPEND).job())).isEmpty();
    }

    @Test
    void theSameContentMayGoIntoAnotherTable() {
        published("a", APPEND);
        var other = CatalogDatabase.model(catalog);
        assertThat(catalog.jobs().beginPublish(audited(other, "a", APPEND))).isEmpty();
    }

    private @Nullable JobId replacedBy(Lease lease) {
        return catalog.jobs().get(lease.job()).links().replacedBy();
    }

    private void undo(Lease job) {
        assertThat(catalog.jobs().requestUndo(job.job())).isTrue();
        var lease = CatalogDatabase.lease(catalog, job.job(), "undoer");
        catalog.jobs().undone(lease);
        catalog.jobs().cleaned(lease, false);
    }

    private Lease uncertain(String content) {
        var job = audited(content, APPEND);
        catalog.jobs().beginPublish(job);
        catalog.jobs()
                .finish(
                        job,
                        JobState.FAILED,
                        new Cause(ErrorCode.PUBLISH_UNCERTAIN, "who knows", null));
        catalog.jobs().leftUncertain(job);
        return job;
    }

    private Lease published(String content, LoadOptions options) {
        var job = audited(content, options);
        assertThat(catalog.jobs().beginPublish(job)).isEmpty();
        catalog.jobs().published(job, Replaced.NOTHING);
        catalog.jobs().finish(job, JobState.SUCCESS, null);
        catalog.jobs().cleaned(job, false);
        return job;
    }

    private Lease audited(String content, LoadOptions options) {
        return audited(model, content, options);
    }

    private Lease audited(Model of, String content, LoadOptions options) {
        var job =
                catalog.jobs()
                        .create(new NewJob(of, "a.csv", SourceOptions.DETECT, options, null, "ada"))
                        .id();
        CatalogDatabase.addSplits(catalog, job, 1);
        catalog.jobs()
                .finishUpload(CatalogDatabase.first(job), new IntakeTotals(1, 10, 100, 7, content));
        var lease = CatalogDatabase.lease(catalog, job, "a");
        CatalogDatabase.bring(catalog, lease, Phase.AUDITED);
        return lease;
    }
}
