package dev.millrace.intake;

import dev.millrace.core.Backoff;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectStore;
import dev.millrace.core.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The content of an object, whatever breaks on the way: it is asked for again from the byte where
/// it broke off, as long as it is the same object, with pauses that grow. For one reader; another
/// thread may stop it.
///
/// What is read throws MillraceException: OBJECT_CHANGED, and what the store refuses;
/// S3_UNAVAILABLE when for a long time no byte came; UPLOAD_INTERRUPTED when the reading thread is
/// interrupted, or it was stopped.
final class ObjectBody extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectBody.class);

    private final ObjectStore store;
    private final StoredObject object;
    private final Duration patience;
    private final Backoff backoff = new Backoff();
    private long position;
    private long deadline;
    private volatile boolean stopped;
    private volatile @Nullable InputStream in;

    /// @param from the first byte that is wanted
    /// @param patience how long it waits for a byte
    ObjectBody(ObjectStore store, StoredObject object, long from, Duration patience) {
        this.store = store;
        this.object = object;
        this.position = from;
        this.patience = patience;
        this.deadline = System.nanoTime() + patience.toNanos();
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
        while (position < object.bytes()) {
            requireWanted();
            try {
                var from = in;
                if (from == null) {
                    from = store.open(object, position);
                    in = from;
                }
                var n = from.read(into, offset, length);
                if (n > 0) {
                    position += n;
                    deadline = System.nanoTime() + patience.toNanos();
                    backoff.reset();
                    return n;
                }
                brokeOff(new IOException("it ended early"));
            } catch (MillraceException e) {
                if (e.code() != ErrorCode.S3_UNAVAILABLE) {
                    throw e;
                }
                brokeOff(e);
            } catch (IOException e) {
                brokeOff(e);
            }
        }
        return -1;
    }

    /// Waits before the next try.
    private void brokeOff(Exception e) {
        closeQuietly();
        requireWanted();
        if (System.nanoTime() > deadline) {
            throw new MillraceException(
                    ErrorCode.S3_UNAVAILABLE,
                    "%s: no byte came for %d s, the next one would be %,d of %,d: %s"
                            .formatted(
                                    object.name(),
                                    patience.toSeconds(),
                                    position,
                                    object.bytes(),
                                    reason(e)),
                    e instanceof MillraceException known ? known.remedy() : null,
                    e);
        }
        LOG.warn("object={} byte={} broke={}", object.name(), position, reason(e));
        backoff.pause();
    }

    private static String reason(Exception e) {
        return e instanceof MillraceException known ? known.what() : String.valueOf(e.getMessage());
    }

    private void requireWanted() {
        if (stopped || Thread.interrupted()) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_INTERRUPTED,
                    "%s was read to byte %,d, and is not wanted any more"
                            .formatted(object.name(), position));
        }
    }

    /// Ends what the reader waits for. Thread-safe.
    void stop() {
        stopped = true;
        closeQuietly();
    }

    private void closeQuietly() {
        var open = in;
        in = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("object={} close=failed", object.name(), e);
            }
        }
    }

    @Override
    public void close() {
        closeQuietly();
    }
}
