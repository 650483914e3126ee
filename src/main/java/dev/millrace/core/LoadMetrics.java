package dev.millrace.core;

/// What a process counts of its loads, for those who watch it. The flows call it once a split or
/// once a step of a job, never once a row.
///
/// It counts work: a split that is loaded again counts again. The exact account of a job is its
/// ledger. Thread-safe; every method returns at once and throws nothing.
public interface LoadMetrics {
    /// The steps of a load that take time, in their order.
    enum Stage {
        /// Intake puts a split into the store and the catalog.
        STORE,
        /// A worker gets a split from the store.
        FETCH,
        /// It reads and validates its records.
        VALIDATE,
        /// It writes the good rows aside.
        WRITE,
        /// It keeps the rejections of a split that has some.
        REJECT,
        /// It enters the split in the ledger.
        RECORD,
        /// The owner shuts all writers out of staging.
        SEAL,
        /// It compares staging with the ledger.
        AUDIT,
        /// It copies a job's rejections, if there are any, to where users can query them.
        MIRROR,
        /// It makes the rows visible.
        PUBLISH,
        /// It takes a published job's rows out again.
        UNDO
    }

    /// How it ended that a worker had begun a split.
    enum SplitEnd {
        /// It has its ledger entry.
        LOADED,
        /// Its attempt had passed meanwhile, or its job had ended.
        LATE,
        /// The table that holds its attempt's rows aside is gone; its owner begins a new attempt.
        UNSTAGED,
        /// An engine did not answer; the worker keeps it and begins again.
        PAUSED,
        /// It failed, and is tried again unless it was given up.
        FAILED
    }

    /// The source of a job begins to arrive.
    void uploadBegun();

    /// It has arrived, or will not.
    void uploadEnded();

    /// Bytes of a source have arrived, as they were sent.
    void received(long bytes);

    /// A split was cut out of a source, stored, and entered in the catalog.
    void splitCut();

    /// A worker takes a split into its hands; [#splitLeft] follows, once.
    void splitTaken();

    /// A start of a split has ended. The worker may start it again before it leaves it.
    void splitEnded(SplitEnd end);

    /// A worker has no more to do with a split that it had taken.
    void splitLeft();

    /// A split has its ledger entry.
    void recorded(LedgerEntry entry);

    /// A split was tried too often, and its job has failed because of it.
    void splitGivenUp();

    /// A job is final: its owner has ended it, or sees that somebody else has.
    void jobEnded(JobState state);

    /// A stage has ended well.
    ///
    /// @param nanos how long it took
    void took(Stage stage, long nanos);

    /// Measures a stage that has just ended well.
    ///
    /// @param beginNanos what `System.nanoTime()` was at its begin
    /// @return what it is now, at the begin of the next
    default long ended(Stage stage, long beginNanos) {
        var now = System.nanoTime();
        took(stage, now - beginNanos);
        return now;
    }
}
