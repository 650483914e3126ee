package dev.millrace.convert;

/// How much of a file may be in memory at one time: of each column a page and its dictionary,
/// unpacked, and values that are very long as JSON. Not thread-safe.
final class PageMemory {
    private static final long LEAST_BYTES = 64L << 20;

    private final long most;
    private long held;

    PageMemory(long most) {
        this.most = most;
    }

    static PageMemory ofHeap() {
        return new PageMemory(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 4));
    }

    /// Takes so many bytes more.
    ///
    /// @throws dev.millrace.core.MillraceException SOURCE_UNSUPPORTED when there are not so many
    void take(long bytes, String where) {
        if (held + bytes > most) {
            throw Trouble.unsupported(
                    "%s does not fit into memory: what is unpacked at one time takes more than %,d bytes"
                            .formatted(where, most),
                    "Write the file with smaller pages, or give the server a larger heap.");
        }
        held += bytes;
    }

    /// Takes so many bytes more if half of all stay free.
    ///
    /// @return whether it took them
    boolean takeSpare(long bytes) {
        var isThere = held + bytes <= most / 2;
        held += isThere ? bytes : 0;
        return isThere;
    }

    void give(long bytes) {
        held -= bytes;
    }
}
