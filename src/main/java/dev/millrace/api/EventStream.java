package dev.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.core.Job;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What one client is told of one job. Not thread-safe.
final class EventStream {
    private final OutputStream out;
    private final JobView view;
    private final long silenceNanos;
    private @Nullable JsonNode told;
    private long toldNanos;

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
        if (job.state().isFinal()) {
            write("end", job, view.of(job));
            return false;
        }
        var progress = view.progress(job);
        var lasting = progress.deepCopy().without(Progress.TIMES);
        if (!lasting.equals(told)) {
            write("progress", job, progress);
            told = lasting;
        } else if (System.nanoTime() - toldNanos >= silenceNanos) {
            write(":\n\n");
        }
        return true;
    }

    private void write(String type, Job job, JsonNode data) {
        write("id: %s\nevent: %s\ndata: %s\n\n".formatted(JobView.version(job), type, data));
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
