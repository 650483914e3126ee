package dev.millrace.core;

import static java.lang.Character.MAX_SURROGATE;
import static java.lang.Character.MIN_SURROGATE;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
        requireUnicode(name, name, reading.defaultText(), constraints.min(), constraints.max());
        requireUnicode(name, type.name(), constraints.pattern());
        for (var texts :
                List.of(
                        reading.sourceNames(),
                        reading.nullMarkers(),
                        reading.dateFormats(),
                        constraints.allowed())) {
            texts.forEach(text -> requireUnicode(name, text));
        }
    }

    /// PostgreSQL keeps no U+0000, and UTF-8 no half of a surrogate pair: such a text would not
    /// come back as it was given.
    private static void requireUnicode(String name, @Nullable String... texts) {
        for (var text : texts) {
            if (text != null && !text.codePoints().allMatch(Column::isStorable)) {
                throw new MillraceException(
                        ErrorCode.INVALID_MODEL,
                        "Column '%s': a text of it has U+0000 or half of a surrogate pair"
                                .formatted(name));
            }
        }
    }

    private static boolean isStorable(int codePoint) {
        return codePoint != 0 && (codePoint < MIN_SURROGATE || codePoint > MAX_SURROGATE);
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
