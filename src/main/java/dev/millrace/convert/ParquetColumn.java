package dev.millrace.convert;

import dev.millrace.core.RecordBlock;
import java.util.Objects;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;

/// One column of a Parquet file.
final class ParquetColumn implements ParquetField, ColumnValues.Elsewhere {
    private final ColumnDescriptor descriptor;
    private final ParquetValue value;
    private final int maxDefinition;
    private ParquetGroups.@Nullable Opened opened;
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
        opened = columns.next(descriptor, value);
        left = opened.values();
    }

    private ParquetGroups.Opened opened() {
        if (opened == null || left == 0) {
            throw Trouble.damaged(
                    "The Parquet source is damaged: column %s ends before the others"
                            .formatted(ParquetSchema.name(descriptor)));
        }
        return opened;
    }

    private ColumnReader reader() {
        return opened().reader();
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

    /// Reads entries of which each has its value in the dictionary, or is null: fewer than asked
    /// for before a page that has its values itself, and when there is no memory for more of the
    /// dictionary.
    @Override
    public int find(int most, int[] starts, int[] ends, byte[] written) {
        var from = opened();
        var dictionary = from.dictionary();
        var reader = from.reader();
        var count = 0;
        while (count < most && left > 0 && from.pages().isOfDictionary() && dictionary.open()) {
            if (reader.getCurrentDefinitionLevel() < maxDefinition) {
                starts[count] = 0;
                ends[count] = dictionary.nullEnd();
                written[count] = RecordBlock.NULL;
            } else {
                var number = dictionary.find(reader);
                if (number == DictionaryText.NONE) {
                    break;
                }
                starts[count] = dictionary.start(number);
                ends[count] = dictionary.end(number);
                written[count] = dictionary.written(number);
            }
            reader.consume();
            left--;
            count++;
        }
        return count;
    }

    /// The values of the dictionary that were read so far, as JSON.
    @Override
    public byte[] bytes() {
        return Objects.requireNonNull(opened).dictionary().bytes();
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
