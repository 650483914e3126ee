package dev.millrace.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One load, as the catalog knew it at one moment.
///
/// @param model the version that the job began with
/// @param attempt from 1; a new one begins with empty staging
/// @param epoch from 0, raised by every fence; part of staging's name
/// @param splits how many splits intake has stored so far
/// @param ledger the sums of the present attempt
/// @param cause why it failed, or null
/// @param serverId the identity of the destination's server that staging was opened on, or null
/// @param startedAt when its first split began to load, or null
/// @param finishedAt when it reached its final state, or null
public record Job(
        JobId id,
        Model model,
        JobState state,
        Phase phase,
        int attempt,
        int epoch,
        Source source,
        int splits,
        LedgerTotals ledger,
        MaxRejected maxRejected,
        @Nullable Cause cause,
        @Nullable String serverId,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        String owner,
        String workspace) {
    /// Where its rows are kept until they are published.
    public Staging staging() {
        return new Staging(id, attempt, epoch, model);
    }

    /// Whether the source has arrived whole and every split has its ledger entry.
    public boolean isLoaded() {
        return phase.compareTo(Phase.UPLOADING) > 0 && ledger.splits() == splits;
    }
}
