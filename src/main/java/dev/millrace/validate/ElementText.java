package dev.millrace.validate;

import dev.millrace.core.CodePoints;
import java.util.Arrays;

/// The text of one element of an array: where it stands, without its quotes and escapes. Reused for
/// every element; not thread-safe.
final class ElementText {
    private static final byte[] NONE = new byte[0];
    private static final int FIRST_SCRATCH = 64;
    private static final int MOST_UTF8 = 4;

    private byte[] bytes = NONE;
    private byte[] scratch = NONE;
    private int start;
    private int end;
    private boolean quoted;

    /// Holds the text: the array that was searched, or one of its own when there were escapes.
    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    boolean isQuoted() {
        return quoted;
    }

    boolean isNull() {
        return !quoted
                && end - start == 4
                && (bytes[start] | 0x20) == 'n'
                && (bytes[start + 1] | 0x20) == 'u'
                && (bytes[start + 2] | 0x20) == 'l'
                && (bytes[start + 3] | 0x20) == 'l';
    }

    /// Finds the element that begins here.
    ///
    /// @return where it ends, or -1 when a quote does not close or an escape is unknown
    int find(byte[] source, int from, int to) {
        bytes = source;
        var first = source[from];
        quoted = first == '\'' || first == '"';
        return quoted ? findQuoted(source, from, to) : findPlain(source, from, to);
    }

    private int findPlain(byte[] source, int from, int to) {
        var i = from;
        while (i < to && source[i] != ',' && source[i] != ']') {
            i++;
        }
        start = from;
        end = i;
        while (end > start && (source[end - 1] == ' ' || source[end - 1] == '\t')) {
            end--;
        }
        return i;
    }

    private int findQuoted(byte[] source, int from, int to) {
        var quote = source[from];
        start = from + 1;
        for (var i = start; i < to; i++) {
            if (source[i] == quote) {
                end = i;
                return i + 1;
            }
            if (source[i] == '\\') {
                return unescape(source, i, to, quote);
            }
        }
        return -1;
    }

    /// Copies the text, its escapes resolved, from where it began up to its closing quote.
    private int unescape(byte[] source, int firstEscape, int to, byte quote) {
        var length = firstEscape - start;
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        System.arraycopy(source, start, scratch, 0, length);
        for (var i = firstEscape; i < to; i++) {
            var b = source[i];
            if (b == quote) {
                bytes = scratch;
                start = 0;
                end = length;
                return i + 1;
            }
            if (length + MOST_UTF8 > scratch.length) {
                scratch = Arrays.copyOf(scratch, Math.max(FIRST_SCRATCH, 2 * length));
            }
            if (b == '\\' && i + 1 < to && source[i + 1] == 'u') {
                var character = CodePoints.read(source, i, to);
                if (character < 0) {
                    return -1;
                }
                i += CodePoints.escapeBytes(character) - 1;
                length = CodePoints.write(character, scratch, length);
                continue;
            }
            if (b == '\\') {
                i++;
                var c = i < to ? unescaped(source[i]) : -1;
                if (c < 0) {
                    return -1;
                }
                b = (byte) c;
            }
            scratch[length++] = b;
        }
        return -1;
    }

    /// Lets go of the source, and of the room that a long text took.
    void release() {
        bytes = NONE;
        scratch = NONE;
    }

    private static int unescaped(byte b) {
        return switch (b) {
            case '\\', '\'', '"', '/' -> b;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '0' -> 0;
            default -> -1;
        };
    }
}
