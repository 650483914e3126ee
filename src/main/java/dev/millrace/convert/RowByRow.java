package dev.millrace.convert;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// The rows of a file that has one row's values after the other's.
abstract class RowByRow implements Rows {
    /// So much is read ahead, in bytes; one row whatever its length.
    private static final int MOST_BYTES = 64 << 10;

    /// What [#read] found.
    enum Found {
        /// A value of each column.
        ROW,
        /// A row that stands in [#line].
        LINE,
        NOTHING
    }

    private final JsonText line = new JsonText();
    private List<ColumnValues> values = List.of();
    private int mostRows;
    private boolean hasLine;
    private boolean ended;

    /// Reads the next row: [ends][ColumnValues#end] a value of each column, or writes a [#line].
    ///
    /// @param into one for each column
    abstract Found read(List<ColumnValues> into) throws IOException;

    @Override
    public final int next() throws IOException {
        if (values.isEmpty()) {
            open();
        }
        if (hasLine) {
            hasLine = false;
            return LINE;
        }
        values.forEach(ColumnValues::clear);
        var rows = 0;
        for (var bytes = 0L; !ended && rows < mostRows && bytes < MOST_BYTES; rows++) {
            line.clear();
            line.startValue();
            var found = read(values);
            if (found == Found.LINE) {
                hasLine = rows > 0;
                return hasLine ? rows : LINE;
            }
            if (found == Found.NOTHING) {
                ended = true;
                return rows;
            }
            for (var column : values) {
                bytes += column.length(rows);
            }
        }
        return rows;
    }

    private void open() {
        var columns = columns().size();
        values = Stream.generate(() -> new ColumnValues(columns)).limit(columns).toList();
        mostRows = ColumnValues.mostRows(columns);
    }

    @Override
    public final List<ColumnValues> values() {
        return values;
    }

    @Override
    public final JsonText line() {
        return line;
    }
}
