package dev.millrace;

import dev.millrace.core.Cause;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.JobLinks;
import dev.millrace.core.JobState;
import dev.millrace.core.JobTimes;
import dev.millrace.core.LedgerTotals;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Model;
import dev.millrace.core.Phase;
import dev.millrace.core.Source;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.Undo;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A job as no catalog has ever held it, made step by step: one that waits for its upload, unless
/// something else is said.
public final class JobSample {
    private final JobId id;
    private final Model model;
    private LoadOptions options = LoadOptions.DEFAULT;
    private JobState state = JobState.PENDING;
    private Phase phase = Phase.UPLOADING;
    private int attempt = 1;
    private int epoch;
    private List<Source> sources =
            List.of(new Source(0, "x.csv", SourceOptions.DETECT, null, -1, 0, 0, 0, null, null));
    private int uploadSource;
    private int splits;
    private boolean splitsKept = true;
    private LedgerTotals ledger = LedgerTotals.NONE;
    private @Nullable Cause cause;
    private JobLinks links = JobLinks.NONE;
    private @Nullable Undo undo;
    private JobTimes times = new JobTimes(Instant.EPOCH, null, null, null);
    private String owner = "test";

    private JobSample(JobId id, Model model) {
        this.id = id;
        this.model = model;
    }

    /// A new job of a model.
    public static JobSample of(Model model) {
        return new JobSample(new JobId(UUID.randomUUID()), model);
    }

    /// A job as it is, to be changed.
    public static JobSample like(Job job) {
        var sample = new JobSample(job.id(), job.model());
        sample.options = job.options();
        sample.state = job.state();
        sample.phase = job.phase();
        sample.attempt = job.attempt();
        sample.epoch = job.epoch();
        sample.sources = job.sources();
        sample.uploadSource = job.uploadSource();
        sample.splits = job.splits();
        sample.splitsKept = job.splitsKept();
        sample.ledger = job.ledger();
        sample.cause = job.cause();
        sample.links = job.links();
        sample.undo = job.undo();
        sample.times = job.times();
        sample.owner = job.owner();
        return sample;
    }

    public JobSample options(LoadOptions value) {
        options = value;
        return this;
    }

    public JobSample at(JobState newState, Phase newPhase) {
        state = newState;
        phase = newPhase;
        return this;
    }

    public JobSample attempt(int value) {
        attempt = value;
        return this;
    }

    public JobSample epoch(int value) {
        epoch = value;
        return this;
    }

    public JobSample source(Source value) {
        return sources(List.of(value), 0);
    }

    /// @param due the ordinal of the one that is received
    public JobSample sources(List<Source> values, int due) {
        sources = values;
        uploadSource = due;
        return this;
    }

    public JobSample splits(int value) {
        splits = value;
        return this;
    }

    public JobSample splitsKept(boolean value) {
        splitsKept = value;
        return this;
    }

    public JobSample ledger(LedgerTotals value) {
        ledger = value;
        return this;
    }

    public JobSample cause(@Nullable Cause value) {
        cause = value;
        return this;
    }

    public JobSample links(JobLinks value) {
        links = value;
        return this;
    }

    public JobSample undo(@Nullable Undo value) {
        undo = value;
        return this;
    }

    public JobSample times(JobTimes value) {
        times = value;
        return this;
    }

    public JobSample owner(String value) {
        owner = value;
        return this;
    }

    public Job job() {
        return new Job(
                id,
                1,
                model,
                options,
                state,
                phase,
                attempt,
                1,
                epoch,
                sources,
                uploadSource,
                splits,
                splitsKept,
                ledger,
                cause,
                null,
                null,
                links,
                undo,
                times,
                owner,
                "default");
    }
}
