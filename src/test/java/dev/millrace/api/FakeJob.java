package dev.millrace.api;

import dev.millrace.JobSample;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Digest;
import dev.millrace.core.Encoding;
import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.JobTimes;
import dev.millrace.core.LedgerTotals;
import dev.millrace.core.Phase;
import dev.millrace.core.Source;
import dev.millrace.core.SourceReading;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Jobs at any moment of their lives: of 1,000 rows, each of 10 bytes.
final class FakeJob {
    static final Instant BEGUN = Instant.ofEpochSecond(1_000);

    private FakeJob() {}

    /// The same job, later.
    static Job later(Job job, JobState state, Phase phase, long read) {
        return later(job, state, phase, read, 10_000);
    }

    /// The same job, in another attempt.
    static Job inAttempt(Job job, int attempt, long read) {
        return later(job, attempt, JobState.RUNNING, Phase.LOADING, read, 10_000);
    }

    /// @param declaredBytes -1 for a source of unknown length
    static Job later(Job job, JobState state, Phase phase, long read, long declaredBytes) {
        return later(job, job.attempt(), state, phase, read, declaredBytes);
    }

    private static Job later(
            Job job, int attempt, JobState state, Phase phase, long read, long declaredBytes) {
        var source =
                new Source(
                        0,
                        job.source().name(),
                        job.source().options(),
                        null,
                        declaredBytes,
                        10_000,
                        1_000,
                        10_000,
                        null,
                        null);
        @Nullable Instant finished = state.isFinal() ? BEGUN.plusSeconds(20) : null;
        return JobSample.like(job)
                .at(state, phase)
                .attempt(attempt)
                .source(source)
                .splits(10)
                .ledger(
                        new LedgerTotals(
                                1, read, read * 10, new Digest(read, 1, 1), 0, read * 10, 0))
                .cause(null)
                .times(new JobTimes(BEGUN.minusSeconds(3), BEGUN, null, finished))
                .job();
    }

    /// The same job, once its header is known.
    static Job withHeader(Job job, String... header) {
        var reading =
                new SourceReading(
                        Compression.NONE, Encoding.UTF_8, new Dialect(',', '"'), List.of(header));
        var source = job.source();
        return JobSample.like(job)
                .source(
                        new Source(
                                0,
                                source.name(),
                                source.options(),
                                reading,
                                source.declaredBytes(),
                                source.receivedBytes(),
                                source.records(),
                                source.bytes(),
                                null,
                                null))
                .job();
    }
}
