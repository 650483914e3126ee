package dev.millrace.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a column's values must be besides what its type asks. A NULL and a default are not asked.
///
/// @param min the least value, in the type's standard form; null for any
/// @param max the greatest value; null for any
/// @param pattern a regular expression (RE2's syntax) that the whole text fits; null for any
/// @param allowed the values that are allowed, in the type's standard form; empty for any
/// @param minLength the least characters of a text or elements of an array
/// @param maxLength the most characters of a text or elements of an array
public record ColumnConstraints(
        @Nullable String min,
        @Nullable String max,
        @Nullable String pattern,
        List<String> allowed,
        @Nullable Integer minLength,
        @Nullable Integer maxLength) {
    public static final ColumnConstraints NONE =
            new ColumnConstraints(null, null, null, List.of(), null, null);

    public ColumnConstraints {
        allowed = List.copyOf(allowed);
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
