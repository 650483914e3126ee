package dev.millrace.core;

import java.util.List;

/// What became of one split in one attempt: every record that was read is written or rejected.
///
/// @param worker the name of the worker that wrote it
/// @param bytesRead the bytes of the split that the reader consumed
/// @param written the digest of the rows written
/// @param rejected rows rejected
/// @param counts problems by code and column; a row can have several
/// @param keptRejections problems in the split's rejections object (all, or the first ones of many)
public record LedgerEntry(
        SplitId split,
        int attempt,
        String worker,
        long read,
        long bytesRead,
        Digest written,
        long rejected,
        List<RejectionCount> counts,
        long keptRejections) {
    public LedgerEntry {
        counts = List.copyOf(counts);
        if (read != written.rows() + rejected) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "Split %s: %d rows read, but %d written and %d rejected"
                            .formatted(split, read, written.rows(), rejected));
        }
    }

    /// The name of the object that holds the kept rejections.
    public String rejectionsName() {
        return split.rejectionsName(attempt, keptRejections);
    }

    /// The name of the object beside it, which holds the [RejectedRecords] that they are about.
    public String rejectedRecordsName() {
        return rejectionsName() + "-records";
    }

    /// Whether every problem of the split is kept, and with them all of its rejected rows.
    public boolean keepsAllRejections() {
        return keptRejections == counts.stream().mapToLong(RejectionCount::count).sum();
    }
}
