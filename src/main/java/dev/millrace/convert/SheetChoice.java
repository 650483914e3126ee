package dev.millrace.convert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which part of a workbook is read, and what its columns are called. Immutable.
///
/// @param sheet the sheet's name, or null for the first visible one that has cells
/// @param skip how many rows stand before the header, or before the first row when there is no
///   header; null to find the header, or for none
/// @param columns the names of a sheet without a header, from column A on, or none for the columns'
///   letters; null when a row names them
public record SheetChoice(
        @Nullable String sheet, @Nullable Integer skip, @Nullable List<String> columns) {
    /// The first sheet, with a header.
    public static final SheetChoice FOUND = new SheetChoice(null, null, null);

    public SheetChoice {
        columns = columns == null ? null : List.copyOf(columns);
    }
}
