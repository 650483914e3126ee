package dev.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.JobState;
import dev.millrace.core.LoadMode;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.NewSource;
import dev.millrace.core.Phase;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitId;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How an owner judges what fails.
class OwnerTest extends OwnedLoads {
    @Test
    void noMoreJobsWaitOrRunThanMay() throws Exception {
        var few = new Jobs(catalog, store, sink, 2);
        var column = new Column("a", ColumnTypes.parse("UInt8"));
        var definition = new ModelDefinition(List.of(column), null, null, List.of(), null);
        var model = catalog.models().create("few", definition, "tester");
        var request =
                new Jobs.Request(
                        model.name(),
                        List.of(new NewSource("a.csv", SourceOptions.DETECT)),
                        Jobs.Wishes.NONE,
                        null,
                        "tester",
                        null);
        var first = few.create(request);
        few.create(request);

        assertThatThrownBy(() -> few.create(request))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_BUSY));

        few.cancel(first.id().publicId());
        assertThat(few.create(request).phase()).isEqualTo(Phase.UPLOADING);
    }

    @Test
    void aPublishThatIsRefusedBeforeItChangedAnythingFailsWithItsOwnCause() throws Exception {
        sink.publishFailure =
                new MillraceException(ErrorCode.MODEL_CHANGE_REFUSED, "column c has no value");

        var job = ended(loaded(MaxRejected.NO_LIMIT));

        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(cause(job).code()).isEqualTo(ErrorCode.MODEL_CHANGE_REFUSED);
        assertThat(sink.published).isEmpty();
        awaitDiscarded(job);
    }

    @Test
    void aJobsEndIsCountedOnceAndBeforeWhatMayFailBehindIt() throws Exception {
        sink.discardFailures.set(1);

        var job = ended(loaded(MaxRejected.NO_LIMIT));
        awaitDiscarded(job);

        assertThat(sink.discardFailures).hasValue(0);
        assertThat(counted).containsExactly(JobState.PARTIAL_SUCCESS);
    }

    @Test
    void aJobThatIsCancelledIsCountedByItsOwner() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        nextAnnouncement();
        jobs.cancel(id.publicId());

        awaitDiscarded(ended(id));

        assertThat(counted).containsExactly(JobState.CANCELLED);
    }

    @Test
    void aPublishThatTookPlaceAndThenFailedIsASuccess() throws Exception {
        sink.publishFailure = new IllegalStateException("the answer could not be read");
        sink.publishesBeforeItFails = true;

        var job = ended(loaded(MaxRejected.NO_LIMIT));

        assertThat(job.state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        assertThat(sink.published).containsEntry(job.id(), WRITTEN);
    }

    @Test
    void aPublishOfWhichSomethingElseIsThereIsUncertainAndKeepsEverything() throws Exception {
        var id = loaded(MaxRejected.NO_LIMIT);
        sink.published.put(id, new Digest(3, 1, 1));
        sink.publishFailure = new MillraceException(ErrorCode.CLICKHOUSE_REFUSED, "no");

        var job = ended(id);

        assertThat(cause(job).code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN);
        assertThat(sink.discarded).doesNotContain(id);
    }

    @Test
    void anAuditThatDisagreesIsTriedOnceMoreFromTheStoredSplitsThenFails() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        sink.staged = new Digest(8, 46, 123);

        work(id, 1);
        work(id, 2);

        var job = ended(id);
        assertThat(job.attempt()).isEqualTo(2);
        assertThat(cause(job).code()).isEqualTo(ErrorCode.AUDIT_FAILED);
        assertThat(sink.published).isEmpty();
    }

    @Test
    void stagingThatGoesMissingMeansANewAttempt() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        sink.staged = WRITTEN;
        assertThat(nextAnnouncement().attempt()).isEqualTo(1);

        sink.loseStaging();
        work(id, 2);

        assertThat(ended(id).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
    }

    @Test
    void rejectionsAreMirroredBeforeAJobFailsForThem() throws Exception {
        var id = loading(new MaxRejected(0L, null));

        work(id, 1);

        var job = ended(id);
        assertThat(cause(job).code()).isEqualTo(ErrorCode.TOO_MANY_REJECTED);
        assertThat(sink.mirrored).contains(new SplitId(id, 0, 0));
    }

    @Test
    void aCancelledJobIsCleanedUpAtOnce() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        nextAnnouncement();

        jobs.cancel(id.publicId());

        awaitDiscarded(catalog.jobs().get(id));
        await("the splits are gone", () -> store.list("splits/" + id.uuid() + "/").isEmpty());
    }

    @Test
    void theSameContentIsRefusedSkippedOrLoadedAsItsCallerWants() throws Exception {
        var first = ended(loaded(MaxRejected.NO_LIMIT));
        var options = LoadOptions.DEFAULT;

        var refused = ended(loading(options));
        var skipped = ended(loading(options.with(IfLoaded.SKIP)));
        var again = loading(options.with(IfLoaded.LOAD));
        work(again, 1);

        assertThat(cause(refused).code()).isEqualTo(ErrorCode.ALREADY_LOADED);
        assertThat(refused.links().duplicateOf()).isEqualTo(first.id());
        assertThat(skipped.state()).isEqualTo(JobState.SUCCESS);
        assertThat(skipped.links().duplicateOf()).isEqualTo(first.id());
        assertThat(sink.published).doesNotContainKeys(refused.id(), skipped.id());
        assertThat(ended(again).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
    }

    @Test
    void anUncertainJobIsNotResolvedAgainstWhatItsTableSays() throws Exception {
        var id = loaded(MaxRejected.NO_LIMIT);
        sink.published.put(id, new Digest(3, 1, 1));
        sink.publishFailure = new MillraceException(ErrorCode.CLICKHOUSE_REFUSED, "no");
        assertThat(cause(ended(id)).code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN);
        assertThatThrownBy(() -> jobs.retry(id.publicId(), Jobs.Wishes.NONE))
                .hasMessageContaining("may have been published");
        sink.published.put(id, WRITTEN);

        assertThatThrownBy(() -> jobs.resolve(id.publicId(), false))
                .hasMessageContaining("holds all of the rows");
        assertThat(jobs.resolve(id.publicId(), true).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        awaitDiscarded(catalog.jobs().get(id));
    }

    @Test
    void aDryRunEndsAuditedAndLeavesNothingAndClaimsNothing() throws Exception {
        var dry =
                loading(
                        new LoadOptions(
                                LoadMode.APPEND,
                                IfLoaded.REFUSE,
                                MaxRejected.NO_LIMIT,
                                false,
                                true));
        sink.staged = WRITTEN;
        work(dry, 1);

        var job = ended(dry);
        assertThat(job.state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        assertThat(job.phase()).isEqualTo(Phase.AUDITED);
        assertThat(job.ledger().rejected()).isEqualTo(1);
        assertThat(sink.mirrored).isNotEmpty();
        assertThat(sink.published).isEmpty();
        awaitDiscarded(job);
        assertThatThrownBy(() -> jobs.undo(dry.publicId()))
                .hasMessageContaining("has published nothing");

        var published = ended(loaded(MaxRejected.NO_LIMIT));
        assertThat(published.phase()).isEqualTo(Phase.PUBLISHED);
        assertThat(sink.published).containsOnlyKeys(published.id());

        var again =
                loading(
                        new LoadOptions(
                                LoadMode.APPEND,
                                IfLoaded.REFUSE,
                                MaxRejected.NO_LIMIT,
                                false,
                                true));
        work(again, 1);
        assertThat(ended(again).phase()).isEqualTo(Phase.AUDITED);
    }
}
