package dev.millrace.api;

import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How fast jobs load at present: over the last ten seconds, as far as somebody has looked at the
/// job in that time, else since an earlier look or its start. A final job's pace is that of its
/// whole processing. Remembers the jobs that were looked at last. Thread-safe.
final class Pace {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    /// Looks that come quicker are not remembered, so that a job has some forty of them at most.
    private static final Duration BETWEEN = Duration.ofMillis(250);

    private static final int MOST_JOBS = 1_000;

    private final Map<JobId, Deque<Look>> looks =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<JobId, Deque<Look>> eldest) {
                    return size() > MOST_JOBS;
                }
            };

    /// Rows and their bytes in UTF-8, and bytes of the source as received, in each second.
    record Rate(double rows, double bytes, double sourceBytes) {}

    /// What was read by then, in one attempt.
    private record Look(Instant at, int attempt, long rows, long bytes, long sourceBytes) {
        static Look nothing(Instant at, int attempt) {
            return new Look(at, attempt, 0, 0, 0);
        }

        /// Whether this tells of the job as it was before.
        boolean isOlderThan(Look other) {
            return attempt < other.attempt || (attempt == other.attempt && rows < other.rows);
        }

        Look at(Instant moment) {
            return new Look(moment, attempt, rows, bytes, sourceBytes);
        }

        @Nullable Rate since(Look base) {
            var seconds = Duration.between(base.at, at).toMillis() / 1000.0;
            return seconds <= 0
                    ? null
                    : new Rate(
                            (rows - base.rows) / seconds,
                            (bytes - base.bytes) / seconds,
                            (sourceBytes - base.sourceBytes) / seconds);
        }
    }

    /// @return null before the job has read anything
    @Nullable Rate of(Job job, Instant now) {
        var ledger = job.ledger();
        var started = job.startedAt();
        if (started == null || ledger.read() == 0) {
            return null;
        }
        var end = job.finishedAt() == null ? now : job.finishedAt();
        var look =
                new Look(
                        end,
                        job.attempt(),
                        ledger.read(),
                        ledger.bytesRead(),
                        ledger.sourceBytes());
        return job.state().isFinal()
                ? look.since(Look.nothing(started, job.attempt()))
                : remember(job.id(), started, look);
    }

    private synchronized @Nullable Rate remember(JobId job, Instant started, Look now) {
        var past = looks.computeIfAbsent(job, _ -> new ArrayDeque<>());
        if (past.isEmpty()) {
            past.add(Look.nothing(started, now.attempt));
        }
        var last = past.getLast();
        if (now.isOlderThan(last)) {
            // Watchers read the job side by side, and come here in any order.
            return last.at(now.at).since(past.getFirst());
        }
        if (now.attempt > last.attempt) {
            past.clear(); // it begins from nothing
            last = Look.nothing(last.at, now.attempt);
            past.add(last);
        }
        forget(past, now.at.minus(WINDOW));
        var rate = now.since(past.getFirst());
        if (Duration.between(last.at, now.at).compareTo(BETWEEN) >= 0) {
            past.addLast(now);
        }
        return rate;
    }

    /// Keeps the newest look that is as old as the window, to measure from, and all after it.
    private static void forget(Deque<Look> past, Instant windowBegin) {
        while (past.size() > 1) {
            var first = past.removeFirst();
            if (past.getFirst().at.isAfter(windowBegin)) {
                past.addFirst(first);
                return;
            }
        }
    }
}
