package dev.millrace.convert;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RecordBlock;
import java.util.Arrays;

/// Reads blocks of rows, one after the other, as [Conversion] writes them: of each column the
/// values of all rows together, as JSON. Not thread-safe.
///
/// A block is a byte that says [which kind][#ROWS] it is, and then, numbers lowest byte first:
///
/// - of rows: how many they are (4 bytes), how many columns (4), and each column: a byte with how
///   many bytes a length takes (0, 1, 2 or 4) in its lower three bits and how the values are
///   written above, one of [RecordBlock]'s constants, or [#EACH]; then, of each, how it is written,
///   a byte a value; then the lengths, or, where they take 0 bytes, the one of all values (4); then
///   the values without anything between them;
/// - of a line: how long it is (4), and the line, with its line break.
public final class RowBlock {
    static final byte ROWS = 1;
    static final byte LINE = 2;
    static final int ROWS_HEAD = 1 + 2 * Integer.BYTES;
    static final int LINE_HEAD = 1 + Integer.BYTES;
    static final byte EACH = 7;
    static final int WRITTEN_SHIFT = 3;

    private static final int WIDTH_BITS = 7;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int behind;
    private boolean isLine;
    private int rows;
    private int columns;
    private int[] starts = new int[0];
    private int[] ends = starts;
    private byte[] written = new byte[0];

    /// @param bytes holds blocks in `[from, end)`, and nothing else there; not changed, and not to
    ///   be changed while they are read
    public RowBlock(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.end = end;
        this.at = from;
        this.behind = from;
    }

    /// Goes to the next block.
    ///
    /// @return false when there is none
    /// @throws MillraceException STORE_DAMAGED when what is there is no block
    public boolean next() {
        if (behind == end) {
            return false;
        }
        at = behind;
        isLine = bytes[at] == LINE;
        if (isLine) {
            rows = 1;
            behind = at + LINE_HEAD + LittleEndian.getInt(bytes, at + 1);
        } else if (bytes[at] == ROWS) {
            readRows();
        } else {
            throw damaged("No block of rows begins with byte %d".formatted(bytes[at]));
        }
        if (behind > end) {
            throw damaged("A block of rows ends behind its split");
        }
        return true;
    }

    private static MillraceException damaged(String what) {
        return new MillraceException(
                ErrorCode.STORE_DAMAGED,
                what,
                "If the split was stored by another version of Millrace, load the file anew.",
                null);
    }

    private void readRows() {
        rows = LittleEndian.getInt(bytes, at + 1);
        columns = LittleEndian.getInt(bytes, at + 1 + Integer.BYTES);
        var values = Math.multiplyExact(rows, columns);
        if (starts.length < values) {
            starts = new int[values];
            ends = new int[values];
            written = new byte[values];
        }
        var place = at + ROWS_HEAD;
        for (var first = 0; first < values; first += rows) {
            place = readColumn(first, place);
        }
        behind = place;
    }

    /// @return the byte behind the column
    private int readColumn(int first, int from) {
        var form = bytes[from];
        var width = form & WIDTH_BITS;
        var writtenAll = (byte) (form >> WRITTEN_SHIFT);
        var place = from + 1;
        if (writtenAll == EACH) {
            System.arraycopy(bytes, place, written, first, rows);
            place += rows;
        } else {
            Arrays.fill(written, first, first + rows, writtenAll);
        }
        readLengths(first, width, place);
        place += width == 0 ? Integer.BYTES : width * rows;
        return writtenAll == EACH ? placeEach(first, place) : placeAll(first, writtenAll, place);
    }

    /// Puts the lengths where the ends belong.
    private void readLengths(int first, int width, int from) {
        switch (width) {
            case 0 -> Arrays.fill(ends, first, first + rows, LittleEndian.getInt(bytes, from));
            case 1 -> {
                for (var i = 0; i < rows; i++) {
                    ends[first + i] = bytes[from + i] & 0xFF;
                }
            }
            case Short.BYTES -> {
                for (var i = 0; i < rows; i++) {
                    ends[first + i] = LittleEndian.getShort(bytes, from + i * Short.BYTES) & 0xFFFF;
                }
            }
            default -> {
                for (var i = 0; i < rows; i++) {
                    ends[first + i] = LittleEndian.getInt(bytes, from + i * Integer.BYTES);
                }
            }
        }
    }

    private int placeAll(int first, byte writtenAll, int from) {
        var quote = quoteBytes(writtenAll);
        var place = from;
        for (var i = first; i < first + rows; i++) {
            starts[i] = place + quote;
            place += ends[i];
            ends[i] = place - quote;
        }
        return place;
    }

    private int placeEach(int first, int from) {
        var place = from;
        for (var i = first; i < first + rows; i++) {
            var quote = quoteBytes(written[i]);
            starts[i] = place + quote;
            place += ends[i];
            ends[i] = place - quote;
        }
        return place;
    }

    /// How many bytes of a value stand before its field's text, and as many behind it.
    public static int quoteBytes(byte written) {
        return written == RecordBlock.QUOTED || written == RecordBlock.ESCAPED ? 1 : 0;
    }

    /// Whether the block is one row that is a line of JSON of its own.
    public boolean isLine() {
        return isLine;
    }

    /// Where the line begins.
    public int lineStart() {
        return at + LINE_HEAD;
    }

    /// How many rows the block has.
    public int rows() {
        return rows;
    }

    /// How many columns; of a line none.
    public int columns() {
        return isLine ? 0 : columns;
    }

    /// Where the block begins.
    public int start() {
        return at;
    }

    /// The byte behind the block.
    public int behind() {
        return behind;
    }

    /// Where the fields of rows begin, those of a column together: the field of column c in row r
    /// stands at c times [#rows] plus r. Quotes are not counted. Another array after [#next].
    public int[] starts() {
        return starts;
    }

    /// The byte after each field's last.
    public int[] ends() {
        return ends;
    }

    /// How each is written, one of [RecordBlock]'s constants.
    public byte[] written() {
        return written;
    }
}
