package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Sends a job one of its sources. When the connection breaks or the server goes away it waits for
/// the server, asks where to go on, and goes on there. For one thread.
final class Sending {
    private static final int CAUSE_MILLIS = 5_000;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Terminal terminal;
    private final Api api;
    private final Watch watch;
    private final Upload upload;
    private final int source;
    private final String typed;

    /// When to give up unless more of the file is held by then, and how much is.
    private long deadline;

    private long held = -1;
    private long pauseNanos = FIRST_PAUSE_NANOS;

    /// @param watch shows how it goes on
    /// @param source its place among the job's sources, or -1 when it is the only one
    /// @param typed what names all of the job's sources to a command
    Sending(Terminal terminal, Api api, Watch watch, Upload upload, int source, String typed) {
        this.terminal = terminal;
        this.api = api;
        this.watch = watch;
        this.upload = upload;
        this.source = source;
        this.typed = typed;
    }

    /// Sends all of it.
    ///
    /// @param job as it was made
    /// @return the job
    /// @throws Failure when the server refuses it, or does not come back
    JsonNode send(JsonNode job) {
        return send(job, query(upload.isResumable() ? "" : "resumable=false"));
    }

    /// Sends what the server does not yet hold.
    ///
    /// @param job as it is; it waits for its file or for the rest of it
    JsonNode goOn(JsonNode job) {
        return send(job, whereItGoesOn(job));
    }

    private JsonNode send(JsonNode job, String first) {
        var id = Jobs.id(job);
        deadline = System.nanoTime() + PATIENCE_NANOS;
        var query = first;
        try (var _ = new Interruption(terminal, unfinished(id))) {
            while (true) {
                try {
                    return api.upload(Jobs.path(id) + "/source" + query, upload);
                } catch (IOException e) {
                    var now = afterBreak(id, e);
                    if (isComplete(now)) {
                        return now;
                    }
                    query = whereItGoesOn(now);
                }
            }
        }
    }

    private String unfinished(String id) {
        return upload.isResumable()
                ? "The file of job %s was not sent whole. Go on:  millrace job resume %s %s"
                        .formatted(id, id, typed)
                : "%s cannot be sent again, so nothing of job %s will be loaded."
                        .formatted(upload.name(), id);
    }

    private String whereItGoesOn(JsonNode job) {
        long offset = job.path("upload").path("offset").asLong();
        return query("offset=%d&prefixSha256=%s".formatted(offset, upload.goOnAt(offset)));
    }

    /// With which source it is, if there are several.
    private String query(String rest) {
        if (source < 0) {
            return rest.isEmpty() ? "" : "?" + rest;
        }
        return "?source=" + source + (rest.isEmpty() ? "" : "&" + rest);
    }

    /// Whether the server has all of it: of several, it waits for a later one then.
    private boolean isComplete(JsonNode job) {
        return state(job).equals("COMPLETE")
                || (source >= 0 && job.path("upload").path("source").asInt() > source);
    }

    private static String state(JsonNode job) {
        return job.path("upload").path("state").asText();
    }

    /// Finds out whether the upload can go on.
    ///
    /// @return the job as it is
    /// @throws Failure why it cannot
    private JsonNode afterBreak(String id, IOException broken) {
        watch.wipe();
        if (!upload.isResumable()) {
            throw refused(id, api.get(Jobs.path(id) + "?waitMillis=" + CAUSE_MILLIS), broken);
        }
        terminal.err()
                .printf(
                        "The upload to job %s broke off (%s); waiting to go on.%n",
                        id, broken.getMessage());
        pause();
        var job = await(id);
        if (Jobs.isFinal(job) || state(job).isEmpty()) {
            throw refused(id, job, broken);
        }
        if (isMore(job)) {
            deadline = System.nanoTime() + PATIENCE_NANOS;
            pauseNanos = FIRST_PAUSE_NANOS;
        } else if (System.nanoTime() > deadline) {
            throw new Failure(
                    "The upload to job %s breaks off again and again: %s"
                            .formatted(id, broken.getMessage()),
                    "Go on with: millrace job resume %s %s".formatted(id, typed),
                    broken);
        }
        return job;
    }

    private boolean isMore(JsonNode job) {
        long now = job.path("splits").path("stored").asLong();
        boolean more = now > held;
        held = Math.max(held, now);
        return more;
    }

    /// Asks until the server answers.
    private JsonNode await(String id) {
        while (true) {
            try {
                return api.get(Jobs.path(id));
            } catch (Failure e) {
                if (!Api.passes(e)) {
                    throw e;
                }
                if (System.nanoTime() > deadline) {
                    throw new Failure(
                            String.valueOf(e.getMessage()),
                            "Once it does, go on with: millrace job resume %s %s"
                                    .formatted(id, typed),
                            e);
                }
                pause();
            }
        }
    }

    private void pause() {
        LockSupport.parkNanos(pauseNanos);
        pauseNanos = Math.min(pauseNanos * 2, LONGEST_PAUSE_NANOS);
    }

    /// A server that refuses a file while it is being sent breaks the connection; why, its job
    /// says.
    private static Failure refused(String id, JsonNode job, IOException e) {
        var cause = job.path("cause");
        if (cause.isObject()) {
            return failed(job, e);
        }
        return new Failure(
                "The upload to job %s broke off: %s".formatted(id, e.getMessage()),
                "See: millrace job status " + id,
                e);
    }

    /// Why a job failed.
    static Failure failed(JsonNode job, @Nullable Throwable e) {
        var cause = job.path("cause");
        var remedy = cause.path("remedy").asText("");
        return new Failure(cause.path("message").asText(), remedy.isEmpty() ? null : remedy, e);
    }

    /// A path as a shell takes it.
    static String quoted(String path) {
        return path.matches("[A-Za-z0-9_./+,@%=:-]+")
                ? path
                : "'" + path.replace("'", "'\\''") + "'";
    }
}
