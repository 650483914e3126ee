package dev.millrace.format;

import dev.millrace.convert.RowFormat;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// The bytes of a source as they are received, counted. Its first few can be looked at before they
/// are read. Not thread-safe.
final class Received {
    private static final int MOST_PEEKED = RowFormat.HEAD_BYTES;

    private final InputStream in;
    private final byte[] peeked = new byte[MOST_PEEKED];
    private int peekedFrom;
    private int peekedTo;
    private long count;

    Received(InputStream in) {
        this(in, 0);
    }

    /// @param before how many bytes were received before those of `in`
    Received(InputStream in, long before) {
        this.in = in;
        this.count = before;
    }

    /// The first 256 bytes, fewer only when the source has no more.
    byte[] peek() {
        while (peekedTo < MOST_PEEKED) {
            var n = receive(peeked, peekedTo, MOST_PEEKED - peekedTo);
            if (n < 0) {
                break;
            }
            peekedTo += n;
        }
        return Arrays.copyOf(peeked, peekedTo);
    }

    /// Reads as [InputStream#read(byte[], int, int)] does.
    ///
    /// @throws MillraceException UPLOAD_INTERRUPTED
    int read(byte[] into, int offset, int length) {
        if (peekedFrom == peekedTo) {
            return receive(into, offset, length);
        }
        var n = Math.min(length, peekedTo - peekedFrom);
        System.arraycopy(peeked, peekedFrom, into, offset, n);
        peekedFrom += n;
        return n;
    }

    private int receive(byte[] into, int offset, int length) {
        try {
            var n = in.read(into, offset, length);
            count += Math.max(n, 0);
            return n;
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_INTERRUPTED,
                    "The source broke off after %,d bytes: %s".formatted(count, e.getMessage()),
                    "Send it again.",
                    e);
        }
    }

    /// The bytes received so far.
    long count() {
        return count;
    }

    void close() throws IOException {
        in.close();
    }
}
