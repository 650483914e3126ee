package dev.millrace.convert;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/// Packs the pages of test files. The writer's own way to its codecs needs all of Hadoop.
final class PagePacking implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput bytes) throws IOException {
                var plain = new ByteArrayOutputStream();
                bytes.writeAllTo(plain);
                return BytesInput.from(pack(codec, plain.toByteArray()));
            }

            @Override
            public CompressionCodecName getCodecName() {
                return codec;
            }

            @Override
            public void release() {}
        };
    }

    private static byte[] pack(CompressionCodecName codec, byte[] bytes) throws IOException {
        return switch (codec) {
            case UNCOMPRESSED -> bytes;
            case SNAPPY -> Snappy.compress(bytes);
            case ZSTD -> Zstd.compress(bytes);
            case LZ4_RAW -> LZ4Factory.safeInstance().fastCompressor().compress(bytes);
            case LZ4 -> hadoopBlocks(bytes);
            case GZIP -> {
                var packed = new ByteArrayOutputStream();
                try (var gzip = new GZIPOutputStream(packed)) {
                    gzip.write(bytes);
                }
                yield packed.toByteArray();
            }
            case LZO, BROTLI -> throw new IOException("no packing with " + codec);
        };
    }

    /// Two blocks of LZ4, each with its lengths before it.
    private static byte[] hadoopBlocks(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        var half = bytes.length / 2;
        for (var part :
                new byte[][] {
                    Arrays.copyOf(bytes, half), Arrays.copyOfRange(bytes, half, bytes.length)
                }) {
            var block = LZ4Factory.safeInstance().fastCompressor().compress(part);
            for (var number : new int[] {part.length, block.length}) {
                for (var shift = 24; shift >= 0; shift -= 8) {
                    packed.write(number >> shift);
                }
            }
            packed.write(block);
        }
        return packed.toByteArray();
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("Millrace is what unpacks");
    }

    @Override
    public void release() {}
}
