package dev.millrace.kafka;

import java.time.Duration;

/// Tells when a worker that has no partitions should ask for the topic to be shared out again.
///
/// Kafka gives a static member that comes back what it had before, without sharing out anew. When
/// that member is the group's leader and the topic was made since, nobody ever does: the leader
/// takes the topic that it finds for one that it has shared out (Kafka's ConsumerCoordinator, "The
/// static leader will continue with its existing assignment"), and every job stands still. Where
/// there are more workers than partitions asking changes nothing, so it becomes ever rarer. Not
/// thread-safe.
final class Shareless {
    private static final long FIRST_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long MOST_NANOS = Duration.ofMinutes(5).toNanos();

    private long pauseNanos = FIRST_NANOS;
    private long sinceNanos;
    private boolean without;

    /// @param hasNone whether the worker is a member that has no partitions now
    /// @return whether to ask now
    boolean asks(boolean hasNone) {
        if (!hasNone) {
            without = false;
            pauseNanos = FIRST_NANOS;
            return false;
        }
        var now = System.nanoTime();
        if (!without) {
            without = true;
            sinceNanos = now;
        }
        if (now - sinceNanos < pauseNanos) {
            return false;
        }
        sinceNanos = now;
        pauseNanos = Math.min(2 * pauseNanos, MOST_NANOS);
        return true;
    }
}
