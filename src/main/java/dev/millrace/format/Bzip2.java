package dev.millrace.format;

import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;

/// Unpacks bzip2 of any number of streams one after the other, as its own parallel packers write
/// them. It takes 5 MB of memory. Not thread-safe.
final class Bzip2 implements Unpacking {
    private static final byte[] BLOCK = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
    private static final byte[] END = {0x17, 0x72, 0x45, 0x38, 0x50, (byte) 0x90};
    private static final int BEGINNING = 4;

    private final Packed packed;
    private boolean wantsMore;

    /// Made by the first reading, because making it reads.
    private @Nullable InputStream content;

    Bzip2(Packed packed) {
        this.packed = packed;
    }

    /// Whether content that begins with `head` is bzip2, or the beginning of it that was cut short.
    /// That is text: it is looked at with what has to follow.
    static boolean begins(byte[] head, int length) {
        return length >= BEGINNING
                && head[0] == 'B'
                && head[1] == 'Z'
                && head[2] == 'h'
                && head[3] >= '1'
                && head[3] <= '9'
                && (goesOn(head, length, BLOCK) || goesOn(head, length, END));
    }

    private static boolean goesOn(byte[] head, int length, byte[] with) {
        var to = Math.min(length, BEGINNING + with.length);
        return Arrays.equals(head, BEGINNING, to, with, 0, to - BEGINNING);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        try {
            if (content == null) {
                content = new BZip2CompressorInputStream(new Taken(), true);
            }
            return content.read(into, offset, length);
        } catch (MillraceException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // what the library throws at damage is both
            throw wantsMore
                    ? packed.cutShort()
                    : packed.damaged("cannot be unpacked (%s)".formatted(e.getMessage()), e);
        }
    }

    /// The packed bytes, as the library wants them.
    private final class Taken extends InputStream {
        @Override
        public int read() {
            if (packed.hasMore()) {
                return packed.take();
            }
            wantsMore = true;
            return -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (packed.hasMore()) {
                var n = Math.min(length, packed.bytes().remaining());
                packed.bytes().get(into, offset, n);
                return n;
            }
            wantsMore = true;
            return -1;
        }
    }
}
