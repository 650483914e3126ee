package dev.millrace.core;

/// A split's identity.
///
/// @param source the source's ordinal
/// @param number from 0 within its source
public record SplitId(JobId job, int source, int number) {
    /// The name of the object that holds its rejections in an attempt. How many are kept depends on
    /// how many the job had when the split was begun, so that number is part of the name: whoever
    /// comes late with another number does not replace what the ledger speaks of.
    public String rejectionsName(int attempt, long kept) {
        return "%s%d/%d-%06d-%d".formatted(rejectionsPrefix(job), attempt, source, number, kept);
    }

    /// What the names of all rejections of a job begin with.
    public static String rejectionsPrefix(JobId job) {
        return "rejections/%s/".formatted(job.uuid());
    }

    @Override
    public String toString() {
        return "%s/%d-%d".formatted(job, source, number);
    }
}
