package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import org.jspecify.annotations.Nullable;

/// Date: `YYYY-MM-DD`, a real day from 1970-01-01 to 2149-06-06.
final class DateParser extends FixedParser {
    private static final int MAX_DAY = 0xFFFF;

    DateParser(ColumnType type) {
        super(type);
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var day = end - start == Days.LENGTH ? Days.at(bytes, start) : Days.NONE;
        if (day == Days.NONE) {
            return RejectionCode.NOT_A_DATE;
        }
        if (day < 0 || day > MAX_DAY) {
            return RejectionCode.OUT_OF_RANGE;
        }
        LittleEndian.putShort(values, row * Short.BYTES, (short) day);
        return null;
    }
}
