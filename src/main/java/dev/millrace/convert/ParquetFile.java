package dev.millrace.convert;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/// A Parquet file on disk: its footer, and its bytes by their place. Not thread-safe.
final class ParquetFile implements AutoCloseable {
    private static final int MAGIC_BYTES = 4;
    private static final int TAIL_BYTES = 8;

    /// What a footer says grows to a few times its size in memory.
    private static final int MAX_FOOTER_BYTES = 32 << 20;

    /// Most headers have some dozens of bytes; statistics of long texts make some large.
    private static final int HEADER_BYTES = 8 << 10;

    private static final int MAX_HEADER_BYTES = 16 << 20;

    private final FileChannel channel;
    private final long size;

    private ParquetFile(FileChannel channel, long size) {
        this.channel = channel;
        this.size = size;
    }

    static ParquetFile open(Path path) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.READ);
        return new ParquetFile(channel, channel.size());
    }

    long size() {
        return size;
    }

    /// The footer.
    FileMetaData metadata() throws IOException {
        if (size < MAGIC_BYTES + TAIL_BYTES) {
            throw Trouble.damaged(
                    "The Parquet source has %,d bytes: it was cut short".formatted(size));
        }
        var tail = read(size - TAIL_BYTES, TAIL_BYTES);
        var magic = new String(tail, 4, MAGIC_BYTES, StandardCharsets.ISO_8859_1);
        if (magic.equals("PARE")) {
            throw encrypted();
        }
        if (!magic.equals("PAR1")) {
            throw Trouble.damaged(
                    "The Parquet source does not end as Parquet does: it was cut short");
        }
        var length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length <= 0 || length > size - MAGIC_BYTES - TAIL_BYTES) {
            throw Trouble.damaged(
                    "The Parquet source says that its footer has %,d bytes, of the file's %,d"
                            .formatted(length, size));
        }
        if (length > MAX_FOOTER_BYTES) {
            throw Trouble.unsupported(
                    "The Parquet source has a footer of %,d bytes; Millrace reads up to %,d"
                            .formatted(length, MAX_FOOTER_BYTES),
                    "Write it as several files, or with larger row groups.");
        }
        var metadata = new FileMetaData();
        parse(metadata, read(size - TAIL_BYTES - length, length));
        if (metadata.isSetEncryption_algorithm()) {
            throw encrypted();
        }
        return metadata;
    }

    private static RuntimeException encrypted() {
        return Trouble.unsupported(
                "The Parquet source is encrypted", "Write it without encryption.");
    }

    /// Reads the header of the page that begins at `from`.
    ///
    /// @param to where the column's pages end
    /// @return where the header ends
    long header(long from, long to, PageHeader header) throws IOException {
        var most = (int) Math.min(to - from, MAX_HEADER_BYTES);
        var first = Math.min(most, HEADER_BYTES);
        try {
            return from + parse(header, read(from, first));
        } catch (IOException e) {
            if (first == most) {
                throw e;
            }
            header.clear();
            return from + parse(header, read(from, most));
        }
    }

    /// What is said of lengths may not be beyond what there is.
    private static int parse(TBase<?, ?> structure, byte[] bytes) throws IOException {
        try {
            var limits = new TConfiguration(bytes.length + 1, bytes.length + 1, 64);
            var in = new ByteArrayInputStream(bytes);
            structure.read(new TCompactProtocol(new TIOStreamTransport(limits, in)));
            return bytes.length - in.available();
        } catch (TException e) {
            throw new IOException("its metadata cannot be read (%s)".formatted(Trouble.why(e)), e);
        }
    }

    /// @throws IOException also when the file does not have so many bytes there
    byte[] read(long from, int length) throws IOException {
        if (from < 0 || length < 0 || from > size - length) {
            throw new IOException(
                    "%,d bytes are said to stand at byte %,d of %,d".formatted(length, from, size));
        }
        var bytes = new byte[length];
        read(from, bytes);
        return bytes;
    }

    private void read(long from, byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("the file was cut while it was read");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
