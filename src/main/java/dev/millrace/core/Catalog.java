package dev.millrace.core;

import java.time.Duration;
import java.util.function.Predicate;

/// Where models, jobs, splits and the ledger are recorded: the queue of record and the only clock.
/// Thread-safe; every method is one transaction.
///
/// All methods throw MillraceException CATALOG_UNAVAILABLE. A change may have been made although
/// its method throws that, when only the answer was lost: [JobCatalog#pinReading],
/// [JobCatalog#finishUpload], [JobCatalog#interruptUpload], [SplitCatalog#add] and
/// [SplitCatalog#record] give the same answer when they are repeated with the same arguments; after
/// any other, read the job and decide again.
public interface Catalog extends AutoCloseable {
    ModelCatalog models();

    ConnectionCatalog connections();

    PullCatalog pulls();

    JobCatalog jobs();

    SplitCatalog splits();

    JobHistory history();

    AnswerCatalog answers();

    /// Runs an action while nobody else, in this process or another, holds the same destination's
    /// lock. The lock is lost when the connection that holds it is; the action must be safe then.
    ///
    /// @param destination names it, such as a table
    /// @throws MillraceException CATALOG_UNAVAILABLE when the lock is not had within the limit
    void locked(String destination, Duration limit, Runnable action);

    /// Waits until something changed that a flow waits for (a job made, a split stored, a ledger
    /// entry, a phase, state or attempt, a lease taken or given up), in any process, or until the
    /// limit has passed. Changes between two calls by the same caller are not missed; a call may
    /// return without one. Returns early on an interrupt, with the thread's flag set.
    ///
    /// @param seen the value that the caller's last call returned, or 0 to return at once
    /// @return a value to hand to the next call
    long awaitChange(long seen, Duration limit);

    /// The same for changes of some jobs: whoever waits for one job is not woken by all the others,
    /// though it may be by a change of which it is not known whose it is.
    ///
    /// @param of whether a change of this job is one to wait for; asked often, so it is quick
    default long awaitChange(Predicate<JobId> of, long seen, Duration limit) {
        return awaitChange(seen, limit);
    }

    /// What all jobs still have to do. It costs little, however many splits there are.
    Backlog backlog();

    /// Whether the catalog answers; throws the reason when it does not.
    void check();

    @Override
    void close();
}
