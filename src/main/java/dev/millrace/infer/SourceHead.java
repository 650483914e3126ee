package dev.millrace.infer;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Supplier;

/// A source's first [Preview#MOST_BYTES], or all of it once it turns out that it has to be whole
/// before it can be read. Not thread-safe.
final class SourceHead extends FilterInputStream {
    private final boolean isWholeSent;
    private long left = Preview.MOST_BYTES;
    private boolean isCut;

    /// @param isWholeSent whether the stream's end is the source's
    SourceHead(InputStream in, boolean isWholeSent) {
        super(in);
        this.isWholeSent = isWholeSent;
    }

    /// Paths for who needs the whole source: whoever asks for one gets all of it from then on.
    ///
    /// @param part gives the paths; what asks throws SOURCE_INCOMPLETE when a head alone was sent
    Supplier<Path> whole(Supplier<Path> part) {
        return () -> {
            if (!isWholeSent) {
                throw new MillraceException(
                        ErrorCode.SOURCE_INCOMPLETE,
                        "Only the beginning of the source was sent, and its format says at its end"
                                + " what it holds",
                        "Send the whole file, without whole=false.",
                        null);
            }
            left = Long.MAX_VALUE;
            return part.get();
        };
    }

    /// Whether the source goes on behind what was read to its end.
    boolean isCut() {
        return isCut || !isWholeSent;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (left == 0) {
            isCut = isCut || in.read() >= 0;
            return -1;
        }
        var n = in.read(into, offset, (int) Math.min(length, left));
        left -= Math.max(n, 0);
        return n;
    }
}
