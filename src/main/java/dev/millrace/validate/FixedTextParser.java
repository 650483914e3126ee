package dev.millrace.validate;

import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// FixedString: the texts of [TextParser] that are no longer than the column's width.
final class FixedTextParser extends FixedParser {
    FixedTextParser(ColumnType type) {
        super(type);
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        var length = end - start;
        if (length > widthBytes) {
            return RejectionCode.TOO_LONG;
        }
        var at = row * widthBytes;
        System.arraycopy(bytes, start, values, at, length);
        Arrays.fill(values, at + length, at + widthBytes, (byte) 0);
        return Utf8.isValid(bytes, start, end) ? null : RejectionCode.INVALID_ENCODING;
    }
}
