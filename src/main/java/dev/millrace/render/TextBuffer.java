package dev.millrace.render;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Text on its way out. Whoever writes is told where to begin and says where it has ended, so that
/// this place is in a register, not in memory. Not thread-safe.
final class TextBuffer {
    /// The longest that a value, or a piece of one, takes.
    static final int PIECE = 128;

    private static final int FULL_BYTES = 128 << 10;

    /// From any place that [#room] gives there is a row's room up to its end.
    byte[] bytes;

    private final CsvRows.Receiver receiver;

    /// @param columns how many pieces a row has
    TextBuffer(CsvRows.Receiver receiver, int columns) {
        this.receiver = receiver;
        this.bytes = new byte[FULL_BYTES + (columns + 2) * PIECE];
    }

    /// Makes room for a row of pieces.
    ///
    /// @param at where it has ended
    /// @return where to go on
    int room(int at) {
        return at < FULL_BYTES ? at : flush(at);
    }

    /// Sends what there is.
    ///
    /// @return where to go on, 0
    /// @throws UncheckedIOException when nobody takes it
    int flush(int at) {
        try {
            bytes = receiver.take(bytes, at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }
}
