package dev.millrace.clickhouse;

import dev.millrace.core.Batch;
import dev.millrace.core.ColumnData;
import dev.millrace.core.LittleEndian;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows as one block of ClickHouse's Native format, written straight from the columns' own arrays.
/// Immutable as long as those arrays are left alone.
///
/// The format (ClickHouse's documentation, "Native"; revision 0, as HTTP speaks it): the number of
/// columns and of rows, then for each column its name, its type and its values, as [ColumnData]
/// holds them. Numbers and lengths are unsigned LEB128. Into a LowCardinality column ClickHouse
/// takes the plain values and makes the dictionary itself.
///
/// @param rowIds the values of `_millrace_row` in its first `rows` elements, or null for a block
///   without that column
record NativeBlock(List<ColumnData> columns, int rows, long @Nullable [] rowIds) {
    private static final int CHUNK_BYTES = 1 << 16;

    static NativeBlock of(Batch batch) {
        return new NativeBlock(batch.columns(), batch.rows(), batch.rowIds());
    }

    /// The column list of an INSERT: the block itself names its columns, and ClickHouse refuses one
    /// that the table has not. (The client sends this text in the URL, which ten thousand names
    /// would not fit into.)
    String columnList() {
        return rowIds == null ? "*" : "*, " + Lineage.ROW;
    }

    void writeTo(OutputStream out) throws IOException {
        var head = new Head(out);
        head.number(columns.size() + (rowIds == null ? 0 : 1));
        head.number(rows);
        for (var data : columns) {
            head.text(data.column().name());
            head.text(data.column().type().plain().name());
            head.flush();
            for (var run : data.runs()) {
                out.write(run.bytes(), 0, run.length());
            }
        }
        if (rowIds != null) {
            head.text(Lineage.ROW);
            head.text(Lineage.ROW_TYPE);
            head.flush();
            writeLongs(rowIds, rows, out);
        }
    }

    private static void writeLongs(long[] values, int count, OutputStream out) throws IOException {
        var chunk = new byte[Math.min(CHUNK_BYTES, count * Long.BYTES)];
        for (var i = 0; i < count; ) {
            var end = Math.min(count, i + chunk.length / Long.BYTES);
            var length = 0;
            for (; i < end; i++, length += Long.BYTES) {
                LittleEndian.putLong(chunk, length, values[i]);
            }
            out.write(chunk, 0, length);
        }
    }

    /// The small things between the columns, gathered so that each costs no write of its own.
    private static final class Head {
        private final OutputStream out;
        private final GrowingBytes bytes = new GrowingBytes(512);

        Head(OutputStream out) {
            this.out = out;
        }

        void number(int value) {
            bytes.addLength(value);
        }

        void text(String value) {
            bytes.addText(value);
        }

        void flush() throws IOException {
            out.write(bytes.array(), 0, bytes.length());
            bytes.clear();
        }
    }
}
