package dev.millrace;

import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column's bytes taken apart, plainly: a ByteBuffer of each value's bytes, null for NULL, a List
/// for an array. Shares no code with what wrote them.
public final class ColumnValues {
    /// All runs, one behind the other.
    private final ByteBuffer bytes;

    private ColumnValues(ColumnData data) {
        var all = new ByteArrayOutputStream();
        data.runs().forEach(run -> all.write(run.bytes(), 0, run.length()));
        this.bytes = ByteBuffer.wrap(all.toByteArray());
    }

    public static List<@Nullable Object> of(ColumnData data, int rows) {
        var values = new ColumnValues(data);
        var read = values.read(data.column().type(), rows);
        if (values.bytes.hasRemaining()) {
            throw new AssertionError(
                    "%s has %d bytes too many".formatted(data.column(), values.bytes.remaining()));
        }
        return read;
    }

    private List<@Nullable Object> read(ColumnType type, int rows) {
        var nulls = type.isNullable() ? next(rows) : null;
        var values =
                switch (type.base()) {
                    case ColumnType.Array(ColumnType element) -> arrays(element, rows);
                    case ColumnType.Text _ -> texts(rows);
                    case ColumnType.Scalar scalar -> fixed(scalar.widthBytes(), rows);
                    case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                            throw new AssertionError(type);
                };
        for (var row = 0; nulls != null && row < rows; row++) {
            if (nulls.get(row) == 1) {
                values.set(row, null);
            }
        }
        return values;
    }

    private List<@Nullable Object> fixed(int width, int rows) {
        var fixed = next(rows * width);
        var values = new ArrayList<@Nullable Object>();
        for (var row = 0; row < rows; row++) {
            values.add(fixed.slice(row * width, width).order(ByteOrder.LITTLE_ENDIAN));
        }
        return values;
    }

    private List<@Nullable Object> texts(int rows) {
        var values = new ArrayList<@Nullable Object>();
        for (var row = 0; row < rows; row++) {
            var length = 0;
            var shift = 0;
            byte b;
            do {
                b = bytes.get();
                length |= (b & 0x7F) << shift;
                shift += 7;
            } while (b < 0);
            values.add(next(length));
        }
        return values;
    }

    private List<@Nullable Object> arrays(ColumnType element, int rows) {
        var offsets = next(rows * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        var all = rows == 0 ? 0 : (int) offsets.getLong((rows - 1) * Long.BYTES);
        var elements = read(element, all);
        var values = new ArrayList<@Nullable Object>();
        var from = 0;
        for (var row = 0; row < rows; row++) {
            var to = (int) offsets.getLong(row * Long.BYTES);
            values.add(new ArrayList<>(elements.subList(from, to)));
            from = to;
        }
        return values;
    }

    private ByteBuffer next(int length) {
        var next = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return next;
    }
}
