package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// Date and Date32: `YYYY-MM-DD`, a real day that the type can hold.
final class DateParser extends FixedParser {
    private final int firstDay;
    private final int lastDay;

    /// @param firstDay the first day that the type can hold, in days since 1970-01-01
    /// @param lastDay the last one
    DateParser(ColumnType type, int firstDay, int lastDay) {
        super(type);
        this.firstDay = firstDay;
        this.lastDay = lastDay;
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var day = end - start == Days.LENGTH ? Days.at(bytes, start) : Days.NONE;
        return day == Days.NONE ? RejectionCode.NOT_A_DATE : put(day, row);
    }

    private @Nullable RejectionCode put(int day, int row) {
        if (day < firstDay || day > lastDay) {
            return RejectionCode.OUT_OF_RANGE;
        }
        if (widthBytes == Short.BYTES) {
            LittleEndian.putShort(values, row * Short.BYTES, (short) day);
        } else {
            LittleEndian.putInt(values, row * Integer.BYTES, day);
        }
        return null;
    }
}
