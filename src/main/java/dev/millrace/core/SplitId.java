package dev.millrace.core;

/// A split's identity.
///
/// @param source the source's ordinal
/// @param number from 0 within its source
public record SplitId(JobId job, int source, int number) {
    /// The name of its object in the store.
    public String objectName() {
        return "splits/%s/%d-%06d".formatted(job.uuid(), source, number);
    }

    /// The name of the object that holds its rejections.
    public String rejectionsName() {
        return "rejections/%s/%d-%06d".formatted(job.uuid(), source, number);
    }

    @Override
    public String toString() {
        return "%s/%d-%d".formatted(job, source, number);
    }
}
