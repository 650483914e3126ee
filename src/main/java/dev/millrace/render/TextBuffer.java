package dev.millrace.render;

import java.util.function.UnaryOperator;

/// Text on its way out. Whoever writes is told where to begin and says where it has ended, so that
/// this place is in a register, not in memory. Not thread-safe.
final class TextBuffer {
    /// The longest that a value, or a piece of one, takes.
    static final int PIECE = 128;

    /// From any place that [#room] gives there is a row's room up to its end.
    byte[] bytes;

    private final UnaryOperator<Page> receiver;
    private Page page;

    TextBuffer(Page first, UnaryOperator<Page> receiver) {
        this.receiver = receiver;
        this.page = first;
        this.bytes = first.bytes;
    }

    /// Makes room for a row of pieces.
    ///
    /// @param at where it has ended
    /// @return where to go on
    int room(int at) {
        return at < Page.FULL_BYTES ? at : flush(at);
    }

    /// Hands on what there is.
    ///
    /// @return where to go on, 0
    int flush(int at) {
        page.count = at;
        page = receiver.apply(page);
        bytes = page.bytes;
        return 0;
    }
}
