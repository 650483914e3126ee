package dev.millrace.convert;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;

/// One column of a Parquet file.
final class ParquetColumn implements ParquetField {
    private final ColumnDescriptor descriptor;
    private final ParquetValue value;
    private final int maxDefinition;
    private @Nullable ColumnReader reader;
    private long left;

    ParquetColumn(ColumnDescriptor descriptor, ParquetValue value) {
        this.descriptor = descriptor;
        this.value = value;
        this.maxDefinition = descriptor.getMaxDefinitionLevel();
    }

    ColumnDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void open(ParquetGroups.Columns columns) {
        var opened = columns.next(descriptor);
        reader = opened.reader();
        left = opened.values();
    }

    private ColumnReader reader() {
        if (reader == null || left == 0) {
            throw Trouble.damaged(
                    "The Parquet source is damaged: column %s ends before the others"
                            .formatted(ParquetSchema.name(descriptor)));
        }
        return reader;
    }

    @Override
    public void write(JsonText out) {
        var from = reader();
        if (from.getCurrentDefinitionLevel() < maxDefinition) {
            out.nothing();
        } else {
            value.write(from, out);
        }
        from.consume();
        left--;
    }

    @Override
    public void skip() {
        reader().consume();
        left--;
    }

    @Override
    public boolean isBelow(int definition) {
        return reader().getCurrentDefinitionLevel() < definition;
    }

    @Override
    public boolean repeats(int repetition) {
        return left > 0 && reader().getCurrentRepetitionLevel() == repetition;
    }

    @Override
    public void end() {
        if (left != 0) {
            throw Trouble.damaged(
                    "The Parquet source is damaged: column %s has %,d values more than its rows"
                            .formatted(ParquetSchema.name(descriptor), left));
        }
    }
}
