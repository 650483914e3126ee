package dev.millrace.jobs;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.Limits;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RejectedRecords;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitId;
import dev.millrace.core.Store;
import dev.millrace.format.RecordCount;
import dev.millrace.format.SourceEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;

/// The rejected rows of a source of a job, in its form: the header and the rejected records, in
/// their order and as they stand there, to be mended and loaded again. Those of the splits that had
/// been loaded when it was asked for; all that are kept of them. Thread-safe.
public final class RejectedSource {
    private final Store store;
    private final SourceReading reading;
    private final List<LedgerEntry> entries;
    private final long rows;

    /// @param source the source's ordinal
    /// @param entries those of the ledger that are of the source and have rejections
    /// @throws MillraceException NOT_FOUND while the source's header is not known; REJECTIONS_GONE
    ///   when not all rows are there that were kept; REJECTIONS_INSEPARABLE when they would not
    ///   read as the same rows without those that stood between them
    RejectedSource(Store store, Job job, int source, List<LedgerEntry> entries) {
        this.store = store;
        this.reading = reading(job, source);
        this.entries = List.copyOf(entries);
        checkKept(job);
        this.rows = this.entries.stream().mapToLong(this::keptRows).sum();
        checkReadable(job);
    }

    private static SourceReading reading(Job job, int source) {
        var reading = job.source(source).reading();
        if (reading == null || reading.header().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "Job %s has no rejected rows: the header of its source has not arrived"
                            .formatted(job.id()));
        }
        return reading;
    }

    private void checkKept(Job job) {
        if (entries.isEmpty()) {
            return;
        }
        var there = Set.copyOf(store.list(SplitId.rejectionsPrefix(job.id())));
        if (!entries.stream().map(LedgerEntry::rejectedRecordsName).allMatch(there::contains)) {
            throw new MillraceException(
                    ErrorCode.REJECTIONS_GONE,
                    "The rejected rows of job %s are no longer kept, or never were"
                            .formatted(job.id()),
                    "Take them from the file itself.",
                    null);
        }
    }

    private void checkReadable(Job job) {
        if (!RecordCount.isNeeded(reading)) {
            return;
        }
        var count = new RecordCount(reading, Limits.MAX_RECORD_BYTES);
        for (var entry : entries) {
            count.add(RejectedRecords.read(store, entry).bytes());
        }
        var read = count.end();
        if (read != rows) {
            throw new MillraceException(
                    ErrorCode.REJECTIONS_INSEPARABLE,
                    "The %,d rejected rows of job %s would read as %,d when nothing stands between them: a quote that does not close in one of them is closed by a later one"
                            .formatted(rows, job.id(), read),
                    "Mend them in the file itself: job rejected says which they are, and --raw gives their text.",
                    null);
        }
    }

    private long keptRows(LedgerEntry entry) {
        return entry.keepsAllRejections()
                ? entry.rejected()
                : RejectedRecords.read(store, entry).count();
    }

    /// How the source is read, and this too.
    public SourceReading reading() {
        return reading;
    }

    /// How many rejected rows it has.
    public long rows() {
        return rows;
    }

    /// How many rejected rows it lacks because they are not kept: there are too many of them.
    public long omitted() {
        return entries.stream().mapToLong(LedgerEntry::rejected).sum() - rows;
    }

    /// Writes all of it, unpacked, with no more than one split's records in memory.
    ///
    /// @param out not closed
    /// @throws IOException when it cannot be written
    /// @throws MillraceException as the store does
    public void writeTo(OutputStream out) throws IOException {
        try (var source = new SourceEncoder(out, reading)) {
            for (var entry : entries) {
                source.write(RejectedRecords.read(store, entry).bytes());
            }
        }
    }
}
