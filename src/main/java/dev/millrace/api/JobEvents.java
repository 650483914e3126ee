package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.jobs.Jobs;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/// Jobs as server-sent events (the HTML standard, 9.2): `progress` at once and whenever something
/// changed, `end` with the whole job when it is final, and then the stream ends. Thread-safe.
///
/// An event's id is the version of the job's view, so whoever comes back is told how the job is
/// now, and nothing is kept for those who do not. A client that is gone is noticed at the next
/// event or sign of life; until then it costs a waiting virtual thread.
final class JobEvents implements AutoCloseable {
    /// The streams at one time. Each looks at the catalog up to four times a second.
    static final int MOST = 100;

    /// How long a stream may be silent: proxies and clients give up on one that is longer.
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Jobs jobs;
    private final JobView view;
    private final Semaphore places = new Semaphore(MOST);
    private volatile boolean closed;

    JobEvents(Jobs jobs, JobView view) {
        this.jobs = jobs;
        this.view = view;
    }

    void stream(Context ctx) throws IOException {
        var job = jobs.get(ctx.pathParam("job"));
        if (job.state().isFinal() && JobView.version(job).equals(ctx.header("Last-Event-ID"))) {
            // It has had the end. This, and nothing else, tells a browser not to come back.
            ctx.status(HttpStatus.NO_CONTENT);
            return;
        }
        if (!places.tryAcquire()) {
            throw new MillraceException(
                    ErrorCode.TOO_BUSY,
                    "%d streams of events are open already".formatted(MOST),
                    "Ask for the job instead: GET %s?waitMillis=10000".formatted(JobView.path(job)),
                    null);
        }
        try {
            ctx.contentType("text/event-stream");
            var stream = new EventStream(ctx.res().getOutputStream(), view, SILENCE);
            jobs.follow(job.id(), now -> stream.look(now) && !closed);
        } finally {
            places.release();
        }
    }

    /// Ends every stream within a second or so.
    @Override
    public void close() {
        closed = true;
    }
}
