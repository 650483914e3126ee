package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Date and Date32: `YYYY-MM-DD`, a real day that the type can hold; or a text that fits the
/// column's date formats, when it has some, with no time of day but midnight.
final class DateParser extends FixedParser {
    private final int firstDay;
    private final int lastDay;
    private final @Nullable DateFormats formats;
    private final DayTexts days = new DayTexts();

    /// @param firstDay the first day that the type can hold, in days since 1970-01-01
    /// @param lastDay the last one
    /// @throws MillraceException INVALID_MODEL, naming the column, for a date format that is none
    DateParser(Column column, ColumnType type, int firstDay, int lastDay) {
        super(type);
        this.firstDay = firstDay;
        this.lastDay = lastDay;
        this.formats =
                DateFormats.of(column, new WallClock(ZoneOffset.UTC, ClockChange.REJECT), true);
    }

    @Override
    boolean refusesBlanks() {
        return formats == null;
    }

    @Override
    boolean parseAll(RecordBlock block, int first, int row) {
        for (var i = 0; i < block.records; i++) {
            var place = first + i;
            if (parse(block.bytes, block.starts[place], block.ends[place], row + i) != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        if (formats == null) {
            return parseStandard(bytes, start, end, row);
        }
        var error = formats.read(bytes, start, end);
        if (error != null) {
            return error;
        }
        var reading = formats.reading();
        return reading.isMidnight() ? put(reading.day(), row) : RejectionCode.TOO_PRECISE;
    }

    @Override
    @Nullable RejectionCode parseStandard(byte[] bytes, int start, int end, int row) {
        var day = end - start == Days.LENGTH ? days.at(bytes, start) : Days.NONE;
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
