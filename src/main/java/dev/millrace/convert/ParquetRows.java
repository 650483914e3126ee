package dev.millrace.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// The rows of a Parquet file. Of each column a page, a dictionary and the values of some hundred
/// rows are in memory. Not thread-safe.
final class ParquetRows implements Rows {
    private final ParquetFile file;
    private final PageMemory memory;
    private final List<String> names;
    private final List<ParquetValues> columns;
    private final int mostRows;
    private final ParquetGroups groups;
    private long rowsLeft;
    private boolean opened;

    private ParquetRows(ParquetFile file, PageMemory memory) throws IOException {
        this.file = file;
        this.memory = memory;
        var metadata = file.metadata();
        var schema = metadata.getSchema();
        if (schema == null || schema.isEmpty()) {
            throw Trouble.damaged("The Parquet source is damaged: it has no schema");
        }
        var fields = ParquetSchema.read(schema);
        names = fields.names();
        columns =
                IntStream.range(0, names.size())
                        .mapToObj(i ->
                                new ParquetValues(
                                        names.get(i), fields.fields().get(i), memory, names.size()))
                        .toList();
        mostRows = ColumnValues.mostRows(names.size());
        groups = new ParquetGroups(file, metadata, memory);
    }

    static ParquetRows open(Path path) throws IOException {
        var file = ParquetFile.open(path);
        var memory = PageMemory.ofHeap();
        var isOpen = false;
        try {
            var rows = new ParquetRows(file, memory);
            isOpen = true;
            return rows;
        } finally {
            if (!isOpen) {
                memory.close();
                file.close();
            }
        }
    }

    @Override
    public List<String> columns() {
        return names;
    }

    @Override
    public int next() {
        if (rowsLeft == 0) {
            if (opened) {
                columns.forEach(ParquetValues::close);
            }
            rowsLeft = groups.open(columns);
            opened = rowsLeft > 0;
            if (!opened) {
                return 0;
            }
        }
        var rows = read((int) Math.min(rowsLeft, mostRows));
        rowsLeft -= rows;
        return rows;
    }

    /// Reads every column of which no value waits.
    ///
    /// @return of how many rows each column has a value now: fewer than asked for where one is at
    ///   the end of a page, or has long values; never more than are left of one that was read
    ///   ahead, so that all are read in step again
    private int read(int most) {
        var rows = most;
        for (var column : columns) {
            rows = column.waiting() == 0 ? rows : Math.min(rows, column.waiting());
        }
        for (var column : columns) {
            if (column.waiting() == 0) {
                column.read(rows);
                rows = Math.min(rows, column.waiting());
            }
        }
        return rows;
    }

    @Override
    public List<ParquetValues> values() {
        return columns;
    }

    /// Each row has a value of each column.
    @Override
    public JsonText line() {
        throw new IllegalStateException("A row of Parquet is never a line");
    }

    @Override
    public String where() {
        return "row group %d".formatted(groups.number());
    }

    @Override
    public void close() throws IOException {
        memory.close();
        file.close();
    }
}
