package dev.millrace.core;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One load, as the catalog knew it at one moment.
///
/// @param number a job that was made later has a higher one
/// @param model the version that the job began with
/// @param attempt from 1; a new one begins with empty staging
/// @param firstAttempt the one with which the present run began: 1, or the one of the last retry
/// @param epoch from 0, raised by every fence; part of staging's name
/// @param sources in order of their ordinals, at least one
/// @param uploadSource the ordinal of the source that is received now or waits for its sender; the
///   last one once all have arrived
/// @param splits how many splits intake has stored so far
/// @param splitsKept whether they are still in the store
/// @param ledger the sums of the present attempt
/// @param cause why it failed, or null
/// @param serverId the identity of the destination's server that staging was opened on, or null
/// @param note what the sink has noted in its [Journal], or null
/// @param undo null when nobody has asked for it
public record Job(
        JobId id,
        long number,
        Model model,
        LoadOptions options,
        JobState state,
        Phase phase,
        int attempt,
        int firstAttempt,
        int epoch,
        List<Source> sources,
        int uploadSource,
        int splits,
        boolean splitsKept,
        LedgerTotals ledger,
        @Nullable Cause cause,
        @Nullable String serverId,
        @Nullable String note,
        JobLinks links,
        @Nullable Undo undo,
        JobTimes times,
        String owner,
        String workspace) {
    public Job {
        sources = List.copyOf(sources);
    }

    /// The source that is received now, or waits for its sender; the last one once all have
    /// arrived.
    public Source source() {
        return sources.get(uploadSource);
    }

    /// The source with an ordinal.
    public Source source(int ordinal) {
        return sources.get(ordinal);
    }

    /// Whether it has more than one source.
    public boolean hasSeveralSources() {
        return sources.size() > 1;
    }

    /// The data records that intake counted in all its sources.
    public long records() {
        return sources.stream().mapToLong(Source::records).sum();
    }

    /// The bytes of those records, in UTF-8 with their line breaks.
    public long recordBytes() {
        return sources.stream().mapToLong(Source::bytes).sum();
    }

    /// Where its rows are kept until they are published.
    public Staging staging() {
        return new Staging(id, number, attempt, epoch, model);
    }

    /// Its rows and what is wanted of them.
    public Publishable publishable() {
        return new Publishable(staging(), ledger.written(), options);
    }

    /// Whether every source has arrived whole.
    public boolean isReceived() {
        return phase.compareTo(Phase.UPLOADING) > 0;
    }

    /// Whether every source has arrived whole and every split has its ledger entry.
    public boolean isLoaded() {
        return isReceived() && ledger.splits() == splits;
    }

    /// Whether it failed with everything at hand to load it once more.
    public boolean isRetryable() {
        return state == JobState.FAILED && isReceived() && splitsKept && !isUncertain();
    }

    /// Whether it failed and may nevertheless have been published.
    public boolean isUncertain() {
        return cause != null && cause.code() == ErrorCode.PUBLISH_UNCERTAIN;
    }

    /// Whether its rows are to leave the destination, and have not yet.
    public boolean isUndoing() {
        return undo != null && undo.state() == Undo.State.REQUESTED;
    }

    /// Whether its rows have left the destination again because somebody asked for it.
    public boolean isUndone() {
        return undo != null && undo.state() == Undo.State.DONE;
    }

    /// Whether nothing happens to it by itself any more.
    public boolean isSettled() {
        return state.isFinal() && !isUndoing();
    }

    public MaxRejected maxRejected() {
        return options.maxRejected();
    }

    public Instant createdAt() {
        return times.createdAt();
    }

    public @Nullable Instant startedAt() {
        return times.startedAt();
    }

    public @Nullable Instant finishedAt() {
        return times.finishedAt();
    }
}
