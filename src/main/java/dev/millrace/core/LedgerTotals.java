package dev.millrace.core;

/// The sums of a job's ledger in its present attempt.
///
/// @param splits how many splits have an entry
/// @param sourceBytes the bytes of the source, as received, that those splits cover
/// @param keptRejections problems kept in rejection objects
public record LedgerTotals(
        int splits,
        long read,
        long bytesRead,
        Digest written,
        long rejected,
        long sourceBytes,
        long keptRejections) {
    public static final LedgerTotals NONE = new LedgerTotals(0, 0, 0, Digest.EMPTY, 0, 0, 0);
}
