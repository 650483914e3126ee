package dev.millrace.infer;

import dev.millrace.core.Source;
import java.nio.charset.StandardCharsets;

/// A field, or a record, that is worth showing.
///
/// @param source the place of its source among the sources, from 0
/// @param row its number in the source, from 1, the header not counted
/// @param text its first characters
public record Example(int source, long row, String text) {
    static final int SHOWN_CHARACTERS = 60;
    private static final int SHOWN_BYTES = 3 * SHOWN_CHARACTERS;

    /// @param id the row's identity, as [Source#rowId] has it
    static Example of(long id, byte[] bytes, int start, int end) {
        var length = Math.min(end - start, SHOWN_BYTES);
        var text = new String(bytes, start, length, StandardCharsets.UTF_8);
        if (text.length() <= SHOWN_CHARACTERS && length == end - start) {
            return of(id, text);
        }
        var to = Math.min(text.length(), SHOWN_CHARACTERS);
        if (Character.isHighSurrogate(text.charAt(to - 1))) {
            to--;
        }
        return of(id, text.substring(0, to) + "…");
    }

    static Example of(long id, String text) {
        return new Example((int) (id / Source.MAX_ROWS), id % Source.MAX_ROWS, text);
    }

    /// The row's identity among all sources, by which rows have their order.
    long id() {
        return Source.rowId(source, row);
    }
}
