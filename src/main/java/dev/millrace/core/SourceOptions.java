package dev.millrace.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the caller says of a source; whatever is null is detected from its head.
///
/// @param delimiter what stands between fields
/// @param quote the quote, or [Dialect#NO_QUOTE] for a source that has none
/// @param comment with what a line begins that is no record, or [Dialect#NO_COMMENT]
/// @param trailing whether one more delimiter may stand behind a record's last field
/// @param skip how many lines stand before the header
/// @param sheet of a workbook, the one to read
/// @param columns the names of the fields, in order, of a source without a header, or none for
///   names of our own: `c1` and so on, of a sheet the columns' letters; null for a source whose
///   first record names them
public record SourceOptions(
        @Nullable Format format,
        @Nullable Encoding encoding,
        @Nullable String delimiter,
        @Nullable Character quote,
        @Nullable Escape escape,
        @Nullable Character comment,
        @Nullable Boolean trailing,
        @Nullable Integer skip,
        @Nullable String sheet,
        @Nullable List<String> columns) {
    /// Detect everything.
    public static final SourceOptions DETECT = new SourceOptions(null, null, null);

    public SourceOptions {
        columns = columns == null ? null : List.copyOf(columns);
    }

    /// Of a source with a header.
    public SourceOptions(
            @Nullable Encoding encoding, @Nullable Character delimiter, @Nullable Character quote) {
        this(
                null,
                encoding,
                delimiter == null ? null : delimiter.toString(),
                quote,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /// The same of a source without a header.
    public SourceOptions with(List<String> names) {
        return new SourceOptions(
                format, encoding, delimiter, quote, escape, comment, trailing, skip, sheet, names);
    }

    /// The same with comments that begin so, or none.
    public SourceOptions withComment(char told) {
        return new SourceOptions(
                format, encoding, delimiter, quote, escape, told, trailing, skip, sheet, columns);
    }

    /// The same with so many lines before the header.
    public SourceOptions withSkip(int told) {
        return new SourceOptions(
                format, encoding, delimiter, quote, escape, comment, trailing, told, sheet,
                columns);
    }

    /// The same in a format.
    public SourceOptions in(Format told) {
        return new SourceOptions(
                told, encoding, delimiter, quote, escape, comment, trailing, skip, sheet, columns);
    }

    /// The same in a dialect, whose header is the first line unless it is said which is.
    public SourceOptions in(Dialect told) {
        return new SourceOptions(
                format,
                encoding,
                told.delimiter(),
                told.quote(),
                told.escape(),
                told.comment(),
                told.trailing(),
                skip == null ? (Integer) 0 : skip,
                sheet,
                columns);
    }
}
