package dev.millrace.api;

import dev.millrace.core.Job;
import dev.millrace.core.MillraceException;
import dev.millrace.jobs.Jobs;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Jobs as server-sent events (the HTML standard, 9.2): `progress` at once and whenever something
/// changed, `end` with the whole job when it is final, and then the stream ends. Thread-safe.
///
/// An event's id is the version of the job's view, so whoever comes back is told how the job is
/// now, and nothing is kept for those who do not. A client that is gone is noticed at the next
/// event or sign of life; until then it costs a waiting virtual thread. All streams of a job share
/// their looks at the catalog.
final class JobEvents implements AutoCloseable {
    /// How long a stream may be silent: proxies and clients give up on one that is longer.
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Jobs jobs;
    private final JobView view;
    private final InstantSource clock;
    private final StreamPlaces places;
    private volatile boolean closed;

    /// @param streams told 1 when a stream begins and -1 when it ends
    JobEvents(Jobs jobs, JobView view, IntConsumer streams, InstantSource clock) {
        this.jobs = jobs;
        this.view = view;
        this.places = new StreamPlaces(streams);
        this.clock = clock;
    }

    void stream(Context ctx) throws IOException {
        var job = jobs.get(ctx.pathParam("job"));
        if (job.state().isFinal() && JobView.version(job).equals(ctx.header("Last-Event-ID"))) {
            // It has had the end. This, and nothing else, tells a browser not to come back.
            ctx.status(HttpStatus.NO_CONTENT);
            return;
        }
        var caller = Authentication.caller(ctx);
        places.take(
                caller.subject(),
                "Ask for the job instead: GET %s?waitMillis=10000".formatted(JobView.path(job)));
        try {
            ctx.attribute(Monitoring.WAITS, true);
            ctx.contentType("text/event-stream");
            ctx.header("X-Accel-Buffering", "no"); // nginx would hold events back
            var stream = new EventStream(ctx.res().getOutputStream(), view, SILENCE);
            jobs.follow(job.id(), new Client(stream, caller.until()));
        } finally {
            places.leave(caller.subject());
        }
    }

    /// Who is told, for as long as its token is good.
    private final class Client implements Jobs.Watcher {
        private final EventStream stream;
        private final @Nullable Instant until;

        Client(EventStream stream, @Nullable Instant until) {
            this.stream = stream;
            this.until = until;
        }

        @Override
        public boolean sees(Job job) {
            return stream.look(job) && isServed();
        }

        @Override
        public boolean misses(MillraceException failure) {
            stream.miss(failure);
            return isServed();
        }

        private boolean isServed() {
            return !closed && (until == null || clock.instant().isBefore(until));
        }
    }

    /// Ends every stream within a second or so.
    @Override
    public void close() {
        closed = true;
    }
}
