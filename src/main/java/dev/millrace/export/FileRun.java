package dev.millrace.export;

import dev.millrace.core.Database;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Export;
import dev.millrace.core.ExportCatalog;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportProgress;
import dev.millrace.core.ExportResult;
import dev.millrace.core.ExportResult.Verified;
import dev.millrace.core.Extraction;
import dev.millrace.core.Extraction.Reading;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One export while its file leaves: from the database's answer by way of a tally of its rows, the
/// packing, and the hashes to who receives it. [#run] is for one thread, the others for any.
final class FileRun {
    private static final Logger log = LoggerFactory.getLogger(FileRun.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /// How long neither a byte may come nor the server say that it is at work.
    private static final Duration SILENCE = Duration.ofMinutes(5);

    private final ExportCatalog catalog;
    private final Export export;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Tally counted;
    private volatile @Nullable FileOutput output;
    private volatile @Nullable Extraction extraction;
    private volatile @Nullable Reading reading;
    private volatile @Nullable MillraceException ended;

    FileRun(ExportCatalog catalog, Export export) {
        this.catalog = catalog;
        this.export = export;
    }

    /// @param whole is told what the file is, once it is whole and checked and before the export is
    ///   SUCCESS; what it throws fails the export
    void run(Database database, OutputStream receiver, Consumer<ExportResult> whole) {
        var wishes = export.wishes();
        var query =
                FileQuery.of(database.schema().describe(FileQuery.bare(wishes.query())), wishes)
                        .rendered();
        var asked = database.extraction(query.sql(), query.format(), query.settings());
        var out = new FileOutput(receiver, wishes.sha256());
        output = out;
        extraction = asked;
        requireWanted();
        Thread.ofVirtual().name("export-" + export.id()).start(() -> watch(asked));
        try {
            var file = file(query, out);
            try (var tally = tally(query, file)) {
                counted = tally;
                asked.run(query.isNative() ? tally : new Passed(tally, file));
                var rows = tally.end();
                var verified = verify(asked, rows, tally);
                file.close();
                finish(rows, verified, out, whole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            over.countDown();
        }
    }

    private OutputStream file(FileQuery query, FileOutput out) throws IOException {
        return export.wishes().format() == ExportFormat.XLSX
                ? new XlsxFile(query.columns(), out)
                : Packing.open(export.wishes().packing(), out);
    }

    /// @param file takes what Millrace writes
    private static Tally tally(FileQuery query, OutputStream file) {
        return query.isNative() ? new RenderedRows(query, file) : Tally.of(query.wishes().format());
    }

    /// @param rows in the file
    private Verified verify(Extraction asked, long rows, Tally tally) {
        var noted = asked.noted();
        if (noted != null) {
            reading = noted.reading();
        }
        if (noted != null && noted.resultRows() != rows) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INCOMPLETE,
                    "The file has %,d rows, and the query's result had %,d"
                            .formatted(rows, noted.resultRows()),
                    "Make another export; if it happens again, report it.",
                    null);
        }
        if (noted != null) {
            return Verified.QUERY_LOG;
        }
        return tally.hasFooter() ? Verified.FOOTER : Verified.ANSWER_END;
    }

    private void finish(
            long rows, Verified verified, FileOutput out, Consumer<ExportResult> whole) {
        requireWanted();
        var read = reading;
        var progress =
                new ExportProgress(
                        rows,
                        out.bytes(),
                        read == null ? 0 : read.rows(),
                        read == null ? 0 : read.bytes(),
                        read == null ? null : read.totalRows());
        var result = new ExportResult(progress, verified, out.sha256(), out.crc32c());
        whole.accept(result);
        if (!catalog.succeed(export.id(), result)) {
            throw cancelled();
        }
    }

    /// To be called when nobody asks or ends it any more.
    void close() {
        var asked = extraction;
        if (asked != null) {
            asked.close();
        }
    }

    /// How far it is.
    ExportProgress progress() {
        var tally = counted;
        var out = output;
        var read = reading;
        return new ExportProgress(
                tally == null ? 0 : tally.rows(),
                out == null ? 0 : out.bytes(),
                read == null ? 0 : read.rows(),
                read == null ? 0 : read.bytes(),
                read == null ? null : read.totalRows());
    }

    /// Asks the server how far it is and tells the catalog, until it is over.
    private void watch(Extraction asked) {
        var bytes = -1L;
        var sign = System.nanoTime();
        try {
            while (!over.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                var read = asked.reading();
                if (read != null) {
                    reading = read;
                }
                var progress = progress();
                if (read != null || progress.bytes() != bytes) {
                    sign = System.nanoTime();
                    bytes = progress.bytes();
                }
                if (System.nanoTime() - sign > SILENCE.toNanos()) {
                    end(
                            new MillraceException(
                                    ErrorCode.CLICKHOUSE_UNAVAILABLE,
                                    "ClickHouse has sent nothing for %d s and does not say that it works"
                                            .formatted(SILENCE.toSeconds()),
                                    "Try again.",
                                    null));
                }
                if (!tell(progress) && over.getCount() > 0) {
                    end(cancelled());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return false when the export is over
    private boolean tell(ExportProgress progress) {
        try {
            return catalog.progress(export.id(), progress);
        } catch (MillraceException e) {
            log.info("export={} progress=not kept code={}", export.id(), e.code());
            return true;
        }
    }

    void cancel() {
        end(cancelled());
    }

    private MillraceException cancelled() {
        return new MillraceException(
                ErrorCode.EXPORT_INTERRUPTED,
                "The export %s was cancelled".formatted(export.id()),
                null,
                null);
    }

    /// Ends it for a reason, the first one given.
    void end(MillraceException why) {
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = why;
        }
        var asked = extraction;
        if (asked != null) {
            asked.cancel();
        }
    }

    private void requireWanted() {
        var why = ended;
        if (why != null) {
            throw why;
        }
    }

    /// Why it has failed.
    MillraceException reason(RuntimeException e) {
        var asked = extraction;
        if (asked != null && ended == null) {
            asked.cancel();
        }
        var why = ended;
        if (why != null) {
            return why;
        }
        return switch (e) {
            case MillraceException known -> known;
            case UncheckedIOException gone ->
                    new MillraceException(
                            ErrorCode.EXPORT_INTERRUPTED,
                            "Whoever received the file was gone before its end: %s"
                                    .formatted(gone.getMessage()),
                            "Make another export.",
                            gone);
            default ->
                    new MillraceException(ErrorCode.INTERNAL_ERROR, "The export failed: " + e, e);
        };
    }

    /// The rows on their way into the file.
    private static final class Passed extends OutputStream {
        private final Tally tally;
        private final OutputStream file;

        Passed(Tally tally, OutputStream file) {
            this.tally = tally;
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            tally.write(bytes, from, count);
            file.write(bytes, from, count);
        }
    }
}
