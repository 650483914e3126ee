package dev.millrace.core;

/// Where a sink keeps a job's rows before they are published. Only the job's owner makes it; who
/// holds the name of an epoch that has passed finds nothing there.
///
/// @param number the job's; a job that was made later has a higher one
public record Staging(JobId job, long number, int attempt, int epoch, Model model) {
    /// The same rows under the next epoch's name.
    public Staging withEpoch(int next) {
        return new Staging(job, number, attempt, next, model);
    }
}
