package dev.millrace.intake;

import dev.millrace.core.Answers;
import dev.millrace.core.Catalog;
import dev.millrace.core.Cause;
import dev.millrace.core.ConnectionId;
import dev.millrace.core.ErrorCategory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectStores;
import dev.millrace.core.Pull;
import dev.millrace.core.Sha256;
import dev.millrace.core.UploadReceiver;
import dev.millrace.core.UploadRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches the sources that nobody sends: takes a job whose source is an object or the answer of a
/// query, and reads it as if it were an upload. Of an object it goes on where another left off; an
/// answer that breaks off fails its job, since the same query may answer otherwise. Thread-safe.
///
/// Who fetches a source holds a lease on it, so that servers do not fetch it twice; that nothing is
/// stored twice does not rest on the lease, but on the upload's term.
public final class Pulls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration RENEW_EVERY = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final int BUFFER_BYTES = 1 << 18;

    private final Catalog catalog;
    private final ObjectStores stores;
    private final Answers answers;
    private final Intake intake;
    private final UploadReceiver receiver;
    private final Duration patience;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Thread, Runnable> reading = new ConcurrentHashMap<>();
    private final Semaphore news = new Semaphore(0);
    private volatile boolean stopped;

    /// @param receiver this process, with its store
    /// @param most how many sources are fetched at a time
    /// @param patience how long a store or database may send nothing before the job fails
    public Pulls(
            Catalog catalog,
            ObjectStores stores,
            Answers answers,
            Intake intake,
            UploadReceiver receiver,
            int most,
            Duration patience) {
        this.catalog = catalog;
        this.stores = stores;
        this.answers = answers;
        this.intake = intake;
        this.receiver = receiver;
        this.patience = patience;
        for (var n = 0; n < most; n++) {
            threads.add(Thread.ofPlatform().daemon().name("pull-" + n).unstarted(this::run));
        }
    }

    /// The objects that the server itself fetches, as they are now.
    ///
    /// @param connection an id or a name
    /// @param uri an object, or a pattern
    /// @return one at least, in the order of their keys
    /// @throws MillraceException OBJECT_MISSING when none is there; as [ObjectStores] and the store
    ///   do
    public List<Pull.OfObject> find(String connection, String uri) {
        return FoundObjects.of(stores.objects(connection), uri);
    }

    /// Its content, to be closed by the caller, who is the one that reads it.
    public InputStream content(Pull.OfObject wanted) {
        return body(wanted, 0);
    }

    /// A query whose answer the server itself fetches; it is not run here.
    ///
    /// @throws MillraceException as [Answers#require]
    public Pull.OfQuery answer(ConnectionId connection, String query) {
        answers.require(connection, query);
        return new Pull.OfQuery(connection, query);
    }

    private ObjectBody body(Pull.OfObject wanted, long from) {
        var opened = stores.objects(wanted.connection().uuid().toString());
        return new ObjectBody(opened.store(), wanted.object(), from, patience);
    }

    public void start() {
        threads.forEach(Thread::start);
    }

    /// Says that there may be something to fetch.
    public void wake() {
        news.release();
    }

    private void await() throws InterruptedException {
        if (!stopped && news.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("pull=woken");
        }
    }

    private void run() {
        while (!stopped) {
            try {
                var pull = catalog.pulls().acquire(receiver.name(), receiver.storeId(), LEASE);
                if (pull.isPresent()) {
                    fetch(pull.get());
                } else {
                    await();
                }
            } catch (MillraceException e) {
                LOG.warn("pull=failed code={} what={}", e.code(), e.what());
                pause();
            } catch (RuntimeException e) {
                LOG.error("pull=failed", e);
                pause();
            } catch (InterruptedException e) {
                // stopped, or a source that is not wanted any more
            }
        }
    }

    private void pause() {
        try {
            await();
        } catch (InterruptedException e) {
            // looked at by the loop
        }
    }

    private void fetch(Pull pull) {
        var again = Duration.ZERO;
        var worker = Thread.currentThread();
        var renewal =
                Thread.ofVirtual().name("pull-" + pull.job()).start(() -> renew(pull, worker));
        try {
            receive(pull);
        } catch (MillraceException e) {
            if (passes(e)) {
                LOG.info("pull=interrupted job={} code={}", pull.job(), e.code());
                again = PAUSE;
            } else {
                fail(pull, e);
            }
        } finally {
            renewal.interrupt();
            reading.remove(worker);
            Thread.interrupted(); // whoever wanted it stopped has got that
            catalog.pulls().release(pull, again);
        }
    }

    /// Keeps the lease as long as the source is wanted. When it is lost another fetches, or will.
    private void renew(Pull pull, Thread worker) {
        while (true) {
            try {
                Thread.sleep(RENEW_EVERY);
                if (!catalog.pulls().renew(pull, LEASE)
                        || catalog.jobs().get(pull.job()).state().isFinal()) {
                    stop(worker);
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (MillraceException e) {
                LOG.warn("renew=failed job={} code={}", pull.job(), e.code());
            }
        }
    }

    /// Ends a wait for bytes that nobody wants any more: a silent store would keep it for long.
    private void stop(Thread worker) {
        var stop = reading.get(worker);
        if (stop != null) {
            stop.run();
        }
    }

    private void receive(Pull pull) {
        var job = catalog.jobs().get(pull.job());
        var upload = job.source().upload();
        if (job.isReceived()
                || job.state().isFinal()
                || job.source().ordinal() != pull.ordinal()
                || upload == null) {
            return;
        }
        switch (pull.wanted()) {
            case Pull.OfObject object -> receive(pull, job, object, upload.offset());
            case Pull.OfQuery query -> receive(pull, job, query);
        }
        LOG.info("pull=done job={}", job.id());
        wake(); // the job may want its next source
    }

    private void receive(Pull pull, Job job, Pull.OfObject wanted, long from) {
        var bytes = wanted.object().bytes();
        var asked =
                from == 0
                        ? UploadRequest.whole(bytes)
                        : new UploadRequest(bytes, from, hash(wanted, from), true);
        LOG.info(
                "pull=begun job={} object={} bytes={} from={}",
                job.id(),
                wanted.object().name(),
                bytes,
                from);
        try (var body = reading(body(wanted, from))) {
            intake.receive(job, body, job.hasSeveralSources() ? asked.of(pull.ordinal()) : asked);
        }
    }

    private void receive(Pull pull, Job job, Pull.OfQuery wanted) {
        LOG.info("pull=begun job={} connection={}", job.id(), wanted.connection());
        var asked = UploadRequest.once(-1);
        try (var body = answers.open(wanted.connection(), wanted.query(), patience)) {
            stopBy(() -> close(body));
            intake.receive(job, body, job.hasSeveralSources() ? asked.of(pull.ordinal()) : asked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectBody reading(ObjectBody body) {
        stopBy(body::stop);
        return body;
    }

    /// @param stop ends what this thread reads
    private void stopBy(Runnable stop) {
        reading.put(Thread.currentThread(), stop);
        if (stopped) {
            stop.run();
        }
    }

    /// SHA-256 of an object's beginning: what is stored of it has to be of this very one.
    private String hash(Pull.OfObject wanted, long end) {
        try (var body = reading(body(wanted, 0))) {
            var digest = Sha256.begin();
            var buffer = new byte[BUFFER_BYTES];
            for (var left = end; left > 0; ) {
                var n = body.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    break;
                }
                digest.update(buffer, 0, n);
                left -= n;
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /// Whether somebody may go on, or has.
    private static boolean passes(MillraceException e) {
        return switch (e.code()) {
            case UPLOAD_INTERRUPTED, UPLOAD_NOT_EXPECTED, UPLOAD_OFFSET, LEASE_LOST -> true;
            case S3_UNAVAILABLE -> false; // that was waited for
            default ->
                    e.category() == ErrorCategory.EXTERNAL
                            || e.category() == ErrorCategory.INSUFFICIENT_RESOURCES;
        };
    }

    private void fail(Pull pull, MillraceException e) {
        var cause =
                e.code() == ErrorCode.UPLOAD_CHANGED
                        ? new Cause(ErrorCode.OBJECT_CHANGED, e.what(), e.remedy())
                        : Cause.of(e);
        LOG.info("pull=failed job={} code={} what={}", pull.job(), cause.code(), e.what());
        catalog.jobs().fail(pull.job(), cause);
    }

    /// Whether a job's source is fetched, so that nobody else sends it.
    public boolean isWanted(Job job) {
        return catalog.pulls().isWanted(job.id());
    }

    /// Interrupts what is fetched, to be gone on with.
    @Override
    public void close() {
        stopped = true;
        reading.values().forEach(Runnable::run);
        threads.forEach(Thread::interrupt);
        for (var thread : threads) {
            try {
                if (thread.isAlive()) {
                    thread.join(CLOSE_LIMIT);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
