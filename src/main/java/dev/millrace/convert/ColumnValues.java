package dev.millrace.convert;

import dev.millrace.core.LittleEndian;

/// Values of one column, as JSON, that were read and wait for the other columns' values of the same
/// rows: then they go into a block together. Not thread-safe.
class ColumnValues {
    /// How many rows are read ahead, at most.
    static final int MOST_ROWS = 256;

    /// How much all columns together read ahead, in values and in bytes; one value is read whatever
    /// its length.
    private static final int VALUES_OF_ALL = 1 << 18;

    private static final int BYTES_OF_ALL = 8 << 20;
    private static final int MOST_BYTES = 64 << 10;

    /// An array so many times as long as what is read ahead is not kept.
    private static final int LONG = 4;

    private final int mostBytes;
    private final int[] starts;
    private final int[] ends;
    private final byte[] written;
    private JsonText own = new JsonText();

    /// What holds the values: the text of its own, or another.
    private byte[] bytes = own.bytes();

    /// Whether each value begins in [#bytes] where the one before it ends.
    private boolean areInOrder = true;

    private int next;
    private int count;

    /// What [#measure] found: how many bytes each value's length takes, 0 when all are as long, and
    /// what all are written as, or [RowBlock#EACH].
    private int width;

    private byte writtenAll;
    private int valueBytes;

    /// @param columns how many columns the file has
    ColumnValues(int columns) {
        mostBytes = Math.min(MOST_BYTES, BYTES_OF_ALL / columns);
        starts = new int[mostRows(columns)];
        ends = new int[starts.length];
        written = new byte[starts.length];
    }

    /// How many rows are read ahead of a file with so many columns.
    static int mostRows(int columns) {
        return Math.clamp(VALUES_OF_ALL / Math.max(columns, 1), 1, MOST_ROWS);
    }

    /// How many values wait.
    final int waiting() {
        return count - next;
    }

    /// Lets go of the next values, which are in a block now.
    final void taken(int values) {
        next += values;
    }

    /// Begins to fill with values of its own; none waits.
    final void clear() {
        next = 0;
        count = 0;
        areInOrder = true;
        if (own.bytes().length > LONG * mostBytes) {
            own = new JsonText();
        }
        own.clear();
        bytes = own.bytes();
    }

    /// Whether there is room for one more value.
    final boolean hasRoom() {
        return count < starts.length && (count == 0 || own.length() < mostBytes);
    }

    /// Begins a value of its own.
    ///
    /// @return where to write it, before [#end]
    final JsonText begin() {
        own.startValue();
        starts[count] = own.length();
        return own;
    }

    /// Ends the value that was begun.
    ///
    /// @return how long it is
    final int end() {
        bytes = own.bytes();
        ends[count] = own.length();
        written[count] = own.written();
        count++;
        return own.length() - starts[count - 1];
    }

    /// The bytes of an array of its own that is much longer than what is read ahead; 0 when there
    /// is none.
    final int longBytes() {
        return bytes == own.bytes() && bytes.length > LONG * mostBytes ? bytes.length : 0;
    }

    /// Takes values that stand somewhere else, in any order; none waits.
    ///
    /// @param from tells of each where it stands
    /// @return how many there were
    final int fill(Elsewhere from, int most) {
        clear();
        count = from.find(most, starts, ends, written);
        if (count > 0) {
            areInOrder = false;
            bytes = from.bytes();
        }
        return count;
    }

    /// Where values stand that are not a column's own.
    interface Elsewhere {
        /// @param starts to be filled with where each one begins in [#bytes]
        /// @param ends and where it ends
        /// @param written and how it is written, one of [RecordBlock]'s constants
        /// @return how many there were, `most` at most
        int find(int most, int[] starts, int[] ends, byte[] written);

        /// What holds the values that were found.
        byte[] bytes();
    }

    /// How long the next value of some is.
    final int length(int which) {
        return ends[next + which] - starts[next + which];
    }

    /// Writes the next value of some at the end of a text.
    final void append(int which, JsonText out) {
        out.raw(bytes, starts[next + which], ends[next + which]);
    }

    /// What the next values take in a block, in bytes.
    final int measure(int values) {
        var shortest = Integer.MAX_VALUE;
        var longest = 0;
        var all = 0;
        var first = written[next];
        var differ = 0;
        for (var i = next; i < next + values; i++) {
            var length = ends[i] - starts[i];
            shortest = Math.min(shortest, length);
            longest = Math.max(longest, length);
            all += length;
            differ |= written[i] ^ first;
        }
        width =
                shortest == longest
                        ? 0
                        : longest <= 0xFF ? 1 : longest <= 0xFFFF ? Short.BYTES : Integer.BYTES;
        writtenAll = differ == 0 ? first : RowBlock.EACH;
        valueBytes = all;
        return 1
                + (writtenAll == RowBlock.EACH ? values : 0)
                + (width == 0 ? Integer.BYTES : width * values)
                + all;
    }

    /// Writes the next values, which were [measured][#measure], as [RowBlock] says.
    ///
    /// @return the byte behind them
    final int write(int values, byte[] into, int from) {
        var at = from;
        into[at++] = (byte) (writtenAll << RowBlock.WRITTEN_SHIFT | width);
        if (writtenAll == RowBlock.EACH) {
            System.arraycopy(written, next, into, at, values);
            at += values;
        }
        at = writeLengths(values, into, at);
        if (areInOrder) {
            System.arraycopy(bytes, starts[next], into, at, valueBytes);
            return at + valueBytes;
        }
        for (var i = next; i < next + values; i++) {
            var length = ends[i] - starts[i];
            System.arraycopy(bytes, starts[i], into, at, length);
            at += length;
        }
        return at;
    }

    private int writeLengths(int values, byte[] into, int from) {
        switch (width) {
            case 0 -> {
                LittleEndian.putInt(into, from, ends[next] - starts[next]);
                return from + Integer.BYTES;
            }
            case 1 -> {
                for (var i = 0; i < values; i++) {
                    into[from + i] = (byte) (ends[next + i] - starts[next + i]);
                }
            }
            case Short.BYTES -> {
                for (var i = 0; i < values; i++) {
                    LittleEndian.putShort(
                            into,
                            from + i * Short.BYTES,
                            (short) (ends[next + i] - starts[next + i]));
                }
            }
            default -> {
                for (var i = 0; i < values; i++) {
                    LittleEndian.putInt(
                            into, from + i * Integer.BYTES, ends[next + i] - starts[next + i]);
                }
            }
        }
        return from + width * values;
    }
}
