package dev.millrace.core;

import java.time.Duration;
import java.util.List;

/// Brings announcements to whichever worker is free. The catalog is the queue of record: a lost
/// message is announced again, a doubled one finds its work done. Thread-safe.
public interface SplitQueue extends AutoCloseable {
    /// Returns once the queue holds all of them durably.
    ///
    /// @throws MillraceException KAFKA_UNAVAILABLE
    void announce(List<Announcement> announcements);

    /// Joins the workers that share the announcements.
    ///
    /// @param worker a worker that comes back under its own name takes over at once what it had
    ///   before; what one had that does not come back goes to the others as soon as it closes
    Receiver receive(WorkerName worker);

    /// Whether the queue answers; throws the reason when it does not.
    void check();

    @Override
    void close();

    /// One worker's end of the queue. [#poll] and [#close] belong to one thread; [#done] may be
    /// called by any.
    interface Receiver extends AutoCloseable {
        /// Waits for announcements, but for no longer than the limit.
        ///
        /// @param most how many the caller can take now; 0 keeps the membership alive and takes
        ///   none
        /// @throws MillraceException KAFKA_UNAVAILABLE
        List<Delivery> poll(Duration limit, int most);

        /// Says that a delivery needs no repeat. The queue forgets it once all before it are done.
        void done(Delivery delivery);

        @Override
        void close();
    }

    /// An announcement and where the queue keeps it.
    record Delivery(Announcement announcement, int partition, long offset) {}
}
