package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Job;
import dev.millrace.core.JobState;
import dev.millrace.core.Phase;
import dev.millrace.core.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far a job has come, and how fast it goes, in the units of the view.
///
/// @param rate null before anything was read
/// @param secondsLeft until its source is loaded; 0 when the job is final, null when it cannot be
///   known
/// @param waitingSeconds from its making until its first rows began to load, or now
/// @param processingSeconds from then until it was final, or now
record Progress(
        Pace.@Nullable Rate rate,
        @Nullable Double secondsLeft,
        double waitingSeconds,
        double processingSeconds) {
    /// What the share stays below until the job has succeeded.
    private static final double ALMOST = 0.99;

    /// The fields that change with every moment.
    static final List<String> TIMES =
            List.of("secondsLeft", "waitingSeconds", "processingSeconds", "seconds");

    static Progress of(Job job, Pace.@Nullable Rate rate, Instant now) {
        var end = job.finishedAt() == null ? now : job.finishedAt();
        var start = job.startedAt();
        return new Progress(
                rate,
                secondsLeft(job, rate),
                seconds(job.createdAt(), start == null ? end : start),
                start == null ? 0 : seconds(start, end));
    }

    /// The share of the source's bytes that is loaded, from 0 to 1.
    static double share(Job job) {
        if (job.state() == JobState.SUCCESS || job.state() == JobState.PARTIAL_SUCCESS) {
            return 1;
        }
        var total = bytes(job);
        return total <= 0 ? 0 : Math.min(ALMOST, (double) job.ledger().sourceBytes() / total);
    }

    /// How many bytes the sources have, as they are sent. One that has not begun to arrive, and of
    /// which nobody says how long it is, counts as much as the others do on average.
    private static double bytes(Job job) {
        var total = 0L;
        var unknown = 0;
        for (var source : job.sources()) {
            var bytes = Math.max(source.declaredBytes(), source.receivedBytes());
            total += Math.max(0, bytes);
            unknown += bytes <= 0 && isAhead(job, source) ? 1 : 0;
        }
        var known = job.sources().size() - unknown;
        return known == 0 ? 0 : total + (double) total / known * unknown;
    }

    private static boolean isAhead(Job job, Source source) {
        return source.ordinal() > job.uploadSource();
    }

    /// The same where it is known of every source, else -1.
    private static long knownBytes(Job job) {
        var total = 0L;
        for (var source : job.sources()) {
            var arrived = job.isReceived() || source.ordinal() < job.uploadSource();
            var bytes = arrived ? source.receivedBytes() : source.declaredBytes();
            if (bytes < 0) {
                return -1;
            }
            total += bytes;
        }
        return total;
    }

    /// Whole tenths, cut and not rounded: 99.9 is not yet 100.
    static double percent(Job job) {
        return Math.floor(share(job) * 1000) / 10;
    }

    void putInto(ObjectNode view) {
        view.put("rowsPerSecond", rate == null ? null : tenths(rate.rows()))
                .put("bytesPerSecond", rate == null ? null : tenths(rate.bytes()))
                .put("secondsLeft", secondsLeft)
                .put("waitingSeconds", waitingSeconds)
                .put("processingSeconds", processingSeconds);
    }

    private static @Nullable Double secondsLeft(Job job, Pace.@Nullable Rate rate) {
        if (job.state().isFinal()) {
            return 0.0;
        }
        var total = knownBytes(job);
        if (rate == null
                || rate.sourceBytes() <= 0
                || total < 0
                || job.phase().compareTo(Phase.LOADING) > 0) {
            return null;
        }
        return tenths(Math.max(0, total - job.ledger().sourceBytes()) / rate.sourceBytes());
    }

    private static Double tenths(double number) {
        return Math.round(number * 10) / 10.0;
    }

    /// Never below 0: the times are the catalog's, and its clock may be a little ahead of ours.
    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis() / 1000.0);
    }
}
