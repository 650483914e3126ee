package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.fileupload2.core.ParameterParser;
import org.jspecify.annotations.Nullable;

/// What stands above a part of a form (RFC 7578, 4).
///
/// @param fileName null when there is none
record PartHeaders(String name, @Nullable String fileName) {
    private static final String DISPOSITION = "content-disposition:";
    private static final String TRANSFER_ENCODING = "content-transfer-encoding:";

    /// The encodings of RFC 2045 that leave bytes as they are.
    private static final List<String> PLAIN = List.of("7bit", "8bit", "binary");

    /// @param lines as they came, with CRLF between
    /// @throws MillraceException INVALID_REQUEST when it is no part of a form, or is encoded
    static PartHeaders parse(String lines) {
        var encoding = value(lines, TRANSFER_ENCODING);
        if (encoding != null && !PLAIN.contains(encoding.strip().toLowerCase(Locale.ROOT))) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A part of the form is encoded as %s".formatted(encoding.strip()),
                    "Send its bytes as they are.",
                    null);
        }
        var disposition = value(lines, DISPOSITION);
        if (disposition == null) {
            throw nameless();
        }
        var parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        var parameters = parser.parse(disposition, ';');
        var name = parameters.get("name");
        if (!parameters.containsKey("form-data") || name == null) {
            throw nameless();
        }
        var fileName = parameters.get("filename");
        return new PartHeaders(name, fileName == null || fileName.isBlank() ? null : fileName);
    }

    private static @Nullable String value(String lines, String name) {
        return Arrays.stream(lines.split("\r\n"))
                .filter(line -> line.regionMatches(true, 0, name, 0, name.length()))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse(null);
    }

    private static MillraceException nameless() {
        return new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "A part of the form has no Content-Disposition: form-data with a name");
    }
}
