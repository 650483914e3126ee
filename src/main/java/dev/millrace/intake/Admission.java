package dev.millrace.intake;

import dev.millrace.core.ErrorCategory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Sink;
import dev.millrace.core.Store;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which uploads a process takes. The others are refused before a byte of them is received, and
/// their jobs wait as before. Thread-safe.
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    /// How long a destination that had room is not asked again, as long as no more is wanted: many
    /// small sources may come in a second.
    private static final long ROOM_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LEAST_ROOM_BYTES = 16L << 20;

    private final Store store;
    private final Sink sink;
    private final Bounds bounds;
    private final Semaphore free;
    private volatile @Nullable Room room;

    /// What the destination had room for.
    private record Room(long bytes, long atNanos) {}

    /// What uploads may take.
    ///
    /// @param maxBytes the longest source, as sent
    /// @param most how many uploads at a time
    /// @param reserveBytes what has to stay free on the disks beside a source
    public record Bounds(long maxBytes, int most, long reserveBytes) {
        /// None that any source reaches.
        public static final Bounds NONE = new Bounds(Long.MAX_VALUE, Integer.MAX_VALUE, 0);
    }

    public Admission(Store store, Sink sink, Bounds bounds) {
        this.store = store;
        this.sink = sink;
        this.bounds = bounds;
        this.free = new Semaphore(bounds.most());
    }

    long maxBytes() {
        return bounds.maxBytes();
    }

    /// Refuses a source that there is no room for at this moment.
    ///
    /// @param declaredBytes the length of the whole source as sent, or -1
    /// @param heldBytes how much of it is held already
    /// @throws MillraceException UPLOAD_TOO_LARGE, TOO_BUSY, DISK_FULL
    public void require(long declaredBytes, long heldBytes) {
        if (declaredBytes > bounds.maxBytes()) {
            throw tooLarge(bounds.maxBytes());
        }
        if (free.availablePermits() == 0) {
            throw tooBusy();
        }
        var bytes = Math.max(0, declaredBytes - heldBytes) + bounds.reserveBytes();
        store.requireRoom(bytes);
        requireRoomInSink(bytes);
    }

    /// A destination that does not answer, or does not tell its users of its disks, refuses
    /// nothing: what has arrived waits for it.
    private void requireRoomInSink(long bytes) {
        var seen = room;
        if (seen != null
                && bytes <= seen.bytes()
                && System.nanoTime() - seen.atNanos() < ROOM_NANOS) {
            return;
        }
        var asked = Math.max(bytes, bounds.reserveBytes() + LEAST_ROOM_BYTES);
        try {
            sink.requireRoom(asked);
            room = new Room(asked, System.nanoTime());
        } catch (MillraceException e) {
            if (e.category() == ErrorCategory.INSUFFICIENT_RESOURCES) {
                throw e;
            }
            LOG.info("room=unknown code={} what={}", e.code(), e.what());
        }
    }

    static MillraceException tooLarge(long maxBytes) {
        return new MillraceException(
                ErrorCode.UPLOAD_TOO_LARGE,
                "The source is longer than the %,d bytes that are taken".formatted(maxBytes),
                "Divide it into several, or raise the setting upload.maxBytes.",
                null);
    }

    private MillraceException tooBusy() {
        return new MillraceException(
                ErrorCode.TOO_BUSY,
                "%d uploads arrive already, as many as this server takes at a time"
                        .formatted(bounds.most()),
                "Send it again in a moment.",
                null);
    }

    /// Takes an upload in.
    ///
    /// @throws MillraceException as [#require] does
    Admitted admit(long declaredBytes, long heldBytes) {
        require(declaredBytes, heldBytes);
        if (!free.tryAcquire()) {
            throw tooBusy();
        }
        return free::release;
    }

    /// An upload from its beginning to its end.
    @FunctionalInterface
    interface Admitted extends AutoCloseable {
        @Override
        void close();
    }
}
