package dev.millrace.infer;

import java.nio.charset.StandardCharsets;

/// A field, or a record, that is worth showing.
///
/// @param row its number in the source, from 1, the header not counted
/// @param text its first characters
public record Example(long row, String text) {
    static final int SHOWN_CHARACTERS = 60;
    private static final int SHOWN_BYTES = 3 * SHOWN_CHARACTERS;

    static Example of(long row, byte[] bytes, int start, int end) {
        var length = Math.min(end - start, SHOWN_BYTES);
        var text = new String(bytes, start, length, StandardCharsets.UTF_8);
        if (text.length() <= SHOWN_CHARACTERS && length == end - start) {
            return new Example(row, text);
        }
        var to = Math.min(text.length(), SHOWN_CHARACTERS);
        if (Character.isHighSurrogate(text.charAt(to - 1))) {
            to--;
        }
        return new Example(row, text.substring(0, to) + "…");
    }

    @Override
    public String toString() {
        return "row %,d: '%s'".formatted(row, text);
    }
}
