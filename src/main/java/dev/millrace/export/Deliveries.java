package dev.millrace.export;

import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCategory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Export;
import dev.millrace.core.ExportCatalog;
import dev.millrace.core.ExportCatalog.Leftover;
import dev.millrace.core.ExportResult;
import dev.millrace.core.ExportTarget;
import dev.millrace.core.JobState;
import dev.millrace.core.MillraceException;
import dev.millrace.core.NewObject;
import dev.millrace.core.ObjectStore;
import dev.millrace.core.ObjectStores;
import dev.millrace.core.ObjectWriter;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the files of exports as objects, which are there once they are whole and checked; and
/// puts in order what a process has left that died meanwhile. Thread-safe.
///
/// Between a file that is whole and an export that is SUCCESS its object appears. Whoever dies in
/// between leaves an export that is sealed: its parts are abandoned, after which nothing can appear
/// any more, and then it is looked whether the object is there.
final class Deliveries implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

    private static final int MOST = 2;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final ExportCatalog catalog;
    private final ObjectStores stores;
    private final String runner;
    private final Run run;
    private final List<Thread> threads = new ArrayList<>();
    private final Semaphore news = new Semaphore(0);
    private volatile boolean stopped;

    /// Runs an export's query.
    interface Run {
        /// @param whole is told once the file is whole, before the export is SUCCESS
        void run(Export export, OutputStream receiver, Consumer<ExportResult> whole);
    }

    /// @param runner names this process
    Deliveries(ExportCatalog catalog, ObjectStores stores, String runner, Run run) {
        this.catalog = catalog;
        this.stores = stores;
        this.runner = runner;
        this.run = run;
        for (var n = 0; n < MOST; n++) {
            threads.add(Thread.ofPlatform().daemon().name("delivery-" + n).unstarted(this::loop));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /// Says that there may be something to write.
    void wake() {
        news.release();
    }

    /// Refuses a place where nothing could be written. Whether an object is there can be asked only
    /// by who may read; it is refused when it is written, at the latest.
    ///
    /// @throws MillraceException OBJECT_EXISTS; as [ObjectStores] and [ObjectStore] do
    void require(ExportTarget target) {
        try {
            store(target).look(target.object());
            if (!target.replace()) {
                throw new MillraceException(
                        ErrorCode.OBJECT_EXISTS,
                        "There is an object %s already".formatted(target.object()),
                        "Choose another name, or replace it: --force, or \"replace\": true.",
                        null);
            }
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.OBJECT_MISSING && e.code() != ErrorCode.RIGHT_MISSING) {
                throw e;
            }
        }
    }

    private ObjectStore store(ExportTarget target) {
        return stores.objects(target.connection().uuid().toString()).store();
    }

    private void loop() {
        while (!stopped) {
            try {
                var export = catalog.startNext(runner);
                if (export.isPresent()) {
                    deliver(export.get());
                } else {
                    await();
                }
            } catch (MillraceException e) {
                log.warn("delivery=failed code={} what={}", e.code(), e.what());
                pause();
            } catch (RuntimeException e) {
                log.error("delivery=failed", e);
                pause();
            } catch (InterruptedException e) {
                return; // closed
            }
        }
    }

    private void await() throws InterruptedException {
        if (!stopped && news.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            log.debug("delivery=woken");
        }
    }

    private void pause() {
        try {
            await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(Export export) {
        var target = Objects.requireNonNull(export.target());
        var id = export.id();
        var wanted =
                new NewObject(
                        target.object(),
                        target.replace(),
                        id.uuid(),
                        upload -> catalog.noteUpload(id, upload));
        log.info("export={} state=RUNNING object={}", id, target.object());
        try (var writer = writer(export, target, wanted)) {
            run.run(export, writer, result -> complete(export, result, writer));
        } catch (MillraceException e) {
            log.info("export={} code={} what={}", id, e.code(), e.what()); // it has the cause
        }
    }

    private ObjectWriter writer(Export export, ExportTarget target, NewObject wanted) {
        try {
            return store(target).create(wanted);
        } catch (MillraceException e) {
            catalog.fail(export.id(), export.progress(), Cause.of(e));
            throw e;
        }
    }

    private void complete(Export export, ExportResult result, ObjectWriter writer) {
        if (!catalog.seal(export.id(), result)) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INTERRUPTED,
                    "The export %s was cancelled".formatted(export.id()));
        }
        try {
            writer.complete();
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.S3_UNAVAILABLE) {
                catalog.unseal(export.id()); // it is known not to be there
            }
            throw e;
        }
    }

    /// Abandons what failed exports have left, and decides of sealed ones whether they are SUCCESS.
    /// What cannot be asked now is left for the next time.
    void resolve(List<Leftover> leftovers) {
        for (var left : leftovers) {
            var id = left.export().id();
            try {
                resolve(left, store(left.target()));
            } catch (MillraceException e) {
                log.warn("export={} left={} code={}", id, left.target().object(), e.code());
                if (e.category() == ErrorCategory.USER) {
                    giveUp(left, e);
                }
            }
        }
    }

    private void resolve(Leftover left, ObjectStore store) {
        var id = left.export().id();
        var object = left.target().object();
        if (left.upload() != null) {
            store.abandon(object, left.upload());
        }
        if (left.export().state() != JobState.RUNNING) {
            catalog.forgetUpload(id);
            log.info("export={} parts=abandoned object={}", id, object);
        } else if (store.find(object, id.uuid()) != null) {
            catalog.confirm(id);
            log.info("export={} state=SUCCESS object={}", id, object);
        } else {
            fail(left, Exports.interrupted("The server that wrote %s is gone".formatted(object)));
        }
    }

    /// The connection is gone, or does not lead there any more.
    private void giveUp(Leftover left, MillraceException e) {
        if (left.export().state() == JobState.RUNNING) {
            fail(
                    left,
                    new Cause(
                            ErrorCode.EXPORT_INTERRUPTED,
                            "The server that wrote %s is gone, and whether the object is there is not known: %s"
                                    .formatted(left.target().object(), e.what()),
                            "Look whether it is there."));
        }
        catalog.forgetUpload(left.export().id());
    }

    private void fail(Leftover left, Cause cause) {
        var export = left.export();
        catalog.unseal(export.id());
        if (catalog.fail(export.id(), export.progress(), cause)) {
            log.info("export={} state=FAILED code={}", export.id(), cause.code());
        }
        catalog.forgetUpload(export.id());
    }

    /// Lets those end that abandon what they have written, once their runs were ended.
    @Override
    public void close() {
        stopped = true;
        news.release(MOST);
        for (var thread : threads) {
            try {
                if (thread.isAlive() && !thread.join(CLOSE_LIMIT)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
