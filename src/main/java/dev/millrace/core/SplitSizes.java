package dev.millrace.core;

/// How large splits become: small at first, so that loading starts soon, then an eighth of what
/// came before them, so that inserts become efficient and yet the last split keeps nobody waiting:
/// with splits that doubled, half of a source was in its last two, and the workers idled at its
/// end. Whatever its size a split costs its messages and statements: with first ones of 4 MiB a
/// source of 200 MB had 25 instead of 15, and took PostgreSQL half as long again. They are pinned
/// with the job: an upload that goes on in another process is cut alike.
///
/// @param firstBytes the size of the first split, in bytes, at least 1
/// @param maxBytes the size of the largest, in bytes, at least `firstBytes`
/// @param maxRecords the most records in one, at least 1
public record SplitSizes(int firstBytes, int maxBytes, int maxRecords) {
    /// The sizes of [Limits].
    public static final SplitSizes STANDARD =
            new SplitSizes(
                    Limits.FIRST_SPLIT_BYTES, Limits.MAX_SPLIT_BYTES, Limits.MAX_SPLIT_RECORDS);

    private static final int SHARE = 8;

    /// The largest splits are no smaller than this on any heap.
    private static final int LEAST_BYTES = 4 << 20;

    /// How many of the largest splits a heap has room for: those of an upload, those that wait for
    /// a worker, and those that are worked on, each with its batch.
    private static final int SPLITS_IN_HEAP = 32;

    /// The standard sizes, as far as a process with a heap of so many bytes can bear them.
    public static SplitSizes fitting(long heapBytes) {
        var most = Math.clamp(heapBytes / SPLITS_IN_HEAP, LEAST_BYTES, STANDARD.maxBytes());
        return new SplitSizes(Math.min(STANDARD.firstBytes(), most), most, STANDARD.maxRecords());
    }

    public SplitSizes {
        if (firstBytes < 1 || maxBytes < firstBytes || maxRecords < 1) {
            throw new IllegalArgumentException(
                    "No sizes of splits: %d to %d bytes, %d records"
                            .formatted(firstBytes, maxBytes, maxRecords));
        }
    }

    /// The size of the split that follows splits of so many bytes.
    public int following(long bytes) {
        return Math.clamp(bytes / SHARE, firstBytes, maxBytes);
    }
}
