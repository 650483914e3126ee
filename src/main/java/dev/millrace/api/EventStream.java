package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Job;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What one client is told of one job. Not thread-safe.
final class EventStream {
    /// The longest outage of the catalog that a stream lives through.
    private static final long OUTAGE_NANOS = Duration.ofMinutes(5).toNanos();

    private final OutputStream out;
    private final JobView view;
    private final long silenceNanos;
    private @Nullable JsonNode told;
    private long toldNanos;
    private long seenNanos;

    /// @param silence how long nothing may be said
    EventStream(OutputStream out, JobView view, Duration silence) {
        this.out = out;
        this.view = view;
        this.silenceNanos = silence.toNanos();
    }

    /// Says what is new.
    ///
    /// @return false when that was the end
    /// @throws UncheckedIOException when nobody listens any more
    boolean look(Job job) {
        return job.state().isFinal() ? look(view.of(job), true) : look(view.progress(job), false);
    }

    /// The same of any view that has a `version`.
    ///
    /// @param isFinal whether there will be nothing new behind it
    boolean look(ObjectNode progress, boolean isFinal) {
        seenNanos = System.nanoTime();
        if (isFinal) {
            write("end", progress);
            return false;
        }
        var lasting = progress.deepCopy().without(Progress.TIMES);
        if (!lasting.equals(told)) {
            write("progress", progress);
            told = lasting;
        } else {
            keepOpen();
        }
        return true;
    }

    /// Says that it is there, when there is nothing new because the catalog does not answer. A
    /// client that it ended for would come back, be refused, and give up for good.
    ///
    /// @throws MillraceException the failure, when nothing was said before, or not for long enough
    /// @throws UncheckedIOException when nobody listens any more
    void miss(MillraceException failure) {
        if (told == null || System.nanoTime() - seenNanos > OUTAGE_NANOS) {
            throw failure;
        }
        keepOpen();
    }

    private void keepOpen() {
        if (System.nanoTime() - toldNanos >= silenceNanos) {
            write(":\n\n");
        }
    }

    private void write(String type, JsonNode data) {
        var id = data.required("version").asText();
        write("id: %s\nevent: %s\ndata: %s\n\n".formatted(id, type, data));
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        toldNanos = System.nanoTime();
    }
}
