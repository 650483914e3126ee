package dev.millrace.validate;

import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import java.util.Arrays;
import java.util.List;

/// A column whose values all have one width.
abstract sealed class FixedParser extends ColumnParser
        permits WholeParser,
                WideWholeParser,
                FloatingParser,
                DecimalParser,
                FixedTextParser,
                EnumParser,
                BoolParser,
                UuidParser,
                IpV4Parser,
                IpV6Parser,
                DateParser,
                DateTimeParser {
    private static final byte[] NONE = new byte[0];

    /// The rows in their width one after the other; subclasses write at row × width.
    byte[] values = NONE;

    final int widthBytes;

    FixedParser(ColumnType type) {
        super(type);
        this.widthBytes = type.widthBytes();
    }

    /// How its values compare.
    final Order order() {
        return Order.of(type().base());
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
    final void addValues(int rows, List<ColumnData.Run> runs) {
        runs.add(new ColumnData.Run(values, rows * widthBytes));
    }

    @Override
    final void release() {
        values = NONE;
    }
}
