package dev.millrace.export;

import com.github.luben.zstd.ZstdOutputStream;
import dev.millrace.core.Compression;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Packs a file on its way. What is packed ends with [#close] alone: one that is left without it is
/// seen to be cut off by whoever unpacks it.
final class Packing {
    private static final int BUFFER_BYTES = 128 << 10;

    /// What zstd's own command packs with.
    private static final int ZSTD_LEVEL = 3;

    private Packing() {}

    /// @param to where it goes; not closed
    static OutputStream open(Compression packing, OutputStream to) throws IOException {
        return switch (packing) {
            case NONE -> new Open(to);
            case GZIP -> new BufferedOutputStream(new Gzip(new Open(to)), BUFFER_BYTES);
            case ZSTD -> {
                var zstd = new ZstdOutputStream(new Open(to), ZSTD_LEVEL);
                zstd.setChecksum(true);
                yield new BufferedOutputStream(zstd, BUFFER_BYTES);
            }
            case BZIP2, ZIP -> throw new IllegalArgumentException(packing.toString());
        };
    }

    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream to) throws IOException {
            super(to, BUFFER_BYTES);
            def.setLevel(Deflater.DEFAULT_COMPRESSION);
        }
    }

    /// Stays open, and writes whole arrays at once.
    private static final class Open extends FilterOutputStream {
        Open(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
