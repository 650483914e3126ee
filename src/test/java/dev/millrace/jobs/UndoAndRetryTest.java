package dev.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Cause;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.JobState;
import dev.millrace.core.LoadMode;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.MillraceException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What becomes of jobs that are over.
class UndoAndRetryTest extends OwnedLoads {
    @Test
    void anUndoneJobLeavesItsTableAndIsForgotten() throws Exception {
        var job = ended(loaded(MaxRejected.NO_LIMIT));
        awaitDiscarded(job);

        jobs.undo(job.id().publicId());

        var undone = settled(job.id());
        assertThat(undone.isUndone()).isTrue();
        assertThat(undone.state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        assertThat(sink.published).doesNotContainKey(job.id());
        await("it is forgotten", () -> sink.forgotten.contains(job.id()));
        assertThat(jobs.undo(job.id().publicId()).isUndone()).isTrue();
    }

    @Test
    void anUndoThatTheTableRefusesSaysWhyAndChangesNothing() throws Exception {
        var job = ended(loaded(MaxRejected.NO_LIMIT));
        awaitDiscarded(job);
        sink.undoFailure = new MillraceException(ErrorCode.UNDO_REFUSED, "rows were merged");

        jobs.undo(job.id().publicId());

        var refused = settled(job.id());
        assertThat(Objects.requireNonNull(refused.undo()).cause())
                .isEqualTo(new Cause(ErrorCode.UNDO_REFUSED, "rows were merged", null));
        assertThat(sink.published).containsKey(job.id());
        sink.undoFailure = null;
        jobs.undo(job.id().publicId());
        assertThat(settled(job.id()).isUndone()).isTrue();
    }

    @Test
    void onlyAPublishedJobIsUndone() throws Exception {
        var id = loading(MaxRejected.NO_LIMIT);
        nextAnnouncement();
        jobs.cancel(id.publicId());

        assertThatThrownBy(() -> jobs.undo(id.publicId()))
                .hasMessageContaining("has published nothing");
    }

    @Test
    void aFailedJobKeepsItsSplitsAndIsLoadedAgainWithoutAnUpload() throws Exception {
        var id = loading(new MaxRejected(0L, null));
        sink.staged = WRITTEN;
        work(id, 1);
        var failed = ended(id);
        awaitDiscarded(failed);
        assertThat(store.list("splits/" + id.uuid() + "/")).hasSize(1);
        assertThat(failed.isRetryable()).isTrue();

        jobs.retry(id.publicId(), new Jobs.Wishes(null, null, MaxRejected.NO_LIMIT, null, null));
        work(id, 2);

        assertThat(ended(id).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
        await("splits are gone", () -> store.list("splits/" + id.uuid() + "/").isEmpty());
    }

    @Test
    void aRetriedJobMayFailItsAuditOnceMore() throws Exception {
        var id = loading(new MaxRejected(0L, null));
        work(id, 1);
        awaitDiscarded(ended(id));
        sink.staged = new Digest(8, 46, 123);

        jobs.retry(id.publicId(), new Jobs.Wishes(null, null, MaxRejected.NO_LIMIT, null, null));
        work(id, 2);
        await("a third attempt", () -> catalog.jobs().get(id).attempt() == 3);
        sink.staged = WRITTEN;
        work(id, 3);

        assertThat(ended(id).state()).isEqualTo(JobState.PARTIAL_SUCCESS);
    }

    @Test
    void whatALaterJobReplacedIsNotUndoneBeforeIt() throws Exception {
        var first = ended(loaded(MaxRejected.NO_LIMIT));
        var replacement = loading(LoadOptions.DEFAULT.with(LoadMode.REPLACE));
        work(replacement, 1);
        ended(replacement);

        assertThatThrownBy(() -> jobs.undo(first.id().publicId()))
                .hasMessageContaining("has put its rows in the place");
        jobs.undo(replacement.publicId());
        assertThat(settled(replacement).isUndone()).isTrue();
        jobs.undo(first.id().publicId());
        assertThat(settled(first.id()).isUndone()).isTrue();
    }

    @Test
    void aReplacementUponWhichOthersWereLoadedIsNotUndoneBeforeThem() throws Exception {
        var replacement = loading(LoadOptions.DEFAULT.with(LoadMode.REPLACE));
        sink.staged = WRITTEN;
        work(replacement, 1);
        ended(replacement);
        var later = loading(LoadOptions.DEFAULT.with(IfLoaded.LOAD));
        work(later, 1);
        ended(later);

        assertThatThrownBy(() -> jobs.undo(replacement.publicId()))
                .hasMessageContaining("was published into the table");
    }
}
