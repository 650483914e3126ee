package dev.millrace.convert;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How much of a file may be in memory at one time: of each column a page and its dictionary,
/// unpacked, and values that are very long as JSON.
///
/// All files that are read at one time share a pool. Who wants more than is left waits, but for the
/// file that was opened first: it has as much again for itself, so that it comes to its end, and
/// another is the first. Not thread-safe.
final class PageMemory implements AutoCloseable {
    private static final long LEAST_BYTES = 64L << 20;
    private static final Pool HEAP =
            new Pool(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 4));

    private final Pool pool;

    /// Guarded by the pool's lock: another file's end may make this one the first.
    private long held;

    private PageMemory(Pool pool) {
        this.pool = pool;
    }

    /// Of a file that is read from now on; to be closed when it no longer is.
    static PageMemory ofHeap() {
        return HEAP.open();
    }

    /// Takes so many bytes more, and waits until they are there.
    ///
    /// @throws dev.millrace.core.MillraceException SOURCE_UNSUPPORTED when one file would have more
    ///   than the pool
    void take(long bytes, String where) {
        if (!pool.take(this, bytes)) {
            throw Trouble.unsupported(
                    "%s does not fit into memory: what is unpacked at one time takes more than %,d bytes"
                            .formatted(where, pool.most),
                    "Write the file with smaller pages, or give the server a larger heap.");
        }
    }

    /// Takes so many bytes more if half of all stay free; does not wait.
    ///
    /// @return whether it took them
    boolean takeSpare(long bytes) {
        return pool.takeSpare(this, bytes);
    }

    void give(long bytes) {
        pool.give(this, bytes);
    }

    /// Gives everything back.
    @Override
    public void close() {
        pool.close(this);
    }

    /// What the files have together. Thread-safe.
    static final class Pool {
        private final long most;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();

        /// The files that are read, in the order in which they were opened.
        private final Queue<PageMemory> files = new ArrayDeque<>();

        /// What all but the first file hold.
        private long held;

        Pool(long most) {
            this.most = most;
        }

        PageMemory open() {
            lock.lock();
            try {
                var file = new PageMemory(this);
                files.add(file);
                return file;
            } finally {
                lock.unlock();
            }
        }

        private boolean isFirst(PageMemory file) {
            return files.peek() == file;
        }

        private boolean take(PageMemory file, long bytes) {
            lock.lock();
            try {
                if (file.held + bytes > most) {
                    return false;
                }
                while (!isFirst(file) && held + bytes > most) {
                    changed.awaitUninterruptibly();
                }
                add(file, bytes);
                return true;
            } finally {
                lock.unlock();
            }
        }

        private boolean takeSpare(PageMemory file, long bytes) {
            lock.lock();
            try {
                var isThere = (isFirst(file) ? file.held : held) + bytes <= most / 2;
                if (isThere) {
                    add(file, bytes);
                }
                return isThere;
            } finally {
                lock.unlock();
            }
        }

        private void give(PageMemory file, long bytes) {
            lock.lock();
            try {
                add(file, -bytes);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void add(PageMemory file, long bytes) {
            file.held += bytes;
            held += isFirst(file) ? 0 : bytes;
        }

        private void close(PageMemory file) {
            lock.lock();
            try {
                if (!files.contains(file)) {
                    return;
                }
                add(file, -file.held);
                var wasFirst = isFirst(file);
                files.remove(file);
                var first = files.peek();
                if (wasFirst && first != null) {
                    held -= first.held;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
