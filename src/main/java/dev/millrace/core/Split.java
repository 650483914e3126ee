package dev.millrace.core;

/// A bounded run of whole records of one source: one stored object, one message, one insert, one
/// row of the ledger.
///
/// @param firstRow the number of its first record in the source, from 1, the header not counted
/// @param records at least 1
/// @param bytes the length of its object
/// @param checksum CRC-32C of its object
/// @param sourceFrom the first byte of the source that it covers, as received (packed)
/// @param sourceTo the byte after its last one; of a packed source about, never too small
public record Split(
        SplitId id,
        long firstRow,
        int records,
        int bytes,
        int checksum,
        long sourceFrom,
        long sourceTo) {
    /// The name of its object in the store. It tells the content too: a receiver that comes late
    /// with other bytes replaces nothing.
    public String objectName() {
        return "%s%d-%06d-%08x-%d"
                .formatted(prefix(id.job()), id.source(), id.number(), checksum, bytes);
    }

    /// What the names of all splits of a job begin with.
    public static String prefix(JobId job) {
        return "splits/%s/".formatted(job.uuid());
    }

    /// Whether it is the same run of records with the same bytes, wherever those came from in a
    /// packed source.
    public boolean holdsTheSame(Split other) {
        return id.equals(other.id)
                && firstRow == other.firstRow
                && records == other.records
                && bytes == other.bytes
                && checksum == other.checksum;
    }
}
