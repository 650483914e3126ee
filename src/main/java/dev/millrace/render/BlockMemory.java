package dev.millrace.render;

import java.util.concurrent.atomic.AtomicLong;

/// What the blocks of all exports may have in memory together, so that many at a time take no more
/// of the heap than a few. Thread-safe.
final class BlockMemory {
    private static final int SHARE = 8;

    /// An eighth of the heap.
    static final BlockMemory OF_ALL = new BlockMemory(Runtime.getRuntime().maxMemory() / SHARE);

    private final AtomicLong left;

    BlockMemory(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /// @return false when there is not so much left, and nothing is taken
    boolean take(int bytes) {
        var before = left.get();
        while (before >= bytes) {
            if (left.compareAndSet(before, before - bytes)) {
                return true;
            }
            before = left.get();
        }
        return false;
    }

    void giveBack(int bytes) {
        left.addAndGet(bytes);
    }

    long left() {
        return left.get();
    }
}
