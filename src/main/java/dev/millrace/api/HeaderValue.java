package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// A header's value with parameters behind it, such as `form-data; name="a"` (RFC 9110, 5.6.6).
/// Nothing is guessed or decoded, and encoded words (RFC 2047) are text like any other: what two
/// readers could take for two things is refused.
///
/// @param text what stands before the parameters, in lower case
/// @param parameters by names in lower case
record HeaderValue(String text, Map<String, String> parameters) {
    /// Up to an unquoted value's end or a quoted one's begin.
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\\s*=\\s*(\"|[^\\s;\"]+)");

    private static final Pattern SPACE = Pattern.compile("\\s*");

    /// @param name the header's, for errors
    /// @throws MillraceException INVALID_REQUEST when it cannot be read or says something twice
    static HeaderValue parse(String name, String value) {
        var semicolon = value.indexOf(';');
        var end = semicolon < 0 ? value.length() : semicolon;
        var text = value.substring(0, end).strip().toLowerCase(Locale.ROOT);
        var parameters = new HashMap<String, String>();
        while (end < value.length()) {
            var parameter = PARAMETER.matcher(value).region(end, value.length());
            if (!parameter.lookingAt()) {
                throw unreadable(name, value);
            }
            end = parameter.end();
            var said = parameter.group(2);
            if (said.equals("\"")) {
                var close = closingQuote(name, value, end);
                said = unescaped(value.substring(end, close));
                end = close + 1;
            }
            var key = parameter.group(1).toLowerCase(Locale.ROOT);
            if (parameters.put(key, said) != null) {
                throw new MillraceException(
                        ErrorCode.INVALID_REQUEST, "%s says '%s' twice".formatted(name, key));
            }
            var space = SPACE.matcher(value).region(end, value.length());
            end = space.lookingAt() ? space.end() : end;
        }
        return new HeaderValue(text, parameters);
    }

    private static int closingQuote(String name, String value, int from) {
        for (var i = from; i < value.length(); i++) {
            if (isEscape(value, i)) {
                i++;
            } else if (value.charAt(i) == '"') {
                return i;
            }
        }
        throw unreadable(name, value);
    }

    private static String unescaped(String quoted) {
        var text = new StringBuilder(quoted.length());
        for (var i = 0; i < quoted.length(); i++) {
            if (isEscape(quoted, i)) {
                i++;
            }
            text.append(quoted.charAt(i));
        }
        return text.toString();
    }

    /// A backslash is an escape before a quote and before itself, and else text, as in the paths
    /// that old browsers send for names.
    private static boolean isEscape(String text, int at) {
        return text.charAt(at) == '\\'
                && at + 1 < text.length()
                && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\');
    }

    private static MillraceException unreadable(String name, String value) {
        return new MillraceException(
                ErrorCode.INVALID_REQUEST, "%s cannot be read: %s".formatted(name, value));
    }
}
