package dev.millrace.format;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks deflate (RFC 1951), in which gzip and zip pack, one run of it after the other. Not
/// thread-safe.
final class Deflate implements AutoCloseable {
    private final Packed packed;
    private final Inflater inflater = new Inflater(true);

    Deflate(Packed packed) {
        this.packed = packed;
    }

    /// @return how many bytes were read, at least one, or -1 at the end of this run
    int read(byte[] into, int offset, int length) {
        while (true) {
            inflater.setInput(packed.bytes());
            var n = inflate(into, offset, length);
            if (n > 0) {
                return n;
            }
            if (inflater.finished()) {
                return -1;
            }
            if (inflater.needsDictionary()) {
                throw packed.damaged("asks for a dictionary, which it does not have");
            }
            if (!packed.hasMore()) {
                throw packed.cutShort();
            }
        }
    }

    private int inflate(byte[] into, int offset, int length) {
        try {
            return inflater.inflate(into, offset, length);
        } catch (DataFormatException e) {
            throw packed.damaged("cannot be unpacked (%s)".formatted(e.getMessage()), e);
        }
    }

    long packedBytes() {
        return inflater.getBytesRead();
    }

    long unpackedBytes() {
        return inflater.getBytesWritten();
    }

    /// Begins the next run.
    void reset() {
        inflater.reset();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
