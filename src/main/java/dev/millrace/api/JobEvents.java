package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Job;
import dev.millrace.core.MillraceException;
import dev.millrace.jobs.Jobs;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Jobs, loads and exports, as server-sent events (the HTML standard, 9.2): `progress` at once and
/// whenever something changed, `end` with the whole job when it is final, and then the stream ends.
/// Thread-safe.
///
/// An event's id is the version of the job's view, so whoever comes back is told how the job is
/// now, and nothing is kept for those who do not. A client that is gone is noticed at the next
/// event or sign of life; until then it costs a waiting virtual thread. All streams of a job share
/// their looks at the catalog.
final class JobEvents implements AutoCloseable {
    /// How long a stream may be silent: proxies and clients give up on one that is longer.
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Jobs jobs;
    private final ExportRoutes exports;
    private final JobView view;
    private final InstantSource clock;
    private final StreamPlaces places;
    private volatile boolean closed;

    /// @param streams told 1 when a stream begins and -1 when it ends
    JobEvents(
            Jobs jobs,
            ExportRoutes exports,
            JobView view,
            IntConsumer streams,
            InstantSource clock) {
        this.jobs = jobs;
        this.exports = exports;
        this.view = view;
        this.places = new StreamPlaces(streams);
        this.clock = clock;
    }

    void stream(Context ctx) throws IOException {
        var id = ctx.pathParam("job");
        var found = jobs.find(id);
        if (found.isEmpty() && exports.knows(id)) {
            stream(ctx, client -> exports.follow(id, client::sees));
            return;
        }
        var job = found.orElseGet(() -> jobs.get(id));
        if (job.state().isFinal() && JobView.version(job).equals(ctx.header("Last-Event-ID"))) {
            // It has had the end. This, and nothing else, tells a browser not to come back.
            ctx.status(HttpStatus.NO_CONTENT);
            return;
        }
        stream(ctx, client -> jobs.follow(job.id(), client));
    }

    private void stream(Context ctx, Consumer<Client> following) throws IOException {
        var caller = Authentication.caller(ctx);
        places.take(
                caller.subject(),
                "Ask for the job instead: GET %s%s?waitMillis=10000"
                        .formatted(JobRoutes.PATH, ctx.pathParam("job")));
        try {
            ctx.attribute(Monitoring.WAITS, true);
            ctx.contentType("text/event-stream");
            ctx.header("X-Accel-Buffering", "no"); // nginx would hold events back
            var stream = new EventStream(ctx.res().getOutputStream(), view, SILENCE);
            following.accept(new Client(stream, caller.until()));
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

        /// @param export its view
        boolean sees(ObjectNode export, boolean isFinal) {
            return stream.look(export, isFinal) && isServed();
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
