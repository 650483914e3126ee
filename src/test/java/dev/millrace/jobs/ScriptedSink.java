package dev.millrace.jobs;

import dev.millrace.core.Batch;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.Publishable;
import dev.millrace.core.Rejection;
import dev.millrace.core.Replaced;
import dev.millrace.core.Sink;
import dev.millrace.core.SplitId;
import dev.millrace.core.Staging;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A destination that holds what a test says, and fails where it says: for failures that a real
/// ClickHouse shows too seldom.
final class ScriptedSink implements Sink {
    /// What staging is said to hold.
    volatile Digest staged = Digest.EMPTY;

    /// What the destination holds of each job.
    final Map<JobId, Digest> published = new ConcurrentHashMap<>();

    /// Thrown by the next publish, before or after it has taken place.
    volatile @Nullable RuntimeException publishFailure;

    volatile boolean publishesBeforeItFails;

    /// The splits whose rejections were mirrored.
    final List<SplitId> mirrored = new CopyOnWriteArrayList<>();

    /// How many of the next attempts to discard something fail.
    final AtomicInteger discardFailures = new AtomicInteger();

    final Set<JobId> discarded = ConcurrentHashMap.newKeySet();
    final List<Aside> asides = new CopyOnWriteArrayList<>();
    final Set<JobId> unmirrored = ConcurrentHashMap.newKeySet();
    final Set<JobId> forgotten = ConcurrentHashMap.newKeySet();

    /// Thrown by the next undo.
    volatile @Nullable RuntimeException undoFailure;

    private final Map<String, Integer> epochs = new ConcurrentHashMap<>();

    /// Makes staging go missing.
    void loseStaging() {
        epochs.clear();
    }

    private static String name(Staging staging) {
        return staging.job().uuid() + "/" + staging.attempt();
    }

    @Override
    public Map<String, String> prepare(Model model) {
        return Map.of();
    }

    @Override
    public void drop(Model model) {}

    @Override
    public String serverId() {
        return "scripted";
    }

    @Override
    public void open(Publishable load) {
        epochs.putIfAbsent(name(load.staging()), load.staging().epoch());
    }

    @Override
    public boolean isOpen(Staging staging) {
        return Integer.valueOf(staging.epoch()).equals(epochs.get(name(staging)));
    }

    @Override
    public void write(Staging staging, SplitId split, Batch batch) {
        throw new UnsupportedOperationException("no worker here");
    }

    @Override
    public void fence(Staging staging) {
        if (epochs.computeIfPresent(name(staging), (_, _) -> staging.epoch()) == null) {
            throw new MillraceException(ErrorCode.STAGING_MISSING, "no staging " + name(staging));
        }
    }

    @Override
    public Digest staged(Staging staging) {
        return staged;
    }

    @Override
    public Held held(Publishable load, Journal journal) {
        var held = published.getOrDefault(load.job(), Digest.EMPTY);
        return held.equals(load.written())
                ? Held.ALL
                : held.equals(Digest.EMPTY) ? Held.NOTHING : Held.PART;
    }

    @Override
    public void publish(Publishable load, Journal journal) {
        var failure = publishFailure;
        if (failure == null || publishesBeforeItFails) {
            published.put(load.job(), load.written());
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public Replaced replaced(Publishable load, Journal journal) {
        return switch (load.mode()) {
            case APPEND, UPSERT -> Replaced.NOTHING;
            case REPLACE, REPLACE_PARTITIONS -> new Replaced.Everything();
        };
    }

    @Override
    public void undo(Publishable load, Journal journal) {
        var failure = undoFailure;
        if (failure != null) {
            throw failure;
        }
        published.remove(load.job());
    }

    @Override
    public void forget(JobId job) {
        forgotten.add(job);
    }

    @Override
    public List<Aside> asides() {
        return asides;
    }

    @Override
    public void unmirror(Set<JobId> jobs) {
        unmirrored.addAll(jobs);
    }

    @Override
    public void discard(JobId job) {
        if (discardFailures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new MillraceException(ErrorCode.CLICKHOUSE_UNAVAILABLE, "not now");
        }
        discarded.add(job);
    }

    @Override
    public void mirror(Job job, SplitId split, List<Rejection> rejections) {
        mirrored.add(split);
    }

    @Override
    public void check() {}
}
