package dev.millrace.intake;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A source of which a length was declared: one that ends before that is broken off, and no record
/// is taken for its last one.
final class DeclaredBody extends FilterInputStream {
    private final long declaredBytes;
    private long position;

    /// @param position how many bytes of the source are before those of `in`
    DeclaredBody(InputStream in, long declaredBytes, long position) {
        super(in);
        this.declaredBytes = declaredBytes;
        this.position = position;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        var n = super.read(into, offset, length);
        if (n < 0 && position < declaredBytes) {
            throw new EOFException("it ended before the %,d declared".formatted(declaredBytes));
        }
        position += Math.max(n, 0);
        if (position > declaredBytes) {
            throw new MillraceException(
                    ErrorCode.UPLOAD_CHANGED,
                    "The source goes on behind the %,d bytes that were declared before"
                            .formatted(declaredBytes),
                    "Send the same file again, or load this one with a new job.",
                    null);
        }
        return n;
    }
}
