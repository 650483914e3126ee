package dev.millrace.intake;

import dev.millrace.core.Catalog;
import dev.millrace.core.Catalog.IntakeTotals;
import dev.millrace.core.Cause;
import dev.millrace.core.CrashPoint;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.Limits;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.LoadMetrics.Stage;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.Retry;
import dev.millrace.core.Source;
import dev.millrace.core.Split;
import dev.millrace.core.SplitId;
import dev.millrace.core.Store;
import dev.millrace.format.Cut;
import dev.millrace.format.RecordCutter;
import dev.millrace.format.SourceDecoder;
import dev.millrace.format.SplitSizes;
import dev.millrace.validate.HeaderMatch;
import dev.millrace.validate.Validator;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a source in: cuts it into splits while it arrives, stores each and enters it in the
/// catalog. Loading begins with the first one. Thread-safe.
///
/// While one split is stored the next is cut, so a source takes the memory of two splits and a
/// little more, however long it is.
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /// How often the catalog hears that the sender is still there.
    private static final Duration TOUCH_EVERY = Duration.ofSeconds(10);

    /// How long an upload waits for an engine that does not answer.
    private static final Duration ENGINE_LIMIT = Duration.ofMinutes(2);

    /// What an upload may take: the split that is cut and the one that is stored.
    private static final long UPLOAD_BYTES = 160L << 20;

    /// What the values of a split may take as typed columns, texts not counted.
    private static final long BATCH_BYTES = 96L << 20;

    private final Catalog catalog;
    private final Store store;
    private final String receiver;
    private final LoadMetrics metrics;
    private final SplitSizes sizes;

    /// Uploads that are cut at the same time; the others wait with their senders.
    private final Semaphore places =
            new Semaphore(
                    Math.clamp(Runtime.getRuntime().maxMemory() / UPLOAD_BYTES, 2, 256), true);

    /// @param receiver names this process among those that receive uploads
    public Intake(Catalog catalog, Store store, String receiver, LoadMetrics metrics) {
        this(
                catalog,
                store,
                receiver,
                metrics,
                SplitSizes.fitting(Runtime.getRuntime().maxMemory()));
    }

    /// @param sizes how large splits become
    public Intake(
            Catalog catalog, Store store, String receiver, LoadMetrics metrics, SplitSizes sizes) {
        this.catalog = catalog;
        this.store = store;
        this.receiver = receiver;
        this.metrics = metrics;
        this.sizes = sizes;
    }

    /// Receives the source of a job to its end. A source that cannot be taken in fails the job.
    ///
    /// @param declaredBytes how many bytes the sender announced, or -1
    /// @return the job, LOADING, or as it became final meanwhile
    /// @throws MillraceException UPLOAD_NOT_EXPECTED when the job had its upload or is final;
    ///   otherwise why the job failed
    public Job receive(Job job, InputStream body, long declaredBytes) {
        if (!catalog.jobs().beginUpload(job.id(), receiver, declaredBytes)) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_NOT_EXPECTED,
                    "Job %s does not wait for an upload".formatted(job.id()),
                    "Make a new job for the file.",
                    null);
        }
        var life = Thread.ofVirtual().name("upload-" + job.id()).start(() -> touch(job.id()));
        var splits = new SplitWriter(job.id());
        metrics.uploadBegun();
        places.acquireUninterruptibly();
        try {
            takeIn(job, body, declaredBytes, splits);
        } catch (MillraceException e) {
            fail(splits, Cause.of(e));
            throw e;
        } catch (RuntimeException e) {
            fail(splits, new Cause(ErrorCode.INTERNAL_ERROR, e.toString(), null));
            throw e;
        } finally {
            places.release();
            metrics.uploadEnded();
            life.interrupt();
        }
        return catalog.jobs().get(job.id());
    }

    private void takeIn(Job job, InputStream body, long declaredBytes, SplitWriter splits) {
        var options = job.source().options();
        try (var decoder = SourceDecoder.open(body, options)) {
            var cutter =
                    RecordCutter.open(
                            decoder, options, Limits.MAX_RECORD_BYTES, sizesFor(job.model()));
            if (cutter.reading().header().isEmpty()) {
                throw empty(job, "is empty");
            }
            HeaderMatch.match(cutter.reading().header(), job.model().definition());
            patiently(() -> {
                catalog.jobs().pinReading(job.id(), cutter.reading());
                return true;
            });
            var wanted = true;
            for (var cut = cutter.next(); cut != null && wanted; cut = cutter.next()) {
                wanted = splits.write(cut, decoder.receivedBytes());
            }
            splits.received(decoder.receivedBytes());
            if (!splits.finish() || !wanted) {
                LOG.info("upload=unwanted job={}", job.id());
                splits.discard();
                return;
            }
            if (splits.count == 0) {
                throw empty(job, "has a header and no records");
            }
            requireWhole(job, declaredBytes, decoder.receivedBytes());
            var totals =
                    new IntakeTotals(
                            splits.count,
                            splits.records,
                            splits.bytes,
                            decoder.receivedBytes(),
                            decoder.contentHash());
            if (!patiently(() -> catalog.jobs().finishUpload(job.id(), totals))) {
                splits.discard();
            }
        }
    }

    /// Splits with no more records, and arrays, than their batch has room for.
    private SplitSizes sizesFor(Model model) {
        var most = Validator.maxRecords(model.definition(), BATCH_BYTES);
        var bytes = Validator.maxBytes(model.definition(), BATCH_BYTES);
        return new SplitSizes(
                Math.min(sizes.firstBytes(), bytes),
                Math.min(sizes.maxBytes(), bytes),
                Math.min(sizes.maxRecords(), most));
    }

    /// An engine that is away for a moment costs the sender a wait, not the upload.
    private static boolean patiently(BooleanSupplier step) {
        return Retry.external(ENGINE_LIMIT, step::getAsBoolean);
    }

    private static void requireWhole(Job job, long declaredBytes, long receivedBytes) {
        if (declaredBytes >= 0 && receivedBytes != declaredBytes) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_INTERRUPTED,
                    "The upload of '%s' ended after %,d of %,d bytes"
                            .formatted(job.source().name(), receivedBytes, declaredBytes),
                    "Load the file again; nothing of it was published.",
                    null);
        }
    }

    private static MillraceException empty(Job job, String how) {
        return new MillraceException(
                ErrorCode.EMPTY_SOURCE, "'%s' %s".formatted(job.source().name(), how));
    }

    /// Fails the job and removes its splits. When the catalog cannot be told, both are left to the
    /// job's owner, who sees that the upload gives no more signs of life.
    private void fail(SplitWriter splits, Cause cause) {
        try {
            if (catalog.jobs().fail(splits.job, cause)) {
                splits.discard();
            }
        } catch (MillraceException e) {
            LOG.warn("fail=failed job={} code={} what={}", splits.job, e.code(), e.what());
        }
    }

    private void touch(JobId job) {
        while (true) {
            try {
                Thread.sleep(TOUCH_EVERY);
                catalog.jobs().touchUpload(job);
            } catch (InterruptedException e) {
                return;
            } catch (MillraceException e) {
                LOG.warn("touch=failed job={} code={} what={}", job, e.code(), e.what());
            }
        }
    }

    /// Stores cuts as splits, in order, one at a time, beside the thread that cuts.
    private final class SplitWriter {
        private final JobId job;
        private int count;
        private long records;
        private long bytes;
        private long sourceTo;
        private long received;
        private Storing storing = new Storing(null);

        SplitWriter(JobId job) {
            this.job = job;
        }

        /// Begins to store a cut once the one before is stored.
        ///
        /// @param receivedBytes the bytes of the source received so far
        /// @return false when the job wants no more
        boolean write(Cut cut, long receivedBytes) {
            if (!storing.await()) {
                return false;
            }
            if (cut.firstRow() + cut.records() >= Source.MAX_ROWS) {
                throw new MillraceException(
                        ErrorCode.SOURCE_DAMAGED, "A source may have 2^40 rows at most");
            }
            var crc = new CRC32C();
            crc.update(cut.bytes(), 0, cut.length());
            var split =
                    new Split(
                            new SplitId(job, 0, count),
                            cut.firstRow(),
                            cut.records(),
                            cut.length(),
                            (int) crc.getValue(),
                            sourceTo,
                            receivedBytes);
            count++;
            records += cut.records();
            bytes += cut.length();
            sourceTo = receivedBytes;
            received(receivedBytes);
            storing = new Storing(() -> store(split, cut));
            return true;
        }

        /// @param bytes how many of the source have arrived so far
        void received(long bytes) {
            metrics.received(bytes - received);
            received = bytes;
        }

        private boolean store(Split split, Cut cut) {
            var begin = System.nanoTime();
            var content = ByteBuffer.wrap(cut.bytes(), 0, cut.length());
            patiently(() -> {
                store.put(split.id().objectName(), content);
                return true;
            });
            CrashPoint.AFTER_STORE.reach();
            var wanted = patiently(() -> catalog.splits().add(split));
            if (wanted) {
                metrics.ended(Stage.STORE, begin);
                metrics.splitCut();
            }
            return wanted;
        }

        /// Waits for the last one.
        boolean finish() {
            return storing.await();
        }

        /// Removes what was stored for a job that has become final: the clean-up behind it may have
        /// come before the last split.
        void discard() {
            try {
                storing.await();
            } catch (MillraceException e) {
                LOG.info("store=failed job={} code={}", job, e.code());
            }
            try {
                store.delete("splits/%s/".formatted(job.uuid()));
            } catch (MillraceException e) {
                LOG.warn("discard=failed job={} code={} what={}", job, e.code(), e.what());
            }
        }
    }
}
