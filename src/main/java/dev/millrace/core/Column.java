package dev.millrace.core;

import java.util.regex.Pattern;

/// One column of a model.
///
/// @param name 1 to 128 characters, any but control characters; never one that begins with
///   `_millrace_`, which Millrace keeps for itself
public record Column(String name, ColumnType type) {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    public Column {
        if (name.isBlank() || name.length() > 128 || CONTROL.matcher(name).find()) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "'%s' cannot name a column".formatted(name),
                    "Use 1 to 128 characters without control characters.",
                    null);
        }
        if (name.startsWith("_millrace_")) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "Column '%s' begins with _millrace_, which is kept for Millrace's own columns"
                            .formatted(name));
        }
    }
}
