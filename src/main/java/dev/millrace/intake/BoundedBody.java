package dev.millrace.intake;

import dev.millrace.core.MillraceException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A source whose length nobody has declared: one that turns out longer than sources may be is
/// refused there.
final class BoundedBody extends FilterInputStream {
    private final long maxBytes;
    private long position;

    /// @param position how many bytes of the source are before those of `in`
    BoundedBody(InputStream in, long maxBytes, long position) {
        super(in);
        this.maxBytes = maxBytes;
        this.position = position;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /// @throws MillraceException UPLOAD_TOO_LARGE
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        var n = super.read(into, offset, length);
        position += Math.max(n, 0);
        if (position > maxBytes) {
            throw Admission.tooLarge(maxBytes);
        }
        return n;
    }
}
