package dev.millrace.intake;

import dev.millrace.core.Catalog;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.IntakeTotals;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.LoadMetrics.Stage;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Source;
import dev.millrace.core.Split;
import dev.millrace.core.SplitId;
import dev.millrace.core.Store;
import dev.millrace.core.Upload;
import dev.millrace.format.Cut;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores the cuts of one upload as splits, in order, one at a time, beside the thread that cuts.
/// Cuts that are held already are recognised and not stored again. For one thread.
final class SplitWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SplitWriter.class);

    private final Catalog catalog;
    private final Store store;
    private final LoadMetrics metrics;
    private final Upload upload;
    private final List<Split> held;
    private int count;
    private long records;
    private long bytes;
    private long sourceTo;
    private long received;
    private Storing storing = new Storing(null);

    /// @param held the splits of the source that are stored, of which the first cut is the first
    SplitWriter(
            Catalog catalog, Store store, LoadMetrics metrics, Upload upload, List<Split> held) {
        this.catalog = catalog;
        this.store = store;
        this.metrics = metrics;
        this.upload = upload;
        this.held = held;
    }

    /// Says that the cuts begin behind the held splits.
    ///
    /// @param sourceBytes the bytes of the source before the first cut
    void goOn(long sourceBytes) {
        for (var split : held) {
            count(split);
        }
        received = sourceBytes;
    }

    private void count(Split split) {
        count++;
        records += split.records();
        bytes += split.bytes();
        sourceTo = split.sourceTo();
    }

    /// Whether the next cut must be one that is held.
    boolean isRecognising() {
        return count < held.size();
    }

    /// Whether there was no cut, and none is held.
    boolean isEmpty() {
        return count == 0;
    }

    /// Begins to store a cut once the one before is stored.
    ///
    /// @param receivedBytes the bytes of the source received so far
    /// @return false when the job wants no more
    /// @throws MillraceException UPLOAD_CHANGED when another cut is held in its place
    boolean write(Cut cut, long receivedBytes) {
        if (!storing.await()) {
            return false;
        }
        if (cut.firstRow() + cut.records() >= Source.MAX_ROWS) {
            throw new MillraceException(
                    ErrorCode.SOURCE_DAMAGED, "A source may have 2^40 rows at most");
        }
        var split = split(cut);
        if (isRecognising()) {
            if (!split.holdsTheSame(held.get(count))) {
                throw changed();
            }
            count(held.get(count));
        } else {
            count(split);
            storing = new Storing(() -> store(split, cut));
        }
        received(receivedBytes);
        return true;
    }

    private Split split(Cut cut) {
        var crc = new CRC32C();
        crc.update(cut.bytes(), 0, cut.length());
        return new Split(
                new SplitId(upload.job(), upload.source(), count),
                cut.firstRow(),
                cut.records(),
                cut.length(),
                (int) crc.getValue(),
                sourceTo,
                cut.to());
    }

    /// That what arrives is not what was sent before.
    MillraceException changed() {
        return new MillraceException(
                ErrorCode.UPLOAD_CHANGED,
                "What is sent to the job %s differs from what was sent before, in the rows from %,d on"
                        .formatted(upload.job(), records + 1),
                "Send the same file again, or load this one with a new job.",
                null);
    }

    /// @param bytesSoFar how many bytes of the source have arrived
    void received(long bytesSoFar) {
        metrics.received(bytesSoFar - received);
        received = bytesSoFar;
    }

    private boolean store(Split split, Cut cut) {
        var begin = System.nanoTime();
        var content = ByteBuffer.wrap(cut.bytes(), 0, cut.length());
        CrashPoint.STORE.get(() ->
                Patience.of(() -> {
                    store.put(split.objectName(), content);
                    return true;
                }));
        var wanted = Patience.of(() -> catalog.splits().add(upload, split, cut.exact()));
        if (wanted) {
            metrics.ended(Stage.STORE, begin);
            metrics.splitCut();
        }
        return wanted;
    }

    /// Waits for the last one.
    ///
    /// @return false when the job wants no more
    boolean finish() {
        return storing.await();
    }

    /// Waits until what is on its way is stored, or cannot be.
    void settle() {
        try {
            storing.await();
        } catch (MillraceException e) {
            LOG.info("store=failed job={} code={}", upload.job(), e.code());
        }
    }

    IntakeTotals totals(String contentHash) {
        return new IntakeTotals(count, records, bytes, received, contentHash);
    }

    /// Removes what was stored for a job that has become final: the clean-up behind it may have
    /// come before the last split.
    void discard() {
        settle();
        try {
            store.delete(Split.prefix(upload.job()));
        } catch (MillraceException e) {
            LOG.warn("discard=failed job={} code={} what={}", upload.job(), e.code(), e.what());
        }
    }
}
