package dev.millrace.core;

/// How fields and records are told apart in a CSV source.
///
/// A quote opens a quoted field only as the field's first character; inside, it is written twice.
/// Records end with LF or CRLF.
///
/// @param delimiter one ASCII character that is not a quote or a line break
/// @param quote one ASCII character, or [#NO_QUOTE]
public record Dialect(char delimiter, char quote) {
    /// The quote of a dialect that has none.
    public static final char NO_QUOTE = 0;

    public Dialect {
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
