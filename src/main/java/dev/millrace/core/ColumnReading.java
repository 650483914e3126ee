package dev.millrace.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the fields of a source become a column's values.
///
/// @param sourceNames names in a header that mean this column, besides its own
/// @param nullMarkers texts that stand for no value, such as `N/A`, compared exactly
/// @param defaultText the value where a source lacks the column or has a null marker, in the type's
///   standard form; null for none. An empty field is no null marker unless the markers say so
/// @param dateFormats patterns of dates and times that are read instead of the type's standard
///   form; a text must fit one of them
/// @param allowNonFinite whether a float may be not-a-number or infinite
/// @param clockChange what a local time means that a clock change skipped or repeated
/// @param outerBlanks what becomes of spaces and tabs at the ends of an unquoted text; around other
///   fields they never count
/// @param nested what becomes of a JSON object or array in a column of texts
/// @param numbers how numbers are written; [NumberForm#PLAIN] for columns of anything else
public record ColumnReading(
        List<String> sourceNames,
        List<String> nullMarkers,
        @Nullable String defaultText,
        List<String> dateFormats,
        boolean allowNonFinite,
        ClockChange clockChange,
        OuterBlanks outerBlanks,
        Nested nested,
        NumberForm numbers) {
    /// Nothing said.
    public static final ColumnReading PLAIN =
            new ColumnReading(List.of(), List.of(), null, List.of(), false, ClockChange.REJECT);

    /// A reading that keeps outer blanks.
    public ColumnReading(
            List<String> sourceNames,
            List<String> nullMarkers,
            @Nullable String defaultText,
            List<String> dateFormats,
            boolean allowNonFinite,
            ClockChange clockChange) {
        this(
                sourceNames,
                nullMarkers,
                defaultText,
                dateFormats,
                allowNonFinite,
                clockChange,
                OuterBlanks.KEEP);
    }

    /// A reading that refuses nested values.
    public ColumnReading(
            List<String> sourceNames,
            List<String> nullMarkers,
            @Nullable String defaultText,
            List<String> dateFormats,
            boolean allowNonFinite,
            ClockChange clockChange,
            OuterBlanks outerBlanks) {
        this(
                sourceNames,
                nullMarkers,
                defaultText,
                dateFormats,
                allowNonFinite,
                clockChange,
                outerBlanks,
                Nested.REJECT,
                NumberForm.PLAIN);
    }

    public ColumnReading {
        sourceNames = List.copyOf(sourceNames);
        nullMarkers = List.copyOf(nullMarkers);
        dateFormats = List.copyOf(dateFormats);
    }

    /// What becomes of spaces and tabs at the ends of an unquoted text.
    public enum OuterBlanks {
        /// They are part of it, as RFC 4180 says.
        KEEP,
        /// They are left out; quotes keep them.
        TRIM,
        /// The row is rejected; quotes allow them.
        REJECT
    }

    /// What becomes of a JSON object or array that is to be a text.
    public enum Nested {
        /// The row is rejected.
        REJECT,
        /// It is stored as it stands in the source.
        JSON
    }

    /// What a local time means that its zone's clocks skipped, or showed twice.
    public enum ClockChange {
        /// Nothing: it is rejected.
        REJECT,
        /// What it is by the offset from UTC before the change.
        EARLIER_OFFSET,
        /// What it is by the offset after it.
        LATER_OFFSET
    }
}
