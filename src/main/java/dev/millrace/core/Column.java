package dev.millrace.core;

import java.util.regex.Pattern;

/// One column of a model.
///
/// @param name 1 to 128 characters, any but control characters; never one that begins with
///   `_millrace_`, which Millrace keeps for itself
/// @param reading how a source's fields become values
/// @param constraints what its values must be besides what the type asks
public record Column(
        String name, ColumnType type, ColumnReading reading, ColumnConstraints constraints) {
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

    /// A column of which only name and type are said.
    public Column(String name, ColumnType type) {
        this(name, type, ColumnReading.PLAIN, ColumnConstraints.NONE);
    }

    /// Whether a source may lack it: its rows then get the default, or NULL.
    public boolean isOptional() {
        return type.isNullable() || reading.defaultText() != null;
    }
}
