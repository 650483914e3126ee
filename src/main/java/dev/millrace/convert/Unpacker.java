package dev.millrace.convert;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.apache.parquet.format.CompressionCodec;
import org.brotli.dec.BrotliInputStream;
import org.xerial.snappy.Snappy;

/// Unpacks what a Parquet page holds. Every codec is told how much may come out of it, and has to
/// make exactly that.
final class Unpacker {
    private static final LZ4SafeDecompressor LZ4 = LZ4Factory.safeInstance().safeDecompressor();

    private Unpacker() {}

    /// @param into the place for all of what comes out, from `at` to its end
    static void unpack(
            CompressionCodec codec, byte[] packed, int from, int length, byte[] into, int at)
            throws IOException {
        var room = into.length - at;
        if (room == 0) {
            return;
        }
        var made =
                switch (codec) {
                    case UNCOMPRESSED -> copy(packed, from, length, into, at);
                    case SNAPPY -> snappy(packed, from, length, into, at);
                    case GZIP ->
                            stream(
                                    new GZIPInputStream(
                                            new ByteArrayInputStream(packed, from, length)),
                                    into,
                                    at);
                    case ZSTD -> zstd(packed, from, length, into, at);
                    case BROTLI ->
                            stream(
                                    new BrotliInputStream(
                                            new ByteArrayInputStream(packed, from, length)),
                                    into,
                                    at);
                    case LZ4_RAW -> LZ4.decompress(packed, from, length, into, at, room);
                    case LZ4 -> framedLz4(packed, from, length, into, at);
                    case LZO ->
                            throw Trouble.unsupported(
                                    "The Parquet source is packed with LZO, which Millrace does not"
                                            + " unpack",
                                    "Write it with another codec, such as zstd.");
                };
        if (made != room) {
            throw new IOException("a page unpacks to %,d bytes and says %,d".formatted(made, room));
        }
    }

    private static int copy(byte[] packed, int from, int length, byte[] into, int at) {
        var n = Math.min(length, into.length - at);
        System.arraycopy(packed, from, into, at, n);
        return length;
    }

    private static int snappy(byte[] packed, int from, int length, byte[] into, int at)
            throws IOException {
        var says = Snappy.uncompressedLength(packed, from, length);
        // The library writes as much as the content says, whatever room there is.
        return says == into.length - at ? Snappy.uncompress(packed, from, length, into, at) : says;
    }

    private static int zstd(byte[] packed, int from, int length, byte[] into, int at)
            throws IOException {
        var made = Zstd.decompressByteArray(into, at, into.length - at, packed, from, length);
        if (Zstd.isError(made)) {
            throw new IOException("zstd: " + Zstd.getErrorName(made));
        }
        return (int) made;
    }

    /// @return what was made; one more than there is room for when there is more
    private static int stream(InputStream in, byte[] into, int at) throws IOException {
        try (in) {
            var n = in.readNBytes(into, at, into.length - at);
            return n == into.length - at && in.read() >= 0 ? n + 1 : n;
        }
    }

    /// Parquet's older LZ4: Hadoop's blocks, each after its length unpacked and packed; or, of
    /// writers that took the specification by its word, one block without those.
    private static int framedLz4(byte[] packed, int from, int length, byte[] into, int at) {
        var made = at;
        var place = from;
        var end = from + length;
        while (end - place >= 8) {
            var unpackedBytes = bigEndian(packed, place);
            var packedBytes = bigEndian(packed, place + 4);
            var fits =
                    packedBytes >= 0
                            && packedBytes <= end - place - 8
                            && unpackedBytes >= 0
                            && unpackedBytes <= into.length - made;
            if (!fits) {
                break;
            }
            var n = LZ4.decompress(packed, place + 8, packedBytes, into, made, unpackedBytes);
            made += n;
            place += 8 + packedBytes;
            if (n != unpackedBytes) {
                break;
            }
        }
        return place == end
                ? made - at
                : LZ4.decompress(packed, from, length, into, at, into.length - at);
    }

    private static int bigEndian(byte[] bytes, int at) {
        return bytes[at] << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | (bytes[at + 3] & 0xFF);
    }
}
