package dev.millrace.core;

/// How fields and records are told apart in a CSV source.
///
/// A quote opens a quoted field only as the field's first character; inside, it is written twice.
/// Records end with LF or CRLF, or with CR where nothing else ends them; any other CR, or LF, is
/// text.
///
/// @param delimiter one ASCII character that is not a quote or a line break
/// @param quote one ASCII character, or [#NO_QUOTE]
/// @param lineBreak LF, which also stands for CRLF, or CR
public record Dialect(char delimiter, char quote, char lineBreak) {
    /// The quote of a dialect that has none.
    public static final char NO_QUOTE = 0;

    /// With LF or CRLF.
    public Dialect(char delimiter, char quote) {
        this(delimiter, quote, '\n');
    }

    public Dialect {
        if (lineBreak != '\n' && lineBreak != '\r') {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST, "The line break must be LF or CR");
        }
        if (delimiter > 127 || delimiter == '\n' || delimiter == '\r' || delimiter == 0) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The delimiter must be one ASCII character other than a line break");
        }
        if (quote > 127 || quote == '\n' || quote == '\r' || quote == delimiter) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The quote must be one ASCII character other than the delimiter and a line"
                            + " break");
        }
    }
}
