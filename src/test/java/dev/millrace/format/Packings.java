package dev.millrace.format;

import com.github.luben.zstd.ZstdOutputStream;
import dev.millrace.core.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/// Content packed in every way that Millrace unpacks, for the tests.
public final class Packings {
    private Packings() {}

    public static byte[] pack(Compression packing, byte[] content) {
        var out = new ByteArrayOutputStream();
        try (var packed = packing(packing, out)) {
            packed.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// What is written to it is packed, and ends when it is closed.
    public static OutputStream packing(Compression packing, OutputStream out) throws IOException {
        return switch (packing) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out);
            case ZSTD -> new ZstdOutputStream(out).setChecksum(true);
            case BZIP2 -> new BZip2CompressorOutputStream(out);
            case ZIP -> {
                var zip = new ZipOutputStream(out);
                zip.putNextEntry(new ZipEntry("rows.csv"));
                yield zip;
            }
        };
    }

    /// A zip archive of any members, as [ZipOutputStream] writes them: with descriptors.
    static byte[] zip(String... namesAndTexts) {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var i = 0; i < namesAndTexts.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
                zip.write(Texts.utf8(namesAndTexts[i + 1]));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// A zip archive whose only member is stored, with its lengths before it.
    static byte[] storedZip(String name, byte[] content) {
        var crc = new CRC32();
        crc.update(content);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(entry);
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// A zip archive of one deflated file that is a piece over and over, made by packing it once.
    static byte[] zipOfCopies(byte[] piece, int copies) {
        var deflated = deflated(piece);
        var crc = new CRC32();
        var out = new ByteArrayOutputStream();
        for (var i = 0; i < copies; i++) {
            crc.update(piece);
            out.writeBytes(deflated);
        }
        out.writeBytes(new byte[] {3, 0}); // a last block, which is empty
        var packed = out.toByteArray();
        var name = Texts.utf8("rows.csv");
        var check =
                littleEndian(12)
                        .putInt((int) crc.getValue())
                        .putInt(packed.length)
                        .putInt(piece.length * copies)
                        .array();
        var names = littleEndian(4).putShort((short) name.length).array();
        var member =
                littleEndian(14).putInt(0x04034B50).putShort((short) 20).putInt(8 << 16).array();
        var entry =
                littleEndian(16).putInt(0x02014B50).putInt(20 << 16 | 20).putInt(8 << 16).array();
        var place = new byte[14];
        var end =
                littleEndian(22)
                        .putInt(0x06054B50)
                        .putInt(0)
                        .putInt(1 << 16 | 1)
                        .putInt(46 + name.length)
                        .putInt(30 + name.length + packed.length)
                        .array();
        return Texts.join(
                member, check, names, name, packed, entry, check, names, place, name, end);
    }

    /// A run of deflate that goes on, and refers to nothing before it.
    private static byte[] deflated(byte[] piece) {
        var deflater = new Deflater(Deflater.BEST_SPEED, true);
        deflater.setInput(piece);
        var into = new byte[piece.length];
        var n = deflater.deflate(into, 0, into.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(into, n);
    }

    private static ByteBuffer littleEndian(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
