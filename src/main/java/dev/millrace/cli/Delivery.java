package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// An export that the server writes by itself, followed to its end.
record Delivery(Terminal terminal, Api api) {
    private static final long LOOK_MILLIS = 300;

    /// @return the export, which is SUCCESS
    /// @throws Failure with the cause when it is not
    JsonNode await(JsonNode export) {
        var id = export.path("id").asText();
        var goesOn = "Export %1$s goes on. See: millrace export status %1$s".formatted(id);
        var now = export;
        try (var watch = new Watch(terminal);
                var _ = new Interruption(terminal, goesOn)) {
            while (isUnfinished(now)) {
                var seen = now;
                watch.exported(() -> seen, seen.path("bytes").asLong());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
                now = api.get(ExportList.path(id));
            }
        }
        if (now.path("state").asText().equals("SUCCESS")) {
            return now;
        }
        var cause = now.path("cause");
        throw cause.isObject()
                ? new Failure(
                        "The export %s failed: %s".formatted(id, cause.path("message").asText()),
                        cause.path("remedy").asText(null))
                : new Failure("The export %s was cancelled".formatted(id), null);
    }

    private static boolean isUnfinished(JsonNode export) {
        return switch (export.path("state").asText()) {
            case "PENDING", "RUNNING" -> true;
            default -> false;
        };
    }
}
