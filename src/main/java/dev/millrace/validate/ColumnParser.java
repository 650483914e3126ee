package dev.millrace.validate;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnData;
import dev.millrace.core.ColumnType;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.RejectionCode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one column and keeps their values as ClickHouse's Native format wants them.
///
/// A parser writes at the row that it is told, and may be told the same row again: a row that turns
/// out bad leaves nothing behind but what the next one overwrites. What has no fixed place for a
/// row (texts, arrays) is written behind what was kept, and counts once [#keep] is called. Not
/// thread-safe.
abstract sealed class ColumnParser permits FixedParser, TextParser, ArrayParser {
    private static final byte[] NO_NULLS = new byte[0];

    private final ColumnType type;
    private final boolean nullable;
    private final boolean takesEmpty;
    private byte[] nulls = NO_NULLS;

    ColumnParser(ColumnType type) {
        this.type = type;
        this.nullable = type.isNullable();
        this.takesEmpty =
                type.isText()
                        || (type.base() instanceof ColumnType.Enumeration(_, var elements)
                                && elements.stream().anyMatch(e -> e.name().isEmpty()));
    }

    /// @param share a guess at the part of a split's bytes that the column takes, 0 to 1
    /// @param room what the arrays of a row share
    static ColumnParser of(Column column, double share, ElementRoom room) {
        return of(column, column.type(), share, room);
    }

    /// @param type the column's, or that of the elements of its arrays
    static ColumnParser of(Column column, ColumnType type, double share, ElementRoom room) {
        return switch (type.base()) {
            case ColumnType.Whole whole ->
                    whole.bits() <= Long.SIZE
                            ? new WholeParser(type, whole)
                            : new WideWholeParser(type, whole);
            case ColumnType.Floating floating ->
                    new FloatingParser(type, floating, column.reading());
            case ColumnType.Decimal decimal -> new DecimalParser(type, decimal);
            case ColumnType.Text _ -> new TextParser(type, share);
            case ColumnType.FixedText _ -> new FixedTextParser(type);
            case ColumnType.Enumeration names -> new EnumParser(type, names);
            case ColumnType.Bool _ -> new BoolParser(type);
            case ColumnType.Uuid _ -> new UuidParser(type);
            case ColumnType.IpV4 _ -> new IpV4Parser(type);
            case ColumnType.IpV6 _ -> new IpV6Parser(type);
            case ColumnType.Date _ -> new DateParser(column, type, 0, 0xFFFF);
            case ColumnType.Date32 _ ->
                    new DateParser(column, type, Days.FIRST_OF_1900, Days.LAST_OF_2299);
            case ColumnType.Timestamp timestamp -> new DateTimeParser(column, type, timestamp);
            case ColumnType.Array array -> new ArrayParser(column, array, share, room);
            case ColumnType.Nullable _, ColumnType.LowCardinality _ ->
                    throw new IllegalStateException(type.name() + " has no base");
        };
    }

    /// What a value of a type takes in a batch in any case; an empty text is one byte, its length,
    /// and an empty array eight.
    static int leastBytes(ColumnType type) {
        var value = type instanceof ColumnType.Array ? Long.BYTES : Math.max(type.widthBytes(), 1);
        return value + (type.isNullable() ? 1 : 0);
    }

    final ColumnType type() {
        return type;
    }

    /// Whether the empty text is a value: it is one of a text, and a name that an enum may have.
    final boolean takesEmpty() {
        return takesEmpty;
    }

    /// Whether it is sure to refuse a text with a space or tab at either end, and `\N`.
    boolean refusesBlanks() {
        return false;
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

    /// Reads a value that is not NULL into a row.
    ///
    /// @return why the column cannot hold it, or null when it does
    final @Nullable RejectionCode read(byte[] bytes, int start, int end, int row) {
        if (nullable) {
            nulls[row] = 0;
        }
        return parse(bytes, start, end, row);
    }

    /// Reads a column of a block into the rows from `row` on; each field is as [#parse] takes it.
    ///
    /// @param first where the column's fields begin in the block
    /// @return false when the column cannot hold one of them
    final boolean readAll(RecordBlock block, int first, int row) {
        if (nullable) {
            Arrays.fill(nulls, row, row + block.records, (byte) 0);
        }
        return parseAll(block, first, row);
    }

    /// Reads a value in the type's standard form, whatever form the column's fields have.
    final @Nullable RejectionCode readStandard(byte[] bytes, int start, int end, int row) {
        if (nullable) {
            nulls[row] = 0;
        }
        return parseStandard(bytes, start, end, row);
    }

    /// Reads a value of the model's, in the type's standard form, as the first of one row.
    ///
    /// @return why it is none, or null when it is one
    final @Nullable RejectionCode readModelValue(byte[] text) {
        begin(1, text.length);
        return text.length == 0 && !takesEmpty
                ? RejectionCode.NULL_VALUE
                : readStandard(text, 0, text.length, 0);
    }

    /// Makes a row NULL; the column is Nullable.
    final void putNull(int row) {
        nulls[row] = 1;
        putZero(row);
    }

    /// Appends the first rows' runs of bytes; this parser lets go of the buffers.
    final void finish(int rows, List<ColumnData.Run> runs) {
        if (nullable) {
            runs.add(new ColumnData.Run(nulls, rows));
            nulls = NO_NULLS;
        }
        addValues(rows, runs);
        release();
    }

    /// Reads a field that is not empty, unless this takes empty ones.
    abstract @Nullable RejectionCode parse(byte[] bytes, int start, int end, int row);

    /// The same of a column of a block. Those types that are met most often have this very loop
    /// once more for themselves: the compiler puts what a type does with a field into its own loop,
    /// and cannot where one loop serves many types. Without them rows are read a sixth to a third
    /// slower.
    boolean parseAll(RecordBlock block, int first, int row) {
        for (var i = 0; i < block.records; i++) {
            var place = first + i;
            if (parse(block.bytes, block.starts[place], block.ends[place], row + i) != null) {
                return false;
            }
        }
        return true;
    }

    /// The same of a text in the type's standard form.
    @Nullable RejectionCode parseStandard(byte[] bytes, int start, int end, int row) {
        return parse(bytes, start, end, row);
    }

    /// Writes what stands in the place of a NULL.
    abstract void putZero(int row);

    abstract void allocate(int rows, int splitBytes);

    abstract void reallocate(int rows);

    abstract void addValues(int rows, List<ColumnData.Run> runs);

    abstract void release();

    /// Forgets what was written behind what was kept.
    void rewind() {}

    /// Keeps what was written.
    void keep() {}
}
