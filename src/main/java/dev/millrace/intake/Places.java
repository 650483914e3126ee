package dev.millrace.intake;

import java.util.concurrent.Semaphore;

/// The memory for uploads that are cut at the same time; the others wait with their senders. Small
/// ones have a share of their own, so that they never wait behind large ones. Thread-safe.
final class Places {
    /// What a large upload may take: the split that is cut and the one that is stored.
    private static final long LARGE_BYTES = 160L << 20;

    /// An upload declared to be no longer is small.
    static final long SMALL_SOURCE_BYTES = 16L << 20;

    /// What even the smallest upload takes: its buffers.
    private static final long LEAST_BYTES = 16L << 20;

    /// What a small source takes for each of its bytes: a packed one unpacks to a few times its
    /// length, and splits are an eighth of that or the first split's size.
    private static final int SMALL_FACTOR = 4;

    private static final int MOST_LARGE = 256;
    private static final int SMALL_SHARE = 4;

    private final Semaphore large;
    private final Semaphore smallMib;

    /// @param heapBytes what the process has for everything
    Places(long heapBytes) {
        var small = heapBytes / SMALL_SHARE;
        large = new Semaphore(Math.clamp((heapBytes - small) / LARGE_BYTES, 2, MOST_LARGE), true);
        smallMib = new Semaphore(Math.max(mib(small), mib(smallBytes(SMALL_SOURCE_BYTES))), true);
    }

    private static long smallBytes(long declaredBytes) {
        return LEAST_BYTES + SMALL_FACTOR * declaredBytes;
    }

    private static int mib(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes >> 20);
    }

    /// Waits for a place.
    ///
    /// @param declaredBytes the length of what is about to arrive, or -1
    Place take(long declaredBytes) throws InterruptedException {
        if (declaredBytes < 0 || declaredBytes > SMALL_SOURCE_BYTES) {
            large.acquire();
            return large::release;
        }
        var mib = mib(smallBytes(declaredBytes));
        smallMib.acquire(mib);
        return () -> smallMib.release(mib);
    }

    /// Given back once.
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }
}
