package dev.millrace.export;

import dev.millrace.core.Before;
import dev.millrace.core.Cause;
import dev.millrace.core.Connection;
import dev.millrace.core.Databases;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Export;
import dev.millrace.core.ExportCatalog;
import dev.millrace.core.ExportCatalog.NewExport;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportResult;
import dev.millrace.core.ExportTarget;
import dev.millrace.core.ExportWishes;
import dev.millrace.core.JobId;
import dev.millrace.core.JobState;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectStores;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes exports, sends their files or writes them where they are to go, and fails those that
/// nobody sends or receives any more. Thread-safe.
public final class Exports implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Exports.class);

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(20);

    /// How long a process that sends a file may give no sign of life.
    private static final Duration SILENCE = Duration.ofMinutes(1);

    /// Between two looks of somebody who waits for an export: its row changes without a notice.
    private static final long LOOK_MILLIS = 250;

    private final ExportCatalog catalog;
    private final Databases databases;
    private final String runner;
    private final Limits limits;
    private final Deliveries deliveries;
    private final Map<JobId, FileRun> running = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /// @param waiting how long an export waits for who receives its file
    /// @param history how long a final one is known
    public record Limits(Duration waiting, Duration history) {}

    /// @param runner names this process, as leases do
    public Exports(
            ExportCatalog catalog,
            Databases databases,
            ObjectStores stores,
            String runner,
            Limits limits) {
        this.catalog = catalog;
        this.databases = databases;
        this.runner = runner;
        this.limits = limits;
        this.deliveries = new Deliveries(catalog, stores, runner, this::run);
    }

    /// Fails what an earlier run of this server has left, and begins to look after all of them.
    ///
    /// @param earlier what the names of its runs begin with
    public void start(String earlier) {
        var failed = catalog.failAll(earlier, interrupted("The server was stopped or died"));
        if (failed > 0) {
            log.info("exports={} failed: an earlier run of this server had sent them", failed);
        }
        var left = catalog.leftovers(earlier, SILENCE);
        deliveries.start();
        Thread.ofVirtual()
                .name("exports")
                .start(() -> {
                    deliveries.resolve(left);
                    sweep();
                });
    }

    /// Looks whether a query can be exported so, without running it, and records the export. It
    /// runs when its file is asked for; one with a target right away.
    ///
    /// @param target where the server writes the file, or null when somebody receives it
    /// @param owner who makes it
    /// @param request the name of the request, which makes one export however often it is repeated
    /// @throws MillraceException NOT_FOUND for a connection; EXPORT_UNSUPPORTED; QUERY_REFUSED and
    ///   others of [dev.millrace.core.Database]; OBJECT_EXISTS and others of
    ///   [dev.millrace.core.ObjectStore]
    public Export create(
            Connection connection,
            ExportWishes wishes,
            @Nullable ExportTarget target,
            String owner,
            @Nullable UUID request) {
        var database = databases.get(wishes.connection());
        var bare = FileQuery.bare(wishes.query());
        FileQuery.of(database.schema().describe(bare), wishes);
        if (wishes.format() == ExportFormat.XLSX) {
            XlsxLimits.requireRows(database.count(bare));
        }
        if (target != null) {
            deliveries.require(target);
        }
        var export =
                catalog.create(
                        new NewExport(
                                connection.id(),
                                connection.name(),
                                wishes,
                                target,
                                owner,
                                request));
        log.info("export={} made format={}", export.id(), wishes.format());
        if (target != null) {
            deliveries.wake();
        }
        return export;
    }

    /// @throws MillraceException NOT_FOUND
    public Export get(String idOrLast) {
        return find(idOrLast)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND,
                                "There is no export '%s'".formatted(idOrLast),
                                "millrace export list shows the exports.",
                                null));
    }

    /// The same, or nothing.
    public Optional<Export> find(String idOrLast) {
        return catalog.find(idOrLast);
    }

    /// Newest first, those behind a place.
    public List<Export> list(@Nullable Before before, int limit) {
        return catalog.list(before, limit);
    }

    /// Waits until an export is as wanted, until the limit has passed, or until the server stops.
    ///
    /// @return the newest snapshot
    public Export await(JobId id, Predicate<Export> until, Duration limit) {
        var end = System.nanoTime() + limit.toNanos();
        var export = get(id.uuid().toString());
        try {
            while (!until.test(export) && System.nanoTime() - end < 0) {
                var left = Math.min(LOOK_MILLIS, (end - System.nanoTime()) / 1_000_000 + 1);
                if (closed.await(left, TimeUnit.MILLISECONDS)) {
                    return export;
                }
                export = get(id.uuid().toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return export;
    }

    /// Ends its query and breaks its file off.
    ///
    /// @throws MillraceException NOT_FOUND; JOB_NOT_CANCELLABLE when it is final
    public Export cancel(String idOrLast) {
        var export = get(idOrLast);
        if (!catalog.cancel(export.id())) {
            var state = get(export.id().uuid().toString()).state();
            throw new MillraceException(
                    ErrorCode.JOB_NOT_CANCELLABLE,
                    "The export %s is %s".formatted(export.id(), state),
                    state.isFinal()
                            ? "It is over; there is nothing to cancel."
                            : "Its file is whole and being put in its place; remove it there.",
                    null);
        }
        Optional.ofNullable(running.get(export.id())).ifPresent(FileRun::cancel);
        log.info("export={} state=CANCELLED", export.id());
        return get(export.id().uuid().toString());
    }

    /// Takes an export whose file is to be sent now, which can be done once.
    ///
    /// @throws MillraceException EXPORT_NOT_WAITING
    public Export begin(Export export) {
        var target = export.target();
        if (target != null) {
            throw new MillraceException(
                    ErrorCode.EXPORT_NOT_WAITING,
                    "The file of the export %s is written to %s, and sent to nobody"
                            .formatted(export.id(), target.object()),
                    "Get it there, or make another export.",
                    null);
        }
        if (!catalog.start(export.id(), runner)) {
            throw new MillraceException(
                    ErrorCode.EXPORT_NOT_WAITING,
                    "The export %s is %s: its file is sent once"
                            .formatted(export.id(), get(export.id().uuid().toString()).state()),
                    "Make another export.",
                    null);
        }
        log.info("export={} state=RUNNING", export.id());
        return export;
    }

    /// Ends an export that runs here, since nobody waits for its file any more.
    public void abandon(Export export) {
        Optional.ofNullable(running.get(export.id()))
                .ifPresent(run ->
                        run.end(
                                new MillraceException(
                                        ErrorCode.EXPORT_INTERRUPTED,
                                        "Whoever asked for the file was gone before its end",
                                        "Make another export.",
                                        null)));
    }

    /// Runs the query of an export that was begun and sends its file. When this throws, the file is
    /// not whole, and the caller has to see to it that its receiver knows.
    ///
    /// @param receiver neither flushed nor closed
    /// @throws MillraceException why the export is FAILED or CANCELLED now
    public void send(Export export, OutputStream receiver) {
        run(export, receiver, _ -> {});
    }

    private void run(Export export, OutputStream receiver, Consumer<ExportResult> whole) {
        var run = new FileRun(catalog, export);
        running.put(export.id(), run);
        try {
            run.run(databases.get(export.connection().uuid().toString()), receiver, whole);
            log.info("export={} state=SUCCESS", export.id());
        } catch (RuntimeException e) {
            var why = run.reason(e);
            if (catalog.fail(export.id(), run.progress(), Cause.of(why))) {
                log.info("export={} state=FAILED code={}", export.id(), why.code());
            }
            throw why;
        } finally {
            running.remove(export.id());
            run.close();
        }
    }

    private void sweep() {
        try {
            while (!closed.await(SWEEP_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    catalog.failSilent(
                            JobState.RUNNING,
                            SILENCE,
                            interrupted("The server that sent its file is gone"));
                    catalog.failSilent(
                            JobState.PENDING,
                            limits.waiting(),
                            interrupted(
                                    "Nobody asked for its file within %d h"
                                            .formatted(limits.waiting().toHours())));
                    deliveries.resolve(catalog.leftovers(null, SILENCE));
                    catalog.forget(limits.history());
                } catch (MillraceException e) {
                    log.info("exports sweep=failed code={}", e.code());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Cause interrupted(String why) {
        return new Cause(ErrorCode.EXPORT_INTERRUPTED, why, "Make another export.");
    }

    /// Ends what runs here.
    @Override
    public void close() {
        closed.countDown();
        running.values()
                .forEach(run ->
                        run.end(
                                new MillraceException(
                                        ErrorCode.EXPORT_INTERRUPTED,
                                        "The server was stopped",
                                        "Make another export.",
                                        null)));
        deliveries.close();
    }
}
