package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Bytes of a source as text for people, never for loading: what is not UTF-8 shows as U+FFFD.
final class FieldText {
    private static final int MAX_BYTES_A_CHARACTER = 3;

    private FieldText() {}

    /// At most `limit` characters of the text, never half a surrogate pair.
    static String of(byte[] bytes, int start, int end, int limit) {
        // Three bytes make at least one character; one more lets the last sequence stand whole.
        var enough = (long) (limit + 1) * MAX_BYTES_A_CHARACTER;
        var length = (int) Math.min(end - start, enough);
        return cut(new String(bytes, start, length, UTF_8), limit);
    }

    /// At most the first `limit` characters, never half a surrogate pair.
    static String cut(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        return text.substring(
                0, Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit);
    }
}
