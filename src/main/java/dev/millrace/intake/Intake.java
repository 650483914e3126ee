package dev.millrace.intake;

import dev.millrace.core.Catalog;
import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCategory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HeldSource;
import dev.millrace.core.Job;
import dev.millrace.core.JobId;
import dev.millrace.core.Limits;
import dev.millrace.core.LoadMetrics;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.Source;
import dev.millrace.core.SplitSizes;
import dev.millrace.core.Store;
import dev.millrace.core.Upload;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import dev.millrace.format.Cutter;
import dev.millrace.format.SourceDecoder;
import dev.millrace.validate.HeaderMatch;
import dev.millrace.validate.Validator;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a source in: cuts it into splits while it arrives, stores each and enters it in the
/// catalog. Loading begins with the first one. Thread-safe.
///
/// An upload that breaks off waits to be continued when its sender can do that: what is stored of
/// it stays, and is loaded meanwhile. Any process with the same store goes on with it. Only faults
/// of the source itself fail the job.
///
/// While one split is stored the next is cut, so a source takes the memory of two splits and a
/// little more, however long it is.
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private static final String SHA256_OF_NOTHING =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// What the values of a split may take as typed columns, texts not counted.
    private static final long BATCH_BYTES = 96L << 20;

    private final Catalog catalog;
    private final Store store;
    private final UploadReceiver receiver;
    private final LoadMetrics metrics;
    private final Admission admission;
    private final SplitSizes sizes;
    private final Map<JobId, Reception> receptions = new ConcurrentHashMap<>();

    private final Places places = new Places(Runtime.getRuntime().maxMemory());

    /// @param receiver this process, with this store
    public Intake(
            Catalog catalog,
            Store store,
            UploadReceiver receiver,
            LoadMetrics metrics,
            Admission admission) {
        this(
                catalog,
                store,
                receiver,
                metrics,
                admission,
                SplitSizes.fitting(Runtime.getRuntime().maxMemory()));
    }

    /// @param sizes how large splits become
    public Intake(
            Catalog catalog,
            Store store,
            UploadReceiver receiver,
            LoadMetrics metrics,
            Admission admission,
            SplitSizes sizes) {
        this.catalog = catalog;
        this.store = store;
        this.receiver = receiver;
        this.metrics = metrics;
        this.admission = admission;
        this.sizes = sizes;
    }

    /// Refuses a source that would not be received.
    ///
    /// @param declaredBytes its length as sent, or -1
    /// @throws MillraceException UPLOAD_TOO_LARGE, TOO_BUSY, DISK_FULL
    public void requireRoom(long declaredBytes) {
        admission.require(declaredBytes, 0);
    }

    /// Receives the next source of a job, or the rest of it, to its end. A source that cannot be
    /// taken in fails the job, whatever was received of others.
    ///
    /// @param body what follows the offset that the sender names
    /// @return the job, LOADING behind its last source, or as it became final meanwhile
    /// @throws MillraceException UPLOAD_TOO_LARGE, TOO_BUSY or DISK_FULL before anything is
    ///   received, which leaves the job as it was; UPLOAD_NOT_EXPECTED when the job had its upload
    ///   or is final, or when another receives it; UPLOAD_OFFSET, UPLOAD_CHANGED, UPLOAD_ELSEWHERE,
    ///   UPLOAD_INTERRUPTED or what an engine that is away throws, all of which leave the job as it
    ///   was when its sender can go on; otherwise why the job failed
    public Job receive(Job job, InputStream body, UploadRequest asked) {
        requireSource(job, asked);
        try (var _ = admission.admit(asked.declaredBytes(), asked.from())) {
            return receiveAdmitted(job, body, asked);
        }
    }

    /// Whoever repeats a request whose answer was lost would send a source a second time, in the
    /// place of the next.
    private static void requireSource(Job job, UploadRequest asked) {
        var last = job.sources().size() - 1;
        if (asked.source() > last || (asked.source() < 0 && last > 0)) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    asked.source() < 0
                            ? "The job %s has %d sources, and it is not said which one this is"
                                    .formatted(job.id(), last + 1)
                            : "The job %s has no source %d".formatted(job.id(), asked.source()),
                    "Say source=N: its place in the job's list, from 0 to %d.".formatted(last),
                    null);
        }
    }

    private Job receiveAdmitted(Job job, InputStream body, UploadRequest asked) {
        var before = continuation(job.id(), asked);
        var upload =
                catalog.jobs()
                        .beginUpload(job.id(), receiver, asked)
                        .orElseThrow(() -> notExpected(job));
        var held =
                upload.term() == 1
                        ? HeldSource.NOTHING
                        : catalog.jobs().heldSource(job.id(), upload.source());
        var splits = new SplitWriter(catalog, store, metrics, upload, held.splits());
        metrics.uploadBegun();
        try {
            receive(new Arriving(job, upload, body, asked), held, before, splits);
        } catch (MillraceException e) {
            throw ended(upload, asked, splits, named(job, upload, e));
        } catch (RuntimeException e) {
            fail(upload, splits, new Cause(ErrorCode.INTERNAL_ERROR, e.toString(), null));
            throw e;
        } finally {
            metrics.uploadEnded();
        }
        // It has arrived: that the catalog is away now is no reason to tell its sender otherwise.
        return Patience.of(() -> catalog.jobs().get(job.id()));
    }

    /// What arrives.
    private record Arriving(Job job, Upload upload, InputStream body, UploadRequest asked) {
        Source source() {
            return job.source(upload.source());
        }

        /// How many bytes will come, or -1.
        long bytesLeft() {
            return asked.declaredBytes() < 0 ? -1 : asked.declaredBytes() - asked.from();
        }

        /// A sender that goes on without saying how much there is, is held to what was said first.
        InputStream body(HeldSource held, long maxBytes) {
            var declared =
                    asked.declaredBytes() < 0 && !held.splits().isEmpty()
                            ? source().declaredBytes()
                            : asked.declaredBytes();
            return declared < 0
                    ? new BoundedBody(body, maxBytes, asked.from())
                    : new DeclaredBody(body, declared, asked.from());
        }
    }

    private @Nullable Continuation continuation(JobId job, UploadRequest asked) {
        if (asked.offset() > 0) {
            return Continuation.of(job, asked, catalog, store);
        }
        if (asked.prefixSha256() != null && !asked.prefixSha256().equals(SHA256_OF_NOTHING)) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_CHANGED,
                    "prefixSha256 is that of some bytes, but there are none before the offset 0",
                    "Send " + SHA256_OF_NOTHING + ", or nothing.",
                    null);
        }
        return null;
    }

    private static MillraceException notExpected(Job job) {
        return new MillraceException(
                ErrorCode.UPLOAD_NOT_EXPECTED,
                "Job %s does not wait for an upload".formatted(job.id()),
                "Make a new job for the file.",
                null);
    }

    private void receive(
            Arriving arriving, HeldSource held, @Nullable Continuation before, SplitWriter splits) {
        try (var reception = new Reception(catalog, arriving.upload())) {
            receptions.merge(arriving.job().id(), reception, Reception::latest);
            reception.start();
            try (var _ = places.take(arriving.bytesLeft())) {
                takeIn(arriving, held, before, splits);
            } finally {
                receptions.remove(arriving.job().id(), reception);
            }
        } catch (InterruptedException e) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_INTERRUPTED,
                    "The upload ended while it waited for its turn",
                    e);
        }
    }

    private void takeIn(
            Arriving arriving, HeldSource held, @Nullable Continuation before, SplitWriter splits) {
        var body = arriving.body(held, admission.maxBytes());
        try (var decoder = open(arriving.source(), body, before)) {
            var cutter =
                    before == null ? begin(arriving, decoder, held) : goOn(decoder, before, splits);
            var wanted = true;
            for (var cut = cutter.next(); cut != null && wanted; cut = cutter.next()) {
                wanted = splits.write(cut, decoder.receivedBytes());
            }
            splits.received(decoder.receivedBytes());
            if (!splits.finish() || !wanted) {
                LOG.info("upload=unwanted job={}", arriving.job().id());
                splits.discard();
                return;
            }
            if (splits.isRecognising()) {
                throw splits.changed();
            }
            if (splits.isEmpty()) {
                throw empty(
                        arriving.source(),
                        arriving.source().options().columns() == null
                                ? "has a header and no records"
                                : "has no records");
            }
            var totals = splits.totals(decoder.contentHash());
            if (!Patience.of(() -> catalog.jobs().finishUpload(arriving.upload(), totals))) {
                splits.discard();
            }
        } catch (MillraceException e) {
            throw splits.isRecognising() && isOfSource(e) ? splits.changed() : e;
        }
    }

    private SourceDecoder open(Source source, InputStream body, @Nullable Continuation before) {
        return before == null
                ? SourceDecoder.open(body, source.options(), store::newPart)
                : SourceDecoder.resume(body, before.reading().encoding(), before.prefix());
    }

    private static Cutter goOn(SourceDecoder decoder, Continuation before, SplitWriter splits) {
        splits.goOn(before.prefix().bytes());
        return Cutter.resume(
                decoder,
                before.reading(),
                Limits.MAX_RECORD_BYTES,
                before.sizes(),
                before.prefix());
    }

    /// Reads the source's head, and pins what it says.
    private Cutter begin(Arriving arriving, SourceDecoder decoder, HeldSource held) {
        var job = arriving.job();
        var pinned = held.splits().isEmpty() ? null : held.sizes();
        var cutSizes = pinned == null ? sizesFor(job.model()) : pinned;
        var cutter =
                Cutter.open(
                        decoder, arriving.source().options(), Limits.MAX_RECORD_BYTES, cutSizes);
        if (cutter.reading().header().isEmpty()) {
            throw empty(arriving.source(), "is empty");
        }
        var reading = HeaderMatch.matched(cutter.reading(), job.model().definition());
        Patience.of(() ->
                catalog.jobs().pinReading(arriving.upload(), reading, cutSizes, cutter.head()));
        return cutter;
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

    private static MillraceException empty(Source source, String how) {
        return new MillraceException(
                ErrorCode.EMPTY_SOURCE, "'%s' %s".formatted(source.name(), how));
    }

    /// Whether it is a fault of what was sent. The source that is held was taken in up to here.
    private static boolean isOfSource(MillraceException e) {
        return e.category() == ErrorCategory.USER
                && e.code() != ErrorCode.UPLOAD_INTERRUPTED
                && e.code() != ErrorCode.UPLOAD_CHANGED;
    }

    /// Of several sources, which one it was.
    private static MillraceException named(Job job, Upload upload, MillraceException e) {
        var name = "'%s'".formatted(job.source(upload.source()).name());
        return job.hasSeveralSources() && isOfSource(e) && !e.what().contains(name)
                ? new MillraceException(e.code(), name + ": " + e.what(), e.remedy(), e)
                : e;
    }

    /// Leaves the job to be continued, or fails it.
    ///
    /// @return what to say to the sender
    private MillraceException ended(
            Upload upload, UploadRequest asked, SplitWriter splits, MillraceException e) {
        if (e.code() == ErrorCode.LEASE_LOST) {
            LOG.info("upload=taken job={} term={}", upload.job(), upload.term());
            return new MillraceException(
                    ErrorCode.UPLOAD_NOT_EXPECTED,
                    "The upload of the job %s was taken over".formatted(upload.job()),
                    "Look at the job to see how far it is.",
                    e);
        }
        if (goesOn(e, asked)) {
            interrupt(upload, splits);
        } else {
            fail(upload, splits, Cause.of(e));
        }
        return e;
    }

    private static boolean goesOn(MillraceException e, UploadRequest asked) {
        if (e.code() == ErrorCode.UPLOAD_CHANGED) {
            return true;
        }
        var passes =
                switch (e.category()) {
                    case EXTERNAL, INSUFFICIENT_RESOURCES -> true;
                    case USER -> e.code() == ErrorCode.UPLOAD_INTERRUPTED;
                    case INTERNAL -> false;
                };
        return passes && asked.continuable();
    }

    /// When the catalog cannot be told, it hears no more signs of life.
    private void interrupt(Upload upload, SplitWriter splits) {
        splits.settle();
        try {
            catalog.jobs().interruptUpload(upload);
            LOG.info("upload=interrupted job={} term={}", upload.job(), upload.term());
        } catch (MillraceException e) {
            LOG.warn("interrupt=failed job={} code={} what={}", upload.job(), e.code(), e.what());
        }
    }

    /// Fails the job and removes its splits. When the catalog cannot be told, both are left to the
    /// job's owner, who sees that the upload gives no more signs of life.
    private void fail(Upload upload, SplitWriter splits, Cause cause) {
        try {
            if (catalog.jobs().failUpload(upload, cause)) {
                splits.discard();
            }
        } catch (MillraceException e) {
            LOG.warn("fail=failed job={} code={} what={}", upload.job(), e.code(), e.what());
        }
    }
}
