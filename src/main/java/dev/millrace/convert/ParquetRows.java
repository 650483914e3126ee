package dev.millrace.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The rows of a Parquet file. Of each column a page, a dictionary and the JSON of some hundred
/// rows are in memory. Not thread-safe.
final class ParquetRows implements Rows {
    private final ParquetFile file;
    private final PageMemory memory;
    private final List<String> names;
    private final ColumnText[] columns;
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
        columns = new ColumnText[names.size()];
        for (var i = 0; i < columns.length; i++) {
            columns[i] =
                    new ColumnText(names.get(i), fields.fields().get(i), memory, columns.length);
        }
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
    public boolean next(JsonText out) {
        if (rowsLeft == 0) {
            if (opened) {
                for (var column : columns) {
                    column.end();
                }
            }
            rowsLeft = groups.open(columns);
            opened = rowsLeft > 0;
            if (!opened) {
                return false;
            }
        }
        out.put('[');
        for (var i = 0; i < columns.length; i++) {
            out.separate(i == 0);
            columns[i].write(out, rowsLeft);
        }
        out.put(']');
        rowsLeft--;
        return true;
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
