package dev.millrace.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.Dialect;
import dev.millrace.core.Escape;
import dev.millrace.core.RecordBlock.Unescaping;
import java.util.Arrays;

/// Reads the escapes of delimited fields.
final class Unescape {
    private Unescape() {}

    /// That of a dialect's fields.
    static Unescaping of(Dialect dialect) {
        if (dialect.escape() == Escape.SEQUENCES) {
            return Unescape::sequences;
        }
        var quote = (byte) dialect.quote();
        if (dialect.escape() == Escape.NONE) {
            return (bytes, start, end, into, at) -> doubled(bytes, start, end, into, at, quote);
        }
        var delimiter = Character.toString(dialect.delimiter().codePointAt(0)).getBytes(UTF_8);
        return (bytes, start, end, into, at) ->
                backslashes(bytes, start, end, into, at, quote, delimiter);
    }

    private static int doubled(byte[] bytes, int start, int end, byte[] into, int at, byte quote) {
        var to = at;
        var from = start;
        while (from < end) {
            var value = bytes[from++];
            into[to++] = value;
            if (value == quote) {
                from++;
            }
        }
        return to;
    }

    private static int backslashes(
            byte[] bytes, int start, int end, byte[] into, int at, byte quote, byte[] delimiter) {
        var to = at;
        var from = start;
        while (from < end) {
            var value = bytes[from++];
            var escapes = value == '\\' && from < end;
            if (!escapes || !isTaken(bytes, from, end, quote, delimiter)) {
                into[to++] = value;
            }
            if (escapes) {
                into[to++] = bytes[from++];
            } else if (value == quote && quote != Dialect.NO_QUOTE) {
                from++;
            }
        }
        return to;
    }

    /// Whether a backslash before what stands at `at` is left out.
    ///
    /// @param delimiter the first character of the delimiter
    private static boolean isTaken(byte[] bytes, int at, int end, byte quote, byte[] delimiter) {
        var escaped = bytes[at];
        return escaped == '\\'
                || escaped == '\n'
                || escaped == '\r'
                || (escaped == quote && quote != Dialect.NO_QUOTE)
                || (at + delimiter.length <= end
                        && Arrays.equals(
                                bytes, at, at + delimiter.length, delimiter, 0, delimiter.length));
    }

    private static int sequences(byte[] bytes, int start, int end, byte[] into, int at) {
        var to = at;
        var from = start;
        while (from < end) {
            var value = bytes[from++];
            if (value != '\\' || from == end) {
                into[to++] = value;
            } else if (isHex(bytes, from, end)) {
                into[to++] = hex(bytes, from + 1);
                from += 3;
            } else {
                into[to++] = sequence(bytes[from++]);
            }
        }
        return to;
    }

    private static boolean isHex(byte[] bytes, int at, int end) {
        return at + 2 < end
                && bytes[at] == 'x'
                && Character.digit(bytes[at + 1], 16) >= 0
                && Character.digit(bytes[at + 2], 16) >= 0;
    }

    private static byte hex(byte[] bytes, int at) {
        return (byte) (16 * Character.digit(bytes[at], 16) + Character.digit(bytes[at + 1], 16));
    }

    private static byte sequence(byte escaped) {
        return switch (escaped) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'e' -> 27;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            case '0' -> 0;
            default -> escaped;
        };
    }
}
