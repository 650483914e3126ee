package dev.millrace.convert;

/// How much of a file may be unpacked at one time: of each column a page and its dictionary. Not
/// thread-safe.
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
                    "%s does not fit into memory: its pages unpacked together take more than %,d bytes"
                            .formatted(where, most),
                    "Write the file with smaller pages, or give the server a larger heap.");
        }
        held += bytes;
    }

    void give(long bytes) {
        held -= bytes;
    }
}
