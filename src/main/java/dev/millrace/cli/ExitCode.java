package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;

/// What a command's end says to a script.
final class ExitCode {
    static final int SUCCESS = 0;
    static final int FAILURE = 1;
    static final int USAGE = 2;
    static final int PARTIAL_SUCCESS = 3;

    private ExitCode() {}

    /// A job that is not final yet is no failure.
    static int of(JsonNode job) {
        return switch (Jobs.state(job)) {
            case "PARTIAL_SUCCESS" -> PARTIAL_SUCCESS;
            case "FAILED", "CANCELLED" -> FAILURE;
            default -> SUCCESS;
        };
    }
}
