package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Array: elements in brackets with commas between them, `[1, 2]`, `['a', 'b']` or `["a", "b"]`.
///
/// Texts stand in single or double quotes, in which a backslash escapes (`\\`, `\'`, `\"`, `\/`,
/// `\b`, `\f`, `\n`, `\r`, `\t`, `\0`, `\u20AC`; any other is refused); other values may. `NULL`
/// without quotes, in any case, is NULL in an array of a Nullable. Spaces and tabs around elements
/// do not count.
final class ArrayParser extends ColumnParser {
    private static final byte[] NONE = new byte[0];

    /// What the elements take that there is room for at first: a model may have 10,000 arrays.
    private static final int FIRST_BYTES = 4096;

    /// Why an element did not fit.
    ///
    /// @param path the element's number, from 1; in arrays of arrays those from the outermost on,
    ///   such as `2.1`
    record Fault(ColumnType type, String observed, String path) {
        /// The same as the array sees it that the element's array is an element of.
        private Fault within(int number) {
            return new Fault(type, observed, number + "." + path);
        }
    }

    private final ColumnParser element;
    private final boolean isText;
    private final int elementBytes;
    private final ElementRoom room;
    private final ElementText text = new ElementText();
    private byte[] offsets = NONE;
    private int capacity;
    private int kept;
    private int written;

    /// How many elements were written before the text that was read last.
    private int before;

    private boolean standard;
    private @Nullable RejectionCode error;
    private @Nullable Fault fault;

    ArrayParser(Column column, ColumnType.Array type, double share, ElementRoom room) {
        super(type);
        this.element = ColumnParser.of(column, type.element(), share, room);
        this.elementBytes = leastBytes(type.element());
        this.room = room;
        this.isText = type.element().isText();
    }

    /// The element that the last text failed at, or null when it was no array at all.
    @Nullable Fault fault() {
        return fault;
    }

    /// How many elements the text that was read last has.
    int elements() {
        return written - before;
    }

    @Override
    boolean parseAll(RecordBlock block, int first, int row) {
        for (var i = 0; i < block.records; i++) {
            room.choose(i);
            var place = first + i;
            if (parse(block.bytes, block.starts[place], block.ends[place], row + i) != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable RejectionCode parseStandard(byte[] bytes, int start, int end, int row) {
        readStandard(true);
        var error = parse(bytes, start, end, row);
        readStandard(false);
        return error;
    }

    /// Has the elements read in their type's standard form.
    private void readStandard(boolean standard) {
        this.standard = standard;
        if (element instanceof ArrayParser inner) {
            inner.readStandard(standard);
        }
    }

    @Override
    @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row) {
        before = written;
        var after = readArray(bytes, start, end, row);
        if (after < 0) {
            return error;
        }
        return after == end ? null : RejectionCode.NOT_AN_ARRAY;
    }

    /// Reads the array that begins here.
    ///
    /// @return where it ends, or -1 when it is none, and [#error] says why
    private int readArray(byte[] bytes, int start, int end, int row) {
        error = RejectionCode.NOT_AN_ARRAY;
        if (start == end || bytes[start] != '[') {
            return -1;
        }
        var i = skipBlanks(bytes, start + 1, end);
        if (i < end && bytes[i] == ']') {
            putOffset(row);
            return i + 1;
        }
        for (var number = 1; i < end; number++) {
            i = readElement(bytes, i, end, number);
            if (i < 0) {
                return -1;
            }
            i = skipBlanks(bytes, i, end);
            if (i < end && bytes[i] == ']') {
                putOffset(row);
                return i + 1;
            }
            if (i == end || bytes[i] != ',') {
                return -1;
            }
            i = skipBlanks(bytes, i + 1, end);
        }
        return -1;
    }

    /// Reads the element that begins here; returns as [#readArray] does.
    private int readElement(byte[] bytes, int start, int end, int number) {
        // What a model gives has a limit of its own, and is asked for outside of rows too.
        if (!standard && !room.take(elementBytes)) {
            error = RejectionCode.TOO_LONG;
            return -1;
        }
        if (written == capacity) {
            growElements();
        }
        if (element instanceof ArrayParser inner) {
            var after = inner.readArray(bytes, start, end, written++);
            if (after < 0) {
                var why = inner.fault;
                error = inner.error;
                fault = why == null ? null : why.within(number);
            }
            return after;
        }
        var after = text.find(bytes, start, end);
        if (after < 0) {
            return -1;
        }
        var why = put();
        if (why != null) {
            error = why;
            fault = why == RejectionCode.NOT_AN_ARRAY ? null : fault(number);
            return -1;
        }
        return after;
    }

    private @Nullable RejectionCode put() {
        var row = written++;
        if (text.isNull()) {
            if (!element.type().isNullable()) {
                return RejectionCode.NULL_VALUE;
            }
            element.putNull(row);
            return null;
        }
        if (!text.isQuoted() && (isText || text.start() == text.end())) {
            return RejectionCode.NOT_AN_ARRAY;
        }
        if (!element.takesEmpty() && text.start() == text.end()) {
            return RejectionCode.NULL_VALUE;
        }
        return standard
                ? element.readStandard(text.bytes(), text.start(), text.end(), row)
                : element.read(text.bytes(), text.start(), text.end(), row);
    }

    private Fault fault(int number) {
        var observed = FieldText.of(text.bytes(), text.start(), text.end(), 200);
        return new Fault(element.type(), observed, Integer.toString(number));
    }

    private static int skipBlanks(byte[] bytes, int start, int end) {
        var i = start;
        while (i < end && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        return i;
    }

    private void putOffset(int row) {
        LittleEndian.putLong(offsets, row * Long.BYTES, written);
    }

    private void growElements() {
        capacity = Math.multiplyExact(capacity, 2);
        element.growTo(capacity);
    }

    @Override
    void rewind() {
        written = kept;
        fault = null;
        element.rewind();
    }

    @Override
    void keep() {
        kept = written;
        element.keep();
    }

    @Override
    void putZero(int row) {
        throw new IllegalStateException("An array is never NULL");
    }

    @Override
    void allocate(int rows, int splitBytes) {
        kept = 0;
        written = 0;
        capacity = Math.clamp(FIRST_BYTES / elementBytes, 1, Math.max(rows, 1));
        offsets = new byte[Math.multiplyExact(rows, Long.BYTES)];
        element.begin(capacity, splitBytes);
    }

    @Override
    void reallocate(int rows) {
        offsets = Arrays.copyOf(offsets, Math.multiplyExact(rows, Long.BYTES));
    }

    @Override
    void addValues(int rows, List<ColumnData.Run> runs) {
        runs.add(new ColumnData.Run(offsets, rows * Long.BYTES));
        element.finish(kept, runs);
    }

    @Override
    void release() {
        offsets = NONE;
        text.release();
    }
}
