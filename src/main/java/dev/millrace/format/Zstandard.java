package dev.millrace.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.nio.ByteBuffer;

/// Unpacks zstd (RFC 8878) of any number of frames, those among them that are to be skipped
/// included. It takes as much memory, outside of the heap, as a frame says that it looks back:
/// mostly 8 MiB or less; more than 128 MiB is refused. The library's own stream takes a frame that
/// is cut short for the end when another one ended before it. Not thread-safe.
final class Zstandard implements Unpacking {
    private static final int FRAME = 0xFD2FB528;
    private static final int SKIPPABLE_FRAME = 0x184D2A50;

    /// 128 MiB as a power of two.
    private static final int MOST_WINDOW_LOG = 27;

    private final Packed packed;
    private final ZstdDecompressCtx context;
    private final ByteBuffer unpacked = ByteBuffer.allocateDirect(128 << 10).limit(0);
    private boolean inFrame;

    /// Whether there was more in a frame than found room.
    private boolean holdsBack;

    Zstandard(Packed packed) {
        this.packed = packed;
        context = load();
    }

    /// @throws MillraceException INTERNAL_ERROR
    private static ZstdDecompressCtx load() {
        try {
            return new ZstdDecompressCtx().setLongMax(MOST_WINDOW_LOG);
        } catch (LinkageError e) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR,
                    "This server cannot unpack zstd, because its library could not be loaded: "
                            + e.getMessage(),
                    "Start it with a java.io.tmpdir from which libraries may be loaded, or send the"
                            + " file packed in another way.",
                    e);
        }
    }

    /// Whether content that begins with `head` is zstd, or the beginning of it that was cut short.
    static boolean begins(byte[] head, int length) {
        if (length == 3) {
            return beginning(head, 3) == (FRAME & 0xFFFFFF);
        }
        return length > 3
                && (beginning(head, 4) == FRAME
                        || (beginning(head, 4) & 0xFFFF_FFF0) == SKIPPABLE_FRAME);
    }

    private static int beginning(byte[] head, int length) {
        var number = 0;
        for (var i = 0; i < length; i++) {
            number |= (head[i] & 0xFF) << (8 * i);
        }
        return number;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        while (!unpacked.hasRemaining()) {
            if (!holdsBack && !packed.hasMore()) {
                if (inFrame) {
                    throw packed.cutShort();
                }
                return -1;
            }
            unpack();
        }
        var n = Math.min(length, unpacked.remaining());
        unpacked.get(into, offset, n);
        return n;
    }

    private void unpack() {
        unpacked.clear();
        try {
            inFrame = !context.decompressDirectByteBufferStream(unpacked, packed.bytes());
        } catch (ZstdException e) {
            throw refused(e);
        }
        holdsBack = inFrame && !unpacked.hasRemaining();
        unpacked.flip();
    }

    private MillraceException refused(ZstdException e) {
        var code = Math.abs(e.getErrorCode()); // some of the library's ways have it negative
        if (code == Zstd.errFrameParameterWindowTooLarge()) {
            return packed.refused(
                    "looks back farther than the 128 MiB that Millrace keeps of it",
                    "Pack it again, with --long=27 at most, or send it unpacked.",
                    e);
        }
        if (code == Zstd.errDictionaryWrong()) {
            return packed.refused(
                    "was packed with a dictionary, which Millrace does not have",
                    "Pack it again without one, or send it unpacked.",
                    e);
        }
        if (code == Zstd.errPrefixUnknown()) {
            return packed.damaged("goes on with bytes that are not zstd", e);
        }
        return packed.damaged("cannot be unpacked (%s)".formatted(e.getMessage()), e);
    }

    @Override
    public void close() {
        context.close();
    }
}
