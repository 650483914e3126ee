package dev.millrace.convert;

import org.apache.parquet.column.ColumnReader;

/// The values of a column's dictionary as JSON, each written once, when it is met first. Not
/// thread-safe.
final class DictionaryText {
    /// What [#find] returns for a value that there is no room for.
    static final int NONE = -1;

    private static final int MOST_BYTES = 4 << 20;

    private final ParquetValue value;
    private final ParquetPages pages;
    private final JsonText text = new JsonText();
    private final int nullEnd;

    /// Where each value stands; at 0, where `null` does, until it is written.
    private int[] starts = new int[0];

    private int[] ends = starts;

    /// How each is written, one of the constants of [dev.millrace.core.RecordBlock].
    private byte[] written = new byte[0];

    private int values;
    private int mostBytes;
    private boolean isOpen;

    /// @param values how many there are; 0 of a column without a dictionary
    DictionaryText(ParquetValue value, ParquetPages pages, int values) {
        this.value = value;
        this.values = values;
        this.pages = pages;
        text.nothing();
        nullEnd = text.length();
    }

    /// Makes ready to be asked.
    ///
    /// @return false when there is no memory, or none left
    boolean open() {
        if (!isOpen && values > 0) {
            var most = Math.min(MOST_BYTES, 2 * pages.dictionaryBytes() + 8L * values);
            isOpen = pages.reserve(most + most / 2 + (2L * Integer.BYTES + 1) * values);
            if (isOpen) {
                mostBytes = (int) most;
                starts = new int[values];
                ends = new int[values];
                written = new byte[values];
            }
            values = 0;
        }
        return isOpen;
    }

    /// Writes the value where the reader stands, unless it is written already.
    ///
    /// @return its number, or [#NONE] when there is no room for it, nor for others from now on
    int find(ColumnReader from) {
        var number = from.getCurrentValueDictionaryID();
        if (starts[number] == 0) {
            var start = text.length();
            text.startValue();
            value.write(from, text);
            if (text.length() > mostBytes) {
                text.cutOff(start);
                isOpen = false;
                return NONE;
            }
            starts[number] = start;
            ends[number] = text.length();
            written[number] = text.written();
        }
        return number;
    }

    /// Where in [#bytes] a value begins that was found.
    int start(int number) {
        return starts[number];
    }

    int end(int number) {
        return ends[number];
    }

    byte written(int number) {
        return written[number];
    }

    /// Where `null` ends, which begins at 0.
    int nullEnd() {
        return nullEnd;
    }

    /// Of all values found so far; another array when more are.
    byte[] bytes() {
        return text.bytes();
    }
}
