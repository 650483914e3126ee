package dev.millrace.convert;

/// One of the columns of a Parquet file's rows: read some hundred rows ahead, since values of one
/// column after the other take a fraction of the time that a row's take. Not thread-safe.
final class ParquetValues extends ColumnValues {
    private final String name;
    private final ParquetField field;
    private final PageMemory memory;

    /// What a long text of its own took of the memory.
    private long taken;

    /// @param columns how many columns the file has
    ParquetValues(String name, ParquetField field, PageMemory memory, int columns) {
        super(columns);
        this.name = name;
        this.field = field;
        this.memory = memory;
    }

    /// Begins at another row group.
    void open(ParquetGroups.Columns columns) {
        field.open(columns);
    }

    /// Damage when it has more values than its row group has rows.
    void close() {
        field.end();
    }

    /// Reads the next rows' values; none waits.
    ///
    /// @param rows how many at most, one at least
    void read(int rows) {
        if (!(field instanceof ParquetColumn flat) || fill(flat, rows) == 0) {
            readOwn(rows);
        }
    }

    private void readOwn(int rows) {
        memory.give(taken);
        taken = 0;
        clear();
        while (waiting() < rows && hasRoom()) {
            if (!(field instanceof ParquetColumn) && !field.repeats(0)) {
                throw Trouble.damaged(
                        "The Parquet source is damaged in column %s: a row begins within a list"
                                .formatted(name));
            }
            field.write(begin());
            end();
        }
        var bytes = longBytes();
        if (bytes > 0) {
            memory.take(bytes, "column " + name);
            taken = bytes;
        }
    }
}
