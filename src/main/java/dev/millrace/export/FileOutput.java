package dev.millrace.export;

import dev.millrace.core.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The bytes of a file on their way to who receives it, counted, and hashed as is wished for. For
/// one thread at a time, but for [#bytes]. What it throws tells that the receiver is gone.
final class FileOutput extends OutputStream {
    private final OutputStream receiver;
    private final @Nullable MessageDigest hash;
    private final CRC32C crc = new CRC32C();
    private long counted;
    private volatile long bytes;

    FileOutput(OutputStream receiver, boolean sha256) {
        this.receiver = receiver;
        this.hash = sha256 ? Sha256.begin() : null;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] some, int from, int count) throws IOException {
        if (hash != null) {
            hash.update(some, from, count);
        }
        crc.update(some, from, count);
        receiver.write(some, from, count);
        counted += count;
        bytes = counted;
    }

    /// Not passed on: a packing flushes where it ends, which need not be where the file does.
    @Override
    public void flush() {}

    long bytes() {
        return bytes;
    }

    /// The CRC-32C of all that was written, in hex.
    String crc32c() {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /// In hex, of all that was written, or null where it is not wished for.
    @Nullable String sha256() {
        return hash == null ? null : HexFormat.of().formatHex(hash.digest());
    }
}
