package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;

/// What a worksheet holds, by Microsoft's "Excel specifications and limits".
final class XlsxLimits {
    /// Without the header's.
    static final long MOST_ROWS = 1_048_575;

    static final int MOST_COLUMNS = 16_384;
    static final int MOST_CHARACTERS = 32_767;

    private XlsxLimits() {}

    /// @throws MillraceException EXPORT_UNSUPPORTED
    static void requireRows(long rows) {
        if (rows > MOST_ROWS) {
            throw new MillraceException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "The result has %,d rows, and a worksheet holds %,d below its header"
                            .formatted(rows, MOST_ROWS),
                    "Export csv or parquet, or a part of the rows at a time.",
                    null);
        }
    }
}
