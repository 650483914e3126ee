package dev.millrace.format;

import dev.millrace.core.Compression;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The bytes of a packed source, and where in it an error is. Numbers are little-endian. Not
/// thread-safe.
final class Packed {
    private static final int BYTES = 64 << 10;

    private final Received received;
    private final String packing;
    private final byte[] arrived = new byte[BYTES];
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).limit(0);

    Packed(Received received, Compression packing) {
        this.received = received;
        this.packing = packing.name().toLowerCase(Locale.ROOT);
    }

    /// What was received and not taken yet, in a direct buffer: who moves its position takes.
    ByteBuffer bytes() {
        return bytes;
    }

    /// Receives more when everything was taken.
    ///
    /// @return false at the end of the source
    boolean hasMore() {
        if (bytes.hasRemaining()) {
            return true;
        }
        var n = received.read(arrived, 0, arrived.length);
        bytes.clear().put(arrived, 0, Math.max(n, 0)).flip();
        return n > 0;
    }

    int take() {
        if (!hasMore()) {
            throw cutShort();
        }
        return bytes.get() & 0xFF;
    }

    int takeShort() {
        return take() | take() << 8;
    }

    int takeInt() {
        return takeShort() | takeShort() << 16;
    }

    long takeLong() {
        return (takeInt() & 0xFFFF_FFFFL) | (long) takeInt() << 32;
    }

    byte[] take(int count) {
        var taken = new byte[count];
        for (var i = 0; i < count; i++) {
            taken[i] = (byte) take();
        }
        return taken;
    }

    /// @param count not negative
    void skip(long count) {
        for (var left = count; left > 0; ) {
            if (!hasMore()) {
                throw cutShort();
            }
            var n = (int) Math.min(left, bytes.remaining());
            bytes.position(bytes.position() + n);
            left -= n;
        }
    }

    MillraceException cutShort() {
        return damaged("ends in the middle: it was cut short");
    }

    /// @param how goes on from "The gzip source"
    MillraceException damaged(String how) {
        return damaged(how, null);
    }

    MillraceException damaged(String how, @Nullable Exception cause) {
        return refused(how, "Pack the file again, or send it unpacked.", cause);
    }

    /// @param instead what to do about it
    MillraceException refused(String how, String instead, @Nullable Exception cause) {
        return new MillraceException(
                ErrorCode.SOURCE_DAMAGED,
                "The %s source %s, at byte %,d as received"
                        .formatted(packing, how, received.count() - bytes.remaining()),
                instead,
                cause);
    }
}
