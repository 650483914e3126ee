package dev.millrace.core;

/// What became of a job.
public enum JobState {
    PENDING,
    RUNNING,
    SUCCESS,
    PARTIAL_SUCCESS,
    FAILED,
    CANCELLED;

    /// Whether nothing will change any more.
    public boolean isFinal() {
        return switch (this) {
            case PENDING, RUNNING -> false;
            case SUCCESS, PARTIAL_SUCCESS, FAILED, CANCELLED -> true;
        };
    }
}
