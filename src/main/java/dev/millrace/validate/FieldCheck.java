package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.RecordBlock;

/// Tells whether a column could hold a field, by reading it as a load does and keeping nothing. Not
/// thread-safe.
public final class FieldCheck {
    private static final int FIRST_BYTES = 64;

    private final ElementRoom room = new ElementRoom();
    private final ColumnReader reader;

    /// @throws dev.millrace.core.MillraceException INVALID_MODEL as [Validator#check] does
    public FieldCheck(Column column) {
        reader = new ColumnReader(column, 1, room);
        reader.begin(1, FIRST_BYTES);
    }

    /// @param quoted whether quotes stood around the field
    public boolean fits(byte[] bytes, int start, int end, boolean quoted) {
        room.begin(1);
        var written = quoted ? RecordBlock.QUOTED : RecordBlock.UNQUOTED;
        return reader.read(bytes, start, end, written, 0) == null;
    }

    /// Whether a field is UTF-8.
    public static boolean isText(byte[] bytes, int start, int end) {
        return Utf8.isValid(bytes, start, end);
    }

    /// The day that a year of four digits, a month and a day of it name, in days since 1970-01-01;
    /// `Integer.MIN_VALUE` when the calendar has no such day.
    public static int day(int year, int month, int day) {
        return Days.of(year, month, day);
    }
}
