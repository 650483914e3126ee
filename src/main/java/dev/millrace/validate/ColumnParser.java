package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one column and keeps their values as ClickHouse's Native format wants them.
///
/// A parser writes at the row that it is told, and may be told the same row again: a row that turns
/// out bad leaves nothing behind but what the next one overwrites. Spaces and tabs around an
/// unquoted field do not count, except in text. Not thread-safe.
abstract sealed class ColumnParser permits FixedParser, TextParser {
    private static final byte[] NO_NULLS = new byte[0];

    private final Column column;
    private final boolean nullable;
    private final boolean isText;
    private byte[] nulls = NO_NULLS;

    ColumnParser(Column column) {
        this.column = column;
        this.nullable = column.type().isNullable();
        this.isText = column.type().base() instanceof ColumnType.Text;
    }

    /// @param share a guess at the part of a split's bytes that the column takes, 0 to 1
    static ColumnParser of(Column column, double share) {
        return of(column, column.type(), share);
    }

    private static ColumnParser of(Column column, ColumnType type, double share) {
        return switch (type) {
            case ColumnType.Whole whole ->
                    whole.bits() <= Long.SIZE
                            ? new WholeParser(column, whole)
                            : new WideWholeParser(column, whole);
            case ColumnType.Floating floating -> new FloatingParser(column, floating);
            case ColumnType.Text _ -> new TextParser(column, share);
            case ColumnType.Bool _ -> new BoolParser(column);
            case ColumnType.Date _ -> new DateParser(column);
            case ColumnType.DateTime _ -> new DateTimeParser(column);
            case ColumnType.Nullable(ColumnType base) -> of(column, base, share);
        };
    }

    final Column column() {
        return column;
    }

    /// Takes fresh buffers for so many rows.
    ///
    /// @param splitBytes the bytes that all columns' fields take together, more or less
    final void begin(int rows, int splitBytes) {
        nulls = nullable ? new byte[rows] : NO_NULLS;
        allocate(rows, splitBytes);
    }

    /// Makes room for so many rows, more than there was.
    final void growTo(int rows) {
        nulls = nullable ? Arrays.copyOf(nulls, rows) : NO_NULLS;
        reallocate(rows);
    }

    /// Reads a field into a row.
    ///
    /// @return why the column cannot hold it, or null when it does
    final @Nullable RejectionCode read(byte[] bytes, int start, int end, boolean quoted, int row) {
        var from = start;
        var to = end;
        if (!isText && !quoted) {
            while (from < to && isBlank(bytes[from])) {
                from++;
            }
            while (from < to && isBlank(bytes[to - 1])) {
                to--;
            }
        }
        if (from == to && (!isText || (nullable && !quoted))) {
            return readEmpty(row);
        }
        if (nullable) {
            nulls[row] = 0;
        }
        return parse(bytes, from, to, row);
    }

    private @Nullable RejectionCode readEmpty(int row) {
        if (!nullable) {
            return RejectionCode.NULL_VALUE;
        }
        nulls[row] = 1;
        putZero(row);
        return null;
    }

    /// The first rows as a column; this parser lets go of the buffers.
    final ColumnData finish(int rows) {
        var data = new ColumnData(column, values(), length(rows), nullable ? nulls : null);
        nulls = NO_NULLS;
        release();
        return data;
    }

    /// A column of NULLs, for a Nullable one that the header lacks.
    final ColumnData allNull(int rows) {
        var ones = new byte[rows];
        Arrays.fill(ones, (byte) 1);
        var width = column.type().widthBytes();
        // An empty text is one byte as well: its length, 0.
        var length = Math.multiplyExact(rows, Math.max(width, 1));
        return new ColumnData(column, new byte[length], length, ones);
    }

    /// Reads a field that is not empty, unless this is text.
    abstract @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row);

    /// Writes what stands in the place of a NULL.
    abstract void putZero(int row);

    abstract void allocate(int rows, int splitBytes);

    abstract void reallocate(int rows);

    abstract byte[] values();

    /// The bytes that so many rows take.
    abstract int length(int rows);

    abstract void release();

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
