package dev.millrace.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The rows of a Parquet file. Of each column a page and a dictionary are in memory. Not
/// thread-safe.
final class ParquetRows implements Rows {
    private final ParquetFile file;
    private final ParquetSchema.Fields fields;
    private final ParquetGroups groups;
    private long rowsLeft;
    private boolean opened;

    private ParquetRows(ParquetFile file) throws IOException {
        this.file = file;
        var metadata = file.metadata();
        var schema = metadata.getSchema();
        if (schema == null || schema.isEmpty()) {
            throw Trouble.damaged("The Parquet source is damaged: it has no schema");
        }
        fields = ParquetSchema.read(schema);
        groups = new ParquetGroups(file, metadata);
    }

    static ParquetRows open(Path path) throws IOException {
        var file = ParquetFile.open(path);
        var isOpen = false;
        try {
            var rows = new ParquetRows(file);
            isOpen = true;
            return rows;
        } finally {
            if (!isOpen) {
                file.close();
            }
        }
    }

    @Override
    public List<String> columns() {
        return fields.names();
    }

    @Override
    public boolean next(JsonText out) {
        if (rowsLeft == 0) {
            if (opened) {
                fields.record().end();
            }
            rowsLeft = groups.open(fields.record());
            opened = rowsLeft > 0;
            if (!opened) {
                return false;
            }
        }
        if (!fields.record().repeats(0)) {
            throw Trouble.damaged(
                    "The Parquet source is damaged in %s: a row begins within a list"
                            .formatted(where()));
        }
        rowsLeft--;
        fields.record().write(out);
        return true;
    }

    @Override
    public String where() {
        return "row group %d".formatted(groups.number());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
