package dev.millrace.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.CodePoints;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/// Looks through JSON values (RFC 8259): finds where they end, and checks them on the way. Not
/// thread-safe.
final class JsonText {
    private static final int DEEPEST = 1024;

    private String problem = "";
    private int problemAt;

    /// Which of the values around the present one are objects.
    private final boolean[] inObject = new boolean[DEEPEST];

    /// What was wrong with the value that was looked through last.
    String problem() {
        return problem;
    }

    /// Where.
    int at() {
        return problemAt;
    }

    /// Finds the closing quote of a text.
    ///
    /// @param from the byte after the opening one
    /// @return where it stands, or -1
    int find(byte[] bytes, int from, int to) {
        var at = from;
        while (at < to) {
            var b = bytes[at];
            if (b == '"') {
                return at;
            }
            if ((b & 0xE0) == 0) {
                return fail("A text has the control character U+%04X".formatted(b), at);
            }
            if (b == '\\') {
                var length = escape(bytes, at, to);
                if (length < 0) {
                    return -1;
                }
                at += length;
            } else {
                at++;
            }
        }
        return fail("A text does not end", to);
    }

    /// @return how many bytes the escape takes that begins at `at`, or -1
    private int escape(byte[] bytes, int at, int to) {
        if (at + 1 < to) {
            switch (bytes[at + 1]) {
                case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                    return 2;
                }
                case 'u' -> {
                    return unicode(bytes, at, to);
                }
                default -> {}
            }
        }
        return fail("A text has an escape that JSON does not know", at);
    }

    private int unicode(byte[] bytes, int at, int to) {
        var character = CodePoints.read(bytes, at, to);
        if (character < 0) {
            return fail(
                    "\\u wants four hexadecimal digits, and half a surrogate pair the other half",
                    at);
        }
        return CodePoints.escapeBytes(character);
    }

    /// Finds the end of the value that begins at `at`.
    ///
    /// @return the byte after it, or -1
    int skip(byte[] bytes, int at, int to) {
        if (at < to && (bytes[at] == '{' || bytes[at] == '[')) {
            return skipNested(bytes, at, to);
        }
        return skipPlain(bytes, at, to);
    }

    private int skipPlain(byte[] bytes, int at, int to) {
        if (at == to) {
            return fail("A value is missing", at);
        }
        return switch (bytes[at]) {
            case '"' -> {
                var end = find(bytes, at + 1, to);
                yield end < 0 ? -1 : end + 1;
            }
            case 't' -> word(bytes, at, to, "true");
            case 'f' -> word(bytes, at, to, "false");
            case 'n' -> word(bytes, at, to, "null");
            default -> number(bytes, at, to);
        };
    }

    private int word(byte[] bytes, int from, int to, String word) {
        var end = from + word.length();
        var there = end <= to;
        for (var i = 0; there && i < word.length(); i++) {
            there = bytes[from + i] == word.charAt(i);
        }
        return there ? end : fail("A value is no JSON", from);
    }

    private int number(byte[] bytes, int from, int to) {
        var at = from < to && bytes[from] == '-' ? from + 1 : from;
        var whole = digits(bytes, at, to);
        if (whole == at || (whole > at + 1 && bytes[at] == '0')) {
            return fail("A value is no JSON", from);
        }
        at = whole;
        if (at < to && bytes[at] == '.') {
            var fraction = digits(bytes, at + 1, to);
            if (fraction == at + 1) {
                return fail("A number has no digit behind its point", from);
            }
            at = fraction;
        }
        if (at < to && (bytes[at] | 0x20) == 'e') {
            at++;
            if (at < to && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            var exponent = digits(bytes, at, to);
            if (exponent == at) {
                return fail("A number has no exponent behind its E", from);
            }
            at = exponent;
        }
        return at;
    }

    private static int digits(byte[] bytes, int from, int to) {
        var at = from;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    private int skipNested(byte[] bytes, int from, int to) {
        var depth = 0;
        var at = from;
        while (true) {
            // a value begins here
            if (at < to && (bytes[at] == '{' || bytes[at] == '[')) {
                if (depth == DEEPEST) {
                    return fail(
                            "Values stand in each other more than %,d deep".formatted(DEEPEST), at);
                }
                var object = bytes[at] == '{';
                inObject[depth++] = object;
                at = blanks(bytes, at + 1, to);
                if (at < to && bytes[at] != (object ? '}' : ']')) {
                    if (object) {
                        at = key(bytes, at, to);
                        if (at < 0) {
                            return -1;
                        }
                    }
                    continue;
                }
            } else {
                at = skipPlain(bytes, at, to);
                if (at < 0) {
                    return -1;
                }
            }
            // a value, or what opened one, lies behind: what follows closes, or goes on
            while (true) {
                at = blanks(bytes, at, to);
                if (at == to) {
                    return fail("An object or array does not end", at);
                }
                if (bytes[at] == (inObject[depth - 1] ? '}' : ']')) {
                    at++;
                    depth--;
                    if (depth == 0) {
                        return at;
                    }
                } else if (bytes[at] == ',') {
                    at = blanks(bytes, at + 1, to);
                    if (inObject[depth - 1]) {
                        at = key(bytes, at, to);
                        if (at < 0) {
                            return -1;
                        }
                    }
                    break;
                } else {
                    return fail("A comma or a closing bracket is missing", at);
                }
            }
        }
    }

    /// @return where the key's value begins, or -1
    private int key(byte[] bytes, int from, int to) {
        if (from == to || bytes[from] != '"') {
            return fail("A key in quotes is missing", from);
        }
        var end = find(bytes, from + 1, to);
        if (end < 0) {
            return -1;
        }
        var colon = blanks(bytes, end + 1, to);
        if (colon == to || bytes[colon] != ':') {
            return fail("A colon is missing behind a key", colon);
        }
        return blanks(bytes, colon + 1, to);
    }

    private static int blanks(byte[] bytes, int from, int to) {
        var at = from;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
            at++;
        }
        return at;
    }

    private int fail(String what, int at) {
        problem = what;
        problemAt = at;
        return -1;
    }

    /// Copies a text as it reads; see [dev.millrace.core.RecordBlock.Unescaping].
    static int unescape(byte[] bytes, int start, int end, byte[] into, int at) {
        var to = at;
        var from = start;
        while (from < end) {
            var value = bytes[from++];
            if (value != '\\') {
                into[to++] = value;
                continue;
            }
            var escaped = bytes[from++];
            switch (escaped) {
                case 'b' -> into[to++] = '\b';
                case 'f' -> into[to++] = '\f';
                case 'n' -> into[to++] = '\n';
                case 'r' -> into[to++] = '\r';
                case 't' -> into[to++] = '\t';
                case 'u' -> {
                    var character = CodePoints.read(bytes, from - 2, end);
                    from += CodePoints.escapeBytes(character) - 2;
                    to = CodePoints.write(character, into, to);
                }
                default -> into[to++] = escaped;
            }
        }
        return to;
    }

    /// The text in `[from, to)` as it reads, or null when it is no valid UTF-8.
    static @Nullable String read(byte[] bytes, int from, int to) {
        var plain = new byte[to - from];
        var length = unescape(bytes, from, to, plain, 0);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(plain, 0, length)).toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}
