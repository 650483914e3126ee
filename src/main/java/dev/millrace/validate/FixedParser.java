package dev.millrace.validate;

import dev.millrace.core.Column;
import java.util.Arrays;

/// A column whose values all have one width.
abstract sealed class FixedParser extends ColumnParser
        permits WholeParser,
                WideWholeParser,
                FloatingParser,
                BoolParser,
                DateParser,
                DateTimeParser {
    private static final byte[] NONE = new byte[0];

    /// The rows in their width one after the other; subclasses write at row × width.
    byte[] values = NONE;

    final int widthBytes;

    FixedParser(Column column) {
        super(column);
        this.widthBytes = column.type().widthBytes();
    }

    @Override
    final void putZero(int row) {
        Arrays.fill(values, row * widthBytes, (row + 1) * widthBytes, (byte) 0);
    }

    @Override
    final void allocate(int rows, int splitBytes) {
        values = new byte[Math.multiplyExact(rows, widthBytes)];
    }

    @Override
    final void reallocate(int rows) {
        values = Arrays.copyOf(values, Math.multiplyExact(rows, widthBytes));
    }

    @Override
    final byte[] values() {
        return values;
    }

    @Override
    final int length(int rows) {
        return rows * widthBytes;
    }

    @Override
    final void release() {
        values = NONE;
    }
}
