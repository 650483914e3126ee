package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Locale;
import java.util.function.Supplier;

/// How an upload and its load go on: on a terminal one line that is drawn over, in a pipe a line
/// now and then. For one thread.
final class Watch implements AutoCloseable {
    private static final long LIVE_NANOS = 100_000_000L;
    private static final long QUIET_NANOS = 10_000_000_000L;
    private static final double MEGABYTE = 1e6;

    /// Auto-wrap mode (DECAWM) off and on again. A line too long for its window is cut at the edge:
    /// wrapped, it could not be drawn over.
    private static final String UNWRAPPED = "\033[?7l";

    private static final String WRAPPED = "\033[?7h";

    private final Terminal terminal;
    private final long begun = System.nanoTime();
    private final long pauseNanos;
    private long last = begun;
    private boolean drawn;

    Watch(Terminal terminal) {
        this.terminal = terminal;
        this.pauseNanos = terminal.live() ? LIVE_NANOS : QUIET_NANOS;
    }

    /// @param total -1 when nobody knows
    void uploaded(long bytes, long total) {
        if (isDue()) {
            draw(upload(bytes, total, (System.nanoTime() - begun) / 1e9));
        }
    }

    /// The same of several sources together.
    ///
    /// @param which names the one that is sent now
    void uploaded(long bytes, long total, String which) {
        if (isDue()) {
            draw(upload(bytes, total, (System.nanoTime() - begun) / 1e9) + which);
        }
    }

    static String upload(long bytes, long total, double seconds) {
        var speed = String.format(Locale.ROOT, "%.0f MB/s", bytes / MEGABYTE / seconds);
        if (total <= 0) {
            return String.format(Locale.ROOT, "uploading  %.1f MB  %s", bytes / MEGABYTE, speed);
        }
        return String.format(
                Locale.ROOT,
                "uploading %s  %.1f of %.1f MB  %s",
                Bar.of((double) bytes / total, 0, 0),
                bytes / MEGABYTE,
                total / MEGABYTE,
                speed);
    }

    void loaded(JsonNode job) {
        if (isDue()) {
            draw(load(job));
        }
    }

    static String load(JsonNode job) {
        return String.format(
                Locale.ROOT,
                "%-9s %s  %,d rows  %,d rejected%s",
                job.path("phase").asText().toLowerCase(Locale.ROOT),
                Bar.of(job.path("progress").asDouble(), Jobs.read(job), Jobs.rejected(job)),
                Jobs.read(job),
                Jobs.rejected(job),
                pace(job).isEmpty() ? "" : "  " + pace(job));
    }

    /// As in `1,235 rows/s 00:12 left`, of what is known; empty when nothing is.
    static String pace(JsonNode job) {
        var known = new ArrayList<String>();
        var rate = job.path("rowsPerSecond");
        if (rate.isNumber()) {
            known.add(String.format(Locale.ROOT, "%,.0f rows/s", rate.asDouble()));
        }
        var left = job.path("secondsLeft");
        if (left.isNumber()) {
            known.add(Bar.time(Math.ceil(left.asDouble())) + " left");
        }
        return String.join("  ", known);
    }

    /// @param bytes that have been received
    ///
    /// @param export asked for when it is drawn
    void exported(Supplier<JsonNode> export, long bytes) {
        if (isDue()) {
            draw(export(export.get(), bytes, (System.nanoTime() - begun) / 1e9));
        }
    }

    static String export(JsonNode export, long bytes, double seconds) {
        var share = export.path("progress");
        return String.format(
                Locale.ROOT,
                "exporting %s  %,d rows  %.1f MB  %.0f MB/s  %,d rows read",
                Bar.of(share.asDouble(), 0, 0),
                export.path("rows").asLong(),
                bytes / MEGABYTE,
                bytes / MEGABYTE / seconds,
                export.path("readRows").asLong());
    }

    private boolean isDue() {
        long now = System.nanoTime();
        if (now - last < pauseNanos) {
            return false;
        }
        last = now;
        return true;
    }

    private void draw(String line) {
        if (terminal.live()) {
            terminal.err().print(UNWRAPPED + "\r" + line + "\033[K" + WRAPPED);
            terminal.err().flush();
            drawn = true;
        } else {
            terminal.err().println(line);
        }
    }

    @Override
    public void close() {
        wipe();
    }

    /// Wipes the line, for what is printed next.
    void wipe() {
        if (drawn) {
            terminal.err().print("\r\033[K");
            terminal.err().flush();
            drawn = false;
        }
    }
}
