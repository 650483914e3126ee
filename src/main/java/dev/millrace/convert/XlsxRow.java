package dev.millrace.convert;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One row of a sheet: its filled cells as JSON, by their columns. Reused from row to row. Not
/// thread-safe.
final class XlsxRow {
    /// Column XFD.
    static final int MAX_COLUMNS = 16_384;

    private final JsonText text = new JsonText();
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int width;
    private int filled;
    private int number;

    void clear(int number) {
        this.number = number;
        Arrays.fill(ends, 0, width, 0);
        text.clear();
        text.startValue();
        width = 0;
        filled = 0;
    }

    /// The row's number in its sheet, from 1.
    int number() {
        return number;
    }

    /// How many cells have something else than an empty text.
    int filled() {
        return filled;
    }

    /// One more than the last filled column.
    int width() {
        return width;
    }

    /// Where to write the value of the cell in this column, before [#end].
    JsonText begin(int column) {
        if (column >= starts.length) {
            var room = Math.min(MAX_COLUMNS, Math.max(column + 1, 2 * starts.length));
            starts = Arrays.copyOf(starts, room);
            ends = Arrays.copyOf(ends, room);
        }
        starts[column] = text.length();
        return text;
    }

    void end(int column) {
        ends[column] = text.length();
        width = Math.max(width, column + 1);
        var isEmptyText = ends[column] - starts[column] == 2;
        filled += isEmptyText && text.bytes()[starts[column]] == '"' ? 0 : 1;
    }

    boolean has(int column) {
        return column < width && ends[column] > 0;
    }

    void write(int column, JsonText out) {
        out.raw(text.bytes(), starts[column], ends[column]);
    }

    /// The cell's text without quotes and escapes, null when it has none.
    @Nullable String text(int column) {
        if (!has(column)) {
            return null;
        }
        var json =
                new String(
                        text.bytes(),
                        starts[column],
                        ends[column] - starts[column],
                        StandardCharsets.UTF_8);
        return json.startsWith("\"") ? JsonText.unquote(json) : json;
    }

    /// How much memory a copy takes, about.
    int bytes() {
        return text.length() + 8 * width;
    }

    XlsxRow copy() {
        var copy = new XlsxRow();
        copy.clear(number);
        for (var i = 0; i < width; i++) {
            if (has(i)) {
                write(i, copy.begin(i));
                copy.end(i);
            }
        }
        return copy;
    }
}
