package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// Where the API keeps jobs, and what it says of one.
final class Jobs {
    static final String PATH = "/api/v1/jobs";

    private Jobs() {}

    /// @param job an id, or `last`
    static String path(String job) {
        return PATH + "/" + Api.part(job);
    }

    static String id(JsonNode job) {
        return job.path("id").asText();
    }

    static String state(JsonNode job) {
        return job.path("state").asText();
    }

    /// Whether it takes data out; a load otherwise.
    static boolean isExport(JsonNode job) {
        return job.path("kind").asText().equals("export");
    }

    static boolean isFinal(JsonNode job) {
        return switch (state(job)) {
            case "SUCCESS", "PARTIAL_SUCCESS", "FAILED", "CANCELLED" -> true;
            default -> false;
        };
    }

    /// Whether nothing was to be published.
    static boolean isDryRun(JsonNode job) {
        return job.path("dryRun").asBoolean();
    }

    static long rejected(JsonNode job) {
        return job.path("rows").path("rejected").asLong();
    }

    static long read(JsonNode job) {
        return job.path("rows").path("read").asLong();
    }

    /// The rows found good that are in the table or may still come there; none of a job that failed
    /// or was cancelled. Null when nobody can say.
    static @Nullable Long ok(JsonNode job) {
        var rows = job.path("rows");
        var counted = isFinal(job) ? rows.path("published") : rows.path("written");
        return counted.isNumber() ? (Long) counted.asLong() : null;
    }
}
