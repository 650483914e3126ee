package dev.millrace.convert;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.VersionParser;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.VersionParser.VersionParseException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.jspecify.annotations.Nullable;

/// The row groups of a Parquet file, and the readers of their columns. Not thread-safe.
final class ParquetGroups {
    private final ParquetFile file;
    private final List<RowGroup> groups;
    private final @Nullable ParsedVersion writer;
    private final PageMemory memory;
    private List<ParquetPages> open = List.of();
    private int next;

    ParquetGroups(ParquetFile file, FileMetaData metadata, PageMemory memory) {
        this.file = file;
        this.memory = memory;
        var said = metadata.getRow_groups();
        this.groups = said == null ? List.of() : said;
        this.writer = writer(metadata);
        var rows = 0L;
        for (var group : groups) {
            if (group.getNum_rows() < 0 || group.getColumns() == null) {
                throw Trouble.damaged(
                        "The Parquet source is damaged: it has a row group of %,d rows"
                                .formatted(group.getNum_rows()));
            }
            rows += group.getNum_rows();
        }
        if (rows != metadata.getNum_rows()) {
            throw Trouble.damaged(
                    "The Parquet source is damaged: it says that it has %,d rows, and its row groups"
                                    .formatted(metadata.getNum_rows())
                            + " have %,d".formatted(rows));
        }
    }

    /// Some writers of old made differences between texts in another way.
    private static @Nullable ParsedVersion writer(FileMetaData metadata) {
        try {
            var parsed = VersionParser.parse(String.valueOf(metadata.getCreated_by()));
            return parsed.hasSemanticVersion() ? parsed : null;
        } catch (VersionParseException | RuntimeException _) {
            return null;
        }
    }

    /// The row group that was opened last, from 1.
    int number() {
        return next;
    }

    /// Opens the next row group that has rows.
    ///
    /// @return how many; 0 when there is none
    long open(List<ParquetValues> record) {
        open.forEach(ParquetPages::close);
        open = List.of();
        while (next < groups.size()) {
            var group = groups.get(next++);
            if (group.getNum_rows() > 0) {
                var columns = new Columns(group);
                open = columns.pages;
                for (var column : record) {
                    column.open(columns);
                }
                columns.end();
                return group.getNum_rows();
            }
        }
        return 0;
    }

    /// A column of a row group.
    ///
    /// @param pages where the reader reads
    /// @param dictionary what its dictionary holds, if it has one
    /// @param values how many entries it has, nulls included
    record Opened(
            ColumnReader reader, ParquetPages pages, DictionaryText dictionary, long values) {}

    /// The columns of one row group, in the schema's order.
    final class Columns {
        private final List<ColumnChunk> chunks;
        private final List<ParquetPages> pages = new ArrayList<>();

        Columns(RowGroup group) {
            var said = group.getColumns();
            chunks = said == null ? List.of() : said;
        }

        Opened next(ColumnDescriptor column, ParquetValue value) {
            var where =
                    "column %s of row group %d"
                            .formatted(ParquetSchema.name(column), ParquetGroups.this.next);
            if (pages.size() == chunks.size()) {
                throw Trouble.damaged(
                        "The Parquet source is damaged: it has no %s".formatted(where));
            }
            var chunk = metadata(chunks.get(pages.size()), where);
            var isSame =
                    chunk.getType() != null
                            && chunk.getType().name().equals(type(column))
                            && isAt(column, chunk.getPath_in_schema());
            var isFlat = column.getMaxRepetitionLevel() == 0;
            if (!isSame || chunk.getNum_values() <= 0) {
                throw Trouble.damaged(
                        "The Parquet source is damaged: %s is described as %s %s with %,d values"
                                .formatted(
                                        where,
                                        chunk.getType(),
                                        chunk.getPath_in_schema(),
                                        chunk.getNum_values()));
            }
            if (isFlat && chunk.getNum_values() != rows()) {
                throw Trouble.damaged(
                        "The Parquet source is damaged: %s has %,d values for %,d rows"
                                .formatted(where, chunk.getNum_values(), rows()));
            }
            var own = new ParquetPages(file, chunk, column, memory, where);
            pages.add(own);
            return isFlat ? flat(column, value, own) : repeated(column, value, own);
        }

        private Opened flat(ColumnDescriptor column, ParquetValue value, ParquetPages from) {
            var reader = new FlatReader(column, from, writer);
            var dictionary = new DictionaryText(value, from, reader.dictionaryValues());
            return new Opened(reader, from, dictionary, from.getTotalValueCount());
        }

        private Opened repeated(ColumnDescriptor column, ParquetValue value, ParquetPages from) {
            var reader = new ColumnReaderImpl(column, from, new PrimitiveConverter() {}, writer);
            var none = new DictionaryText(value, from, 0);
            return new Opened(reader, from, none, from.getTotalValueCount());
        }

        private static boolean isAt(ColumnDescriptor column, @Nullable List<String> path) {
            return path == null || path.equals(List.of(column.getPath()));
        }

        private long rows() {
            return groups.get(ParquetGroups.this.next - 1).getNum_rows();
        }

        private static String type(ColumnDescriptor column) {
            return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
                case BINARY -> "BYTE_ARRAY";
                case BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, FIXED_LEN_BYTE_ARRAY ->
                        column.getPrimitiveType().getPrimitiveTypeName().name();
            };
        }

        private static ColumnMetaData metadata(ColumnChunk chunk, String where) {
            if (chunk.isSetFile_path()) {
                throw Trouble.unsupported(
                        "The Parquet source has its values in other files: %s in '%s'"
                                .formatted(where, chunk.getFile_path()),
                        "Write it as one file.");
            }
            var metadata = chunk.getMeta_data();
            if (chunk.isSetCrypto_metadata() || metadata == null) {
                throw Trouble.unsupported(
                        "The Parquet source is encrypted in %s".formatted(where),
                        "Write it without encryption.");
            }
            return metadata;
        }

        /// Damage when there are more columns than the schema has.
        void end() {
            if (pages.size() != chunks.size()) {
                throw Trouble.damaged(
                        "The Parquet source is damaged: row group %d has %,d columns, its schema %,d"
                                .formatted(ParquetGroups.this.next, chunks.size(), pages.size()));
            }
        }
    }
}
