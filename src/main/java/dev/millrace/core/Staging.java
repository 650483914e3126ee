package dev.millrace.core;

/// Where a sink keeps a job's rows before they are published. Only the job's owner makes it; who
/// holds the name of an epoch that has passed finds nothing there.
public record Staging(JobId job, int attempt, int epoch, Model model) {
    /// The same rows under the next epoch's name.
    public Staging withEpoch(int next) {
        return new Staging(job, attempt, next, model);
    }
}
