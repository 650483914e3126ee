package dev.millrace.convert;

import org.jspecify.annotations.Nullable;

/// One of the columns of a Parquet file's rows, as JSON: read some hundred rows ahead, since values
/// of one column after the other take a fraction of the time that a row's take. Not thread-safe.
final class ColumnText {
    private static final int MOST_ROWS = 256;
    private static final int MOST_BYTES = 64 << 10;

    /// How much all columns together read ahead, in values and in bytes; one value is read whatever
    /// its length.
    private static final int VALUES_OF_ALL = 1 << 18;

    private static final int BYTES_OF_ALL = 8 << 20;

    /// An array so many times as long as what is read ahead is not kept.
    private static final int LONG = 4;

    private final String name;
    private final ParquetField field;

    /// The field, where it is one value a row.
    private final @Nullable ParquetColumn flat;

    private final PageMemory memory;
    private final int mostBytes;
    private final int[] starts;
    private final int[] ends;
    private JsonText own = new JsonText();

    /// What holds the rows' values that were read ahead: the text of its own, or the dictionary's.
    private byte[] bytes = own.bytes();

    private int at;
    private int count;

    /// What a long text of its own took of the memory.
    private long taken;

    /// @param columns how many columns the file has
    ColumnText(String name, ParquetField field, PageMemory memory, int columns) {
        this.name = name;
        this.field = field;
        this.memory = memory;
        flat = field instanceof ParquetColumn column ? column : null;
        mostBytes = Math.min(MOST_BYTES, BYTES_OF_ALL / columns);
        starts = new int[Math.clamp(VALUES_OF_ALL / columns, 1, MOST_ROWS)];
        ends = new int[starts.length];
    }

    /// Begins at another row group.
    void open(ParquetGroups.Columns columns) {
        field.open(columns);
    }

    /// Damage when it has more values than its row group has rows.
    void end() {
        field.end();
    }

    /// Writes the next row's value.
    ///
    /// @param rowsLeft how many rows of the row group are not written, this one included
    void write(JsonText out, long rowsLeft) {
        if (at == count) {
            read((int) Math.min(rowsLeft, starts.length));
        }
        out.raw(bytes, starts[at], ends[at]);
        at++;
    }

    private void read(int rows) {
        at = 0;
        count = flat == null ? 0 : flat.readDictionary(rows, starts, ends);
        if (flat != null && count > 0) {
            bytes = flat.dictionaryText();
        } else {
            readOwn(rows);
        }
    }

    private void readOwn(int rows) {
        memory.give(taken);
        taken = 0;
        if (own.bytes().length > LONG * mostBytes) {
            own = new JsonText();
        }
        own.clear();
        while (count < rows && (count == 0 || own.length() < mostBytes)) {
            own.startRecord();
            starts[count] = own.length();
            writeOwn();
            ends[count++] = own.length();
        }
        bytes = own.bytes();
        if (bytes.length > LONG * mostBytes) {
            memory.take(bytes.length, "column " + name);
            taken = bytes.length;
        }
    }

    private void writeOwn() {
        if (flat == null && !field.repeats(0)) {
            throw Trouble.damaged(
                    "The Parquet source is damaged in column %s: a row begins within a list"
                            .formatted(name));
        }
        field.write(own);
    }
}
