package dev.millrace.jobs;

import dev.millrace.core.Catalog;
import dev.millrace.core.Job;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.LoadMetrics.Stage;
import dev.millrace.core.Sink;
import dev.millrace.core.Store;
import java.util.concurrent.locks.ReentrantLock;

/// Copies a job's kept rejections to the sink, one repeatable write a split; one job at a time,
/// since the rejections of a split can take some hundred megabytes of memory. Thread-safe.
final class RejectionMirror {
    private final Catalog catalog;
    private final Store store;
    private final Sink sink;
    private final LoadMetrics metrics;
    private final ReentrantLock turn = new ReentrantLock();

    RejectionMirror(Catalog catalog, Store store, Sink sink, LoadMetrics metrics) {
        this.catalog = catalog;
        this.store = store;
        this.sink = sink;
        this.metrics = metrics;
    }

    void mirror(Job job) {
        if (job.ledger().rejected() == 0) {
            return;
        }
        turn.lock();
        try {
            var begin = System.nanoTime();
            KeptRejections.each(
                    catalog, store, job.id(), (split, kept) -> sink.mirror(job, split, kept));
            metrics.ended(Stage.MIRROR, begin);
        } finally {
            turn.unlock();
        }
    }
}
