package dev.millrace.core;

import java.nio.charset.StandardCharsets;

/// How fields and records are told apart in a source with delimiters.
///
/// A quote opens a quoted field only as the field's first character; inside, it is written twice.
/// Records end with LF or CRLF, or with CR where nothing else ends them; any other CR, or LF, is
/// text.
///
/// @param delimiter 1 to 16 characters, none of them a line break or the quote
/// @param quote one ASCII character, or [#NO_QUOTE]
/// @param lineBreak LF, which also stands for CRLF, or CR
/// @param escape [Escape#SEQUENCES] goes without a quote
/// @param comment the ASCII character with which a line begins that is no record, or [#NO_COMMENT]
/// @param trailing whether one more delimiter may stand behind a record's last field
public record Dialect(
        String delimiter,
        char quote,
        char lineBreak,
        Escape escape,
        char comment,
        boolean trailing) {
    /// The quote of a dialect that has none.
    public static final char NO_QUOTE = 0;

    /// The comment of a dialect that has none.
    public static final char NO_COMMENT = 0;

    /// Of records that are whole lines, whatever is in them.
    public static final Dialect LINES = new Dialect(',', NO_QUOTE);

    private static final int MOST_CHARACTERS = 16;

    /// Without escapes, comments and trailing delimiters.
    public Dialect(char delimiter, char quote, char lineBreak) {
        this(String.valueOf(delimiter), quote, lineBreak, Escape.NONE, NO_COMMENT, false);
    }

    /// The same, with LF or CRLF.
    public Dialect(char delimiter, char quote) {
        this(delimiter, quote, '\n');
    }

    public Dialect {
        require(lineBreak == '\n' || lineBreak == '\r', "The line break must be LF or CR");
        require(
                !delimiter.isEmpty()
                        && delimiter.length() <= MOST_CHARACTERS
                        && delimiter.chars().noneMatch(c -> c == '\n' || c == '\r' || c == 0)
                        && delimiter.equals(roundTrip(delimiter)),
                "The delimiter must be 1 to 16 characters other than line breaks");
        require(
                quote <= 127 && quote != '\n' && quote != '\r' && !has(delimiter, quote),
                "The quote must be one ASCII character that is not in the delimiter, and no line"
                        + " break");
        require(
                escape == Escape.NONE || (quote != '\\' && !has(delimiter, '\\')),
                "Where backslashes escape, neither delimiter nor quote can have one");
        require(
                escape != Escape.SEQUENCES || quote == NO_QUOTE,
                "Where there are escape sequences, there is no quote");
        require(
                comment == NO_COMMENT
                        || (comment > ' '
                                && comment < 127
                                && comment != quote
                                && comment != '\\'
                                && delimiter.charAt(0) != comment),
                "The comment must be one ASCII character that neither is the quote nor begins the"
                        + " delimiter");
    }

    private static boolean has(String delimiter, char sign) {
        return delimiter.indexOf(sign) >= 0;
    }

    /// A half of a surrogate pair does not come back.
    private static String roundTrip(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new MillraceException(ErrorCode.INVALID_REQUEST, otherwise);
        }
    }

    /// Whether one byte parts fields and nothing but quotes changes what a byte means.
    public boolean isPlain() {
        return delimiter.length() == 1
                && delimiter.charAt(0) < 128
                && escape == Escape.NONE
                && !trailing;
    }

    public boolean hasQuote() {
        return quote != NO_QUOTE;
    }

    public boolean hasComment() {
        return comment != NO_COMMENT;
    }

    /// The same with another quote.
    public Dialect withQuote(char other) {
        return new Dialect(delimiter, other, lineBreak, escape, comment, trailing);
    }

    /// The same with another way to escape; sequences take the quote away.
    public Dialect withEscape(Escape other) {
        var left = other == Escape.SEQUENCES ? NO_QUOTE : quote;
        return new Dialect(delimiter, left, lineBreak, other, comment, trailing);
    }

    /// The same without comments.
    public Dialect withoutComment() {
        return new Dialect(delimiter, quote, lineBreak, escape, NO_COMMENT, trailing);
    }

    /// The same with trailing delimiters.
    public Dialect withTrailing() {
        return new Dialect(delimiter, quote, lineBreak, escape, comment, true);
    }
}
