package dev.millrace.render;

import java.io.IOException;
import java.io.OutputStream;

/// A piece of a text on its way out, to be filled again once it has left. For one thread at a time.
public final class Page {
    /// From any place before this one there is room for a row of values that are no longer than
    /// [TextBuffer#PIECE].
    static final int FULL_BYTES = 128 << 10;

    final byte[] bytes;
    int count;

    /// @param columns of a row
    public Page(int columns) {
        this.bytes = new byte[FULL_BYTES + (columns + 2) * TextBuffer.PIECE];
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, count);
    }
}
