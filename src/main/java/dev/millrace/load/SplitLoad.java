package dev.millrace.load;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.Limits;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.LoadMetrics.Stage;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RejectionFile;
import dev.millrace.core.Sink;
import dev.millrace.core.SourceReading;
import dev.millrace.core.Split;
import dev.millrace.core.Started;
import dev.millrace.core.Store;
import dev.millrace.format.RecordReader;
import dev.millrace.validate.HeaderMatch;
import dev.millrace.validate.Validated;
import dev.millrace.validate.Validator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// What is done to one split: fetch, read and validate, write aside, keep its rejections. Repeating
/// it changes nothing. Thread-safe.
public final class SplitLoad {
    /// Rejections kept of one split: plenty while its job has few, examples once it has many.
    private static final int MANY_KEPT = 200_000;

    private static final int FEW_KEPT = 1_000;

    private final Store store;
    private final Sink sink;
    private final LoadMetrics metrics;

    public SplitLoad(Store store, Sink sink, LoadMetrics metrics) {
        this.store = store;
        this.sink = sink;
        this.metrics = metrics;
    }

    /// Loads a split.
    ///
    /// @return its ledger entry, not yet recorded
    /// @throws MillraceException as the store and the sink do; INTERNAL_ERROR when the reader did
    ///   not find what intake counted
    LedgerEntry load(String worker, Started started) {
        var job = started.job();
        var split = started.split();
        var begin = System.nanoTime();
        var content = fetch(split);
        begin = metrics.ended(Stage.FETCH, begin);
        var reading = reading(job, split);
        var records =
                RecordReader.open(
                        reading,
                        content.array(),
                        content.arrayOffset() + content.position(),
                        content.remaining(),
                        split.firstRow(),
                        Limits.MAX_RECORD_BYTES,
                        HeaderMatch.refusedKeys(reading, job.model().definition()));
        var kept =
                job.ledger().keptRejections() < Limits.MAX_KEPT_REJECTIONS ? MANY_KEPT : FEW_KEPT;
        var validated =
                new Validator(job.model(), split.id().source(), reading.header())
                        .validate(records, split.records(), split.bytes(), kept);
        begin = metrics.ended(Stage.VALIDATE, begin);
        if (validated.read() != split.records() || records.bytesRead() != split.bytes()) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "Split %s: intake counted %d records in %d bytes, the reader %d in %d"
                            .formatted(
                                    split.id(),
                                    split.records(),
                                    split.bytes(),
                                    validated.read(),
                                    records.bytesRead()));
        }
        var entry = entry(worker, job, split, validated);
        sink.write(job.staging(), split.id(), validated.batch());
        begin = metrics.ended(Stage.WRITE, begin);
        if (!validated.rejections().isEmpty()) {
            store.put(entry.rejectedRecordsName(), validated.records().object());
            store.put(entry.rejectionsName(), RejectionFile.write(validated.rejections()));
            metrics.ended(Stage.REJECT, begin);
        }
        return entry;
    }

    /// Whether everything that a split needs answers; throws the reason when it does not.
    void check() {
        sink.check();
        store.check();
    }

    private static LedgerEntry entry(String worker, Job job, Split split, Validated validated) {
        return new LedgerEntry(
                split.id(),
                job.attempt(),
                worker,
                validated.read(),
                split.bytes(),
                validated.batch().digest(),
                validated.rejected(),
                validated.counts(),
                validated.rejections().size());
    }

    private ByteBuffer fetch(Split split) {
        var content = store.get(split.objectName());
        var crc = new CRC32C();
        crc.update(content.duplicate());
        if (content.remaining() != split.bytes() || (int) crc.getValue() != split.checksum()) {
            throw new MillraceException(
                    ErrorCode.STORE_DAMAGED,
                    "The object of split %s is not what was stored: %d bytes where %d were written"
                            .formatted(split.id(), content.remaining(), split.bytes()));
        }
        return content;
    }

    private static SourceReading reading(Job job, Split split) {
        var reading = job.source(split.id().source()).reading();
        if (reading == null) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "Job %s has splits, but it is not recorded how they are read"
                            .formatted(job.id()));
        }
        return reading;
    }
}
