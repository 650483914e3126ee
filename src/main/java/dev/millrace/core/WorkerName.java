package dev.millrace.core;

import java.util.UUID;

/// How a worker is called, in the ledger and in the queue.
///
/// @param text unique among living workers
/// @param returns whether a worker comes back under this name after it has ended: then what it had
///   waits for it a while, and else goes to the others at once
public record WorkerName(String text, boolean returns) {
    /// A name that somebody gave, and gives again.
    public static WorkerName given(String text) {
        return new WorkerName(text, true);
    }

    /// One that no worker has had before.
    public static WorkerName madeUp() {
        return new WorkerName("worker-" + UUID.randomUUID().toString().substring(0, 8), false);
    }

    @Override
    public String toString() {
        return text;
    }
}
