package dev.millrace.core;

/// What became of a job.
public enum JobState {
    PENDING,
    RUNNING,
    SUCCESS,
    PARTIAL_SUCCESS,
    FAILED,
    CANCELLED;

    /// Whether it has come to its end. Only a retry of a failed job begins again.
    public boolean isFinal() {
        return switch (this) {
            case PENDING, RUNNING -> false;
            case SUCCESS, PARTIAL_SUCCESS, FAILED, CANCELLED -> true;
        };
    }
}
