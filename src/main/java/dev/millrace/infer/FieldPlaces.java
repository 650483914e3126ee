package dev.millrace.infer;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceReading;
import dev.millrace.validate.HeaderMatch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Which columns of the sources before the fields of another are: found as a load finds them, so
/// that what is proposed holds when it comes to that.
///
/// @param columns those of the sources before
/// @param before these sources
/// @param reading how the other source is read
record FieldPlaces(List<FieldProfile> columns, List<SourceProfile> before, SourceReading reading) {
    private static final int SHOWN = 10;

    /// @return for each field the place of its column, or -1 when it is a new one
    /// @throws MillraceException HEADER_MISSING_COLUMN when none is known, HEADER_AMBIGUOUS
    int[] byName() {
        var header = reading.header();
        if (before.isEmpty()) {
            return none();
        }
        var columnOf =
                HeaderMatch.places(header, columns.stream().map(FieldProfile::name).toList());
        if (Arrays.stream(columnOf).allMatch(column -> column < 0)) {
            throw new MillraceException(
                    ErrorCode.HEADER_MISSING_COLUMN,
                    "It has none of the columns of the sources before it; it has: " + shown(header),
                    "Load it into a table of its own; or give the right delimiter if the header was"
                            + " cut wrongly, or say that no source has a header: --no-header.",
                    null);
        }
        for (var i = 0; i < columnOf.length; i++) {
            if (columnOf[i] >= 0) {
                columns.get(columnOf[i]).isCalled(header.get(i));
            } else {
                requireNew(header.get(i));
            }
        }
        return columnOf;
    }

    /// A new column takes away from one that is alike the fields that are spelled otherwise.
    private void requireNew(String name) {
        var alike = HeaderMatch.alike(List.of(name));
        for (var column : columns) {
            var otherwise = column.otherwise();
            if (otherwise != null && alike.test(column.name())) {
                throw new MillraceException(
                        ErrorCode.HEADER_AMBIGUOUS,
                        "It has the columns '%s' and '%s', and in a source before it '%s' may mean either"
                                .formatted(column.name(), name, otherwise),
                        "Spell the names alike in all sources, or put this one first.",
                        null);
            }
        }
    }

    /// Fields without names are those of the first source, in their order.
    ///
    /// @throws MillraceException HEADER_MISSING_COLUMN when they are more or fewer
    int[] byPlace() {
        var fields = reading.header().size();
        if (before.isEmpty()) {
            return none();
        }
        if (fields != columns.size()) {
            throw new MillraceException(
                    ErrorCode.HEADER_MISSING_COLUMN,
                    "It has %,d fields in a record, and the sources before it %,d: without a header"
                                    .formatted(fields, columns.size())
                            + " a field is told by its place",
                    "Name the fields with --columns if they are the same, or load it by itself.",
                    null);
        }
        return IntStream.range(0, fields).toArray();
    }

    private int[] none() {
        var none = new int[reading.header().size()];
        Arrays.fill(none, -1);
        return none;
    }

    private static String shown(List<String> names) {
        return String.join(", ", names.stream().limit(SHOWN).toList())
                + (names.size() > SHOWN ? ", …" : "");
    }
}
