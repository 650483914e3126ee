package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.Extraction;
import dev.millrace.core.MillraceException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The answer of a query to be read, as [dev.millrace.core.Answers] promises. The database's thread
/// runs ahead of the reader by a few buffers at most.
final class AnswerBody extends InputStream {
    private static final Logger log = LoggerFactory.getLogger(AnswerBody.class);

    private static final int BUFFERS = 8;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final long LOOK_EVERY_MILLIS = 500;
    private static final Part END = new Part(new byte[0], 0, true);

    private final Supplier<Extraction> query;
    private final Duration patience;
    private final Tally tally = Tally.of(ExportFormat.CSV);
    private final BlockingQueue<Part> full = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS);
    private Part part = new Part(new byte[0], 0, false);
    private int at;
    private boolean begun;
    private boolean whole;
    private volatile boolean closed;
    private volatile @Nullable Extraction extraction;
    private volatile @Nullable MillraceException failure;

    /// @param count how many of the bytes are the answer's
    /// @param last whether the answer has ended before it
    private record Part(byte[] bytes, int count, boolean last) {}

    /// @param query asks it; called by the thread that runs it, once
    /// @param patience how long the server may neither send a byte nor say that it is at work
    AnswerBody(Supplier<Extraction> query, Duration patience) {
        this.query = query;
        this.patience = patience;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        requireOpen();
        begin();
        requireWhole();
        if (at == part.count() && !whole) {
            next();
        }
        if (whole) {
            return -1;
        }
        var n = Math.min(length, part.count() - at);
        System.arraycopy(part.bytes(), at, into, offset, n);
        at += n;
        return n;
    }

    private void begin() {
        if (!begun) {
            begun = true;
            for (var n = 0; n < BUFFERS; n++) {
                free.add(new byte[BUFFER_BYTES]);
            }
            Thread.ofVirtual().name("answer").start(this::run);
        }
    }

    /// Waits for more of the answer, or for its end.
    private void next() {
        if (part.count() > 0) {
            free.add(part.bytes());
        }
        var sign = System.nanoTime();
        try {
            var next = full.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            while (next == null) {
                requireOpen();
                var asked = extraction;
                if (asked != null && asked.reading() != null) {
                    sign = System.nanoTime();
                }
                if (System.nanoTime() - sign > patience.toNanos()) {
                    throw silent();
                }
                next = full.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            }
            requireOpen();
            part = next;
            at = 0;
        } catch (InterruptedException e) {
            throw unwanted(e);
        }
        if (part.last()) {
            requireWhole();
            whole = true;
        }
    }

    /// Once its end has come.
    private void requireWhole() {
        var why = failure;
        if (part.last() && why != null) {
            throw why;
        }
    }

    private MillraceException silent() {
        close();
        return new MillraceException(
                ErrorCode.CLICKHOUSE_UNAVAILABLE,
                "ClickHouse has sent nothing for %d s and does not say that it works"
                        .formatted(patience.toSeconds()),
                "Try again.",
                null);
    }

    private void requireOpen() {
        if (closed) {
            throw unwanted(null);
        }
    }

    private static MillraceException unwanted(@Nullable Throwable cause) {
        return new MillraceException(
                ErrorCode.UPLOAD_INTERRUPTED,
                "The query's answer was not read to its end: the job was cancelled, or the server"
                        + " stopped",
                "Copy again.",
                cause);
    }

    /// Runs the query. What it says of its end comes behind the last byte.
    private void run() {
        try {
            extract(query.get());
        } catch (MillraceException e) {
            failure = e;
        } catch (RuntimeException e) {
            log.error("answer=failed", e);
            failure = new MillraceException(ErrorCode.INTERNAL_ERROR, "The query failed: " + e, e);
        } finally {
            full.add(END); // there is a place more than there are buffers
        }
    }

    private void extract(Extraction asked) {
        extraction = asked;
        try {
            requireOpen();
            var out = new Filling();
            asked.run(out);
            out.pass();
            verify(tally.end(), asked);
        } finally {
            extraction = null;
            asked.close();
        }
    }

    private static void verify(long rows, Extraction asked) {
        var noted = asked.noted();
        if (noted != null && noted.resultRows() != rows) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INCOMPLETE,
                    "%,d rows have arrived, and the query's result had %,d"
                            .formatted(rows, noted.resultRows()),
                    "Copy again; if it happens again, report it.",
                    null);
        }
    }

    @Override
    public void close() {
        closed = true;
        var asked = extraction;
        if (asked != null) {
            asked.cancel();
        }
    }

    /// Fills buffers with what arrives, and waits while the reader has all of them.
    private final class Filling extends OutputStream {
        private byte @Nullable [] buffer;
        private int filled;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            tally.write(bytes, from, count);
            var next = from;
            for (var left = count; left > 0; ) {
                var into = buffer();
                var n = Math.min(left, into.length - filled);
                System.arraycopy(bytes, next, into, filled, n);
                filled += n;
                next += n;
                left -= n;
                if (filled == into.length) {
                    pass();
                }
            }
            if (full.isEmpty()) {
                pass(); // the reader waits
            }
        }

        private byte[] buffer() {
            try {
                while (buffer == null) {
                    requireOpen();
                    buffer = free.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                }
                return buffer;
            } catch (InterruptedException e) {
                throw unwanted(e);
            }
        }

        /// Hands over what the buffer has.
        void pass() {
            var has = buffer;
            if (has != null && filled > 0) {
                full.add(new Part(has, filled, false));
                buffer = null;
                filled = 0;
            }
        }
    }
}
