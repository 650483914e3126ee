package dev.millrace.core;

import java.util.Locale;

/// How a field writes characters that would end it, besides quotes that are doubled.
public enum Escape {
    /// In no other way: a backslash is text.
    NONE,
    /// A backslash before a quote, a delimiter, a line break or a backslash takes it as text;
    /// before anything else it is text itself.
    BACKSLASH,
    /// As the text forms of ClickHouse (`TabSeparated`), PostgreSQL (`COPY`) and MySQL do, without
    /// quotes: `\t`, `\n`, `\r`, `\b`, `\f`, `\v`, `\a`, `\e`, `\0`, `\xHH`; any other character
    /// behind a backslash stands for itself. `\N` alone is NULL, and an empty field an empty text.
    SEQUENCES;

    /// As users write it, such as `backslash`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws MillraceException INVALID_REQUEST
    public static Escape parse(String text) {
        for (var escape : values()) {
            if (escape.label().equals(text)) {
                return escape;
            }
        }
        throw new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "'%s' is no way to escape".formatted(text),
                "Say none, backslash or sequences.",
                null);
    }
}
