package dev.millrace.format;

import java.nio.charset.StandardCharsets;

/// What the backslashes of a text without quotes may be.
enum Backslashes {
    /// There are none, but for `\N`, which is NULL either way.
    NONE,
    /// Text: not all of them begin sequences.
    TEXT,
    /// Escapes: all begin sequences, and some are doubled.
    SEQUENCES,
    /// All begin sequences, but perhaps by chance.
    EITHER;

    private static final int SHOWN_BYTES = 20;

    static Backslashes of(byte[] bytes, int from, int to) {
        var doubled = false;
        var others = false;
        for (var at = next(bytes, from, to); at < to - 1; at = next(bytes, at + 2, to)) {
            switch (bytes[at + 1]) {
                case '\\' -> doubled = true;
                case 'N' -> others |= !isAlone(bytes, at, from, to);
                case 'b', 'f', 'n', 'r', 't', '0', '\'' -> others = true;
                default -> {
                    return TEXT;
                }
            }
        }
        if (doubled) {
            return SEQUENCES;
        }
        return others ? EITHER : NONE;
    }

    /// A piece of the text that holds the first of them which is not `\N` alone.
    static String example(byte[] bytes, int from, int to) {
        var at = next(bytes, from, to);
        while (at < to - 1 && bytes[at + 1] == 'N') {
            at = next(bytes, at + 2, to);
        }
        var start = at;
        while (start > from && at - start < SHOWN_BYTES && bytes[start - 1] > ' ') {
            start--;
        }
        var end = at;
        while (end < to && end - at < SHOWN_BYTES && (bytes[end] & 0xFF) > ' ') {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    private static int next(byte[] bytes, int from, int to) {
        return ByteSearch.indexOf(bytes, Math.min(from, to), to, (byte) '\\');
    }

    private static boolean isAlone(byte[] bytes, int at, int from, int to) {
        var begins = at == from || bytes[at - 1] == '\t' || bytes[at - 1] == '\n';
        var behind = at + 2 < to ? bytes[at + 2] : (byte) '\n';
        return begins && (behind == '\t' || behind == '\n' || behind == '\r');
    }
}
