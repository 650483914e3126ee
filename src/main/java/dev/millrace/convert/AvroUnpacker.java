package dev.millrace.convert;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;
import org.xerial.snappy.Snappy;

/// Unpacks the blocks of one Avro file into one array, up to a limit. Not thread-safe.
final class AvroUnpacker {
    private static final int CRC_BYTES = 4;

    /// What XZ's dictionaries may take, in KiB: its highest setting asks for 65 MiB.
    private static final int XZ_KIB = 80 << 10;

    private final String codec;
    private final int most;
    private byte[] content = new byte[0];

    /// @param codec as the file's header names it
    /// @param most how many bytes may come out of a block
    AvroUnpacker(String codec, int most) {
        this.codec = codec;
        this.most = most;
    }

    /// What was unpacked last; later blocks are unpacked over it.
    byte[] content() {
        return content;
    }

    /// @return how many bytes of [#content] the block has
    int unpack(byte[] packed, int length) throws IOException {
        var in = new ByteArrayInputStream(packed, 0, length);
        return switch (codec) {
            case "null" -> plain(packed, length);
            case "deflate" -> inflate(in);
            case "snappy" -> snappy(packed, length);
            case "zstandard" -> stream(new ZstdInputStream(in));
            case "bzip2" -> stream(new BZip2CompressorInputStream(in, true));
            case "xz" -> stream(new XZInputStream(in, XZ_KIB));
            default ->
                    throw Trouble.unsupported(
                            "The Avro source is packed with '%s', which Millrace does not unpack"
                                    .formatted(codec),
                            "Write it with another codec, such as zstandard.");
        };
    }

    private int plain(byte[] packed, int length) {
        content = packed;
        return length;
    }

    private int inflate(InputStream in) throws IOException {
        var inflater = new Inflater(true);
        try {
            return stream(new InflaterInputStream(in, inflater));
        } finally {
            inflater.end();
        }
    }

    private int stream(InputStream unpacked) throws IOException {
        try (unpacked) {
            var length = 0;
            while (true) {
                if (length == content.length) {
                    if (length >= most) {
                        throw tooLarge();
                    }
                    content =
                            Arrays.copyOf(content, Math.min(most, Math.max(64 << 10, 2 * length)));
                }
                var n = unpacked.read(content, length, content.length - length);
                if (n < 0) {
                    return length;
                }
                length += n;
            }
        }
    }

    /// A checksum of what comes out stands behind the block.
    private int snappy(byte[] packed, int length) throws IOException {
        if (length < CRC_BYTES) {
            throw new IOException("a block of %d bytes".formatted(length));
        }
        var size = Snappy.uncompressedLength(packed, 0, length - CRC_BYTES);
        if (size > most) {
            throw tooLarge();
        }
        if (size < 0) {
            throw new IOException("a block that says to unpack to %d bytes".formatted(size));
        }
        if (size > content.length) {
            content = new byte[size];
        }
        var made = Snappy.uncompress(packed, 0, length - CRC_BYTES, content, 0);
        var crc = new CRC32();
        crc.update(content, 0, made);
        var says = 0;
        for (var i = length - CRC_BYTES; i < length; i++) {
            says = says << Byte.SIZE | (packed[i] & 0xFF);
        }
        if (says != (int) crc.getValue()) {
            throw new IOException("it does not have the content that its checksum says");
        }
        return made;
    }

    private RuntimeException tooLarge() {
        return Trouble.unsupported(
                "The Avro source has a block that unpacks to more than %,d bytes".formatted(most),
                "Write it with smaller blocks.");
    }
}
