package dev.millrace.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What stands above a part of a form (RFC 7578, 4).
///
/// @param fileName null when there is none
record PartHeaders(String name, @Nullable String fileName) {
    /// The encodings of RFC 2045 that leave bytes as they are.
    private static final List<String> PLAIN = List.of("7bit", "8bit", "binary");

    private static final String DISPOSITION = "The Content-Disposition of the form's part";
    private static final Pattern EXTENDED = Pattern.compile("(?i:utf-8)'[^']*'(.*)");

    /// @param lines as they came, with CRLF behind each
    /// @throws MillraceException INVALID_REQUEST when it is no part of a form, is encoded, or says
    ///   something twice or in a way that could be read as another
    static PartHeaders parse(String lines) {
        var headers = headers(lines);
        var encoding = headers.get("content-transfer-encoding");
        if (encoding != null && !PLAIN.contains(encoding.toLowerCase(Locale.ROOT))) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A part of the form is encoded as %s".formatted(encoding),
                    "Send its bytes as they are.",
                    null);
        }
        var value = headers.get("content-disposition");
        var disposition = value == null ? null : HeaderValue.parse(DISPOSITION, value);
        if (disposition == null || !disposition.text().equals("form-data")) {
            throw nameless();
        }
        var name = disposition.parameters().get("name");
        if (name == null) {
            throw nameless();
        }
        return new PartHeaders(unescaped(name), fileName(disposition.parameters()));
    }

    /// A name beyond ASCII may also come in the notation of RFC 8187: some libraries know no other.
    private static @Nullable String fileName(Map<String, String> parameters) {
        var extended = parameters.get("filename*");
        var plain = parameters.get("filename");
        var name = extended != null ? decoded(extended) : plain != null ? unescaped(plain) : null;
        return name == null || name.isBlank() ? null : name;
    }

    /// What browsers write into names (HTML, "multipart/form-data encoding algorithm").
    private static String unescaped(String name) {
        return name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
    }

    private static String decoded(String extended) {
        var text = EXTENDED.matcher(extended);
        if (!text.matches()) {
            throw unreadable(extended, null);
        }
        try {
            var bytes =
                    URLDecoder.decode(text.group(1).replace("+", "%2B"), ISO_8859_1)
                            .getBytes(ISO_8859_1);
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw unreadable(extended, e);
        }
    }

    /// By names in lower case.
    private static Map<String, String> headers(String lines) {
        var headers = new HashMap<String, String>();
        for (var line : lines.split("\r\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            refuseControls(line);
            var colon = line.indexOf(':');
            if (colon <= 0 || Character.isWhitespace(line.charAt(0))) {
                throw unreadable(line, null);
            }
            var name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (headers.put(name, line.substring(colon + 1).strip()) != null) {
                throw refused("A part of the form has the header '%s' twice".formatted(name), null);
            }
        }
        return headers;
    }

    private static void refuseControls(String line) {
        var control = line.chars().filter(c -> c != '\t' && Character.isISOControl(c)).findFirst();
        if (control.isPresent()) {
            throw refused(
                    "A header of the form's part has the control character U+%04X"
                            .formatted(control.getAsInt()),
                    null);
        }
    }

    private static MillraceException nameless() {
        return refused(
                "A part of the form has no Content-Disposition: form-data with a name", null);
    }

    private static MillraceException unreadable(String text, @Nullable Exception cause) {
        return refused("A header of the form's part cannot be read: %s".formatted(text), cause);
    }

    private static MillraceException refused(String what, @Nullable Exception cause) {
        return new MillraceException(ErrorCode.INVALID_REQUEST, what, null, cause);
    }
}
