package dev.millrace.infer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/// A stream of which the beginning, as far as it was read, can be read once more. Closing it leaves
/// what is behind it open.
final class RereadableHead extends FilterInputStream {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    RereadableHead(InputStream in) {
        super(in);
    }

    /// The whole stream from its first byte on.
    InputStream again() {
        return new SequenceInputStream(new ByteArrayInputStream(read.toByteArray()), in);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        var n = super.read(into, offset, length);
        if (n > 0) {
            read.write(into, offset, n);
        }
        return n;
    }

    @Override
    public void close() {}
}
