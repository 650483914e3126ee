package dev.millrace.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.jspecify.annotations.Nullable;

/// The pages of one column in one row group, read and unpacked one after the other: of a column no
/// more than a page and the dictionary is in memory. Not thread-safe.
final class ParquetPages implements PageReader {
    private final ParquetFile file;
    private final ColumnMetaData chunk;
    private final ColumnDescriptor column;
    private final PageMemory memory;
    private final String where;
    private final long end;
    private long at;
    private long valuesLeft;
    private long pageBytes;
    private long dictionaryBytes;
    private long reservedBytes;
    private boolean isOfDictionary;

    /// What was read of the page that comes next, null when it was taken.
    private @Nullable PageHeader next;

    private byte[] body = new byte[0];

    ParquetPages(
            ParquetFile file,
            ColumnMetaData chunk,
            ColumnDescriptor column,
            PageMemory memory,
            String where) {
        this.file = file;
        this.chunk = chunk;
        this.column = column;
        this.memory = memory;
        this.where = where;
        var dictionary =
                chunk.isSetDictionary_page_offset() ? chunk.getDictionary_page_offset() : 0;
        var data = chunk.getData_page_offset();
        at = dictionary > 0 && dictionary < data ? dictionary : data;
        end = at + chunk.getTotal_compressed_size();
        valuesLeft = chunk.getNum_values();
        if (at < 4 || end < at || end > file.size() || valuesLeft < 0) {
            throw Trouble.damaged(
                    "%s is said to stand at bytes %,d to %,d of %,d"
                            .formatted(where, at, end, file.size()));
        }
    }

    @Override
    public long getTotalValueCount() {
        return chunk.getNum_values();
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
        try {
            var header = peek();
            var says = header == null ? null : header.getDictionary_page_header();
            if (header == null || says == null) {
                return null;
            }
            next = null;
            var size = header.getUncompressed_page_size();
            var count = says.getNum_values();
            if (count < 0 || count > Math.max(size, 0)) {
                throw new IOException(
                        "a dictionary of %,d values in %,d bytes".formatted(count, size));
            }
            dictionaryBytes = size;
            return new DictionaryPage(
                    BytesInput.from(unpack(size, 0)), count, encoding(says.getEncoding()));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    @Override
    public DataPage readPage() {
        try {
            memory.give(pageBytes);
            pageBytes = 0;
            for (var header = peek(); header != null; header = peek()) {
                next = null;
                var v1 = header.getData_page_header();
                var v2 = header.getData_page_header_v2();
                if (v1 != null && v1.getNum_values() != 0) {
                    return pageV1(v1, header.getUncompressed_page_size());
                }
                if (v2 != null && v2.getNum_values() != 0) {
                    return pageV2(v2, header.getUncompressed_page_size());
                }
                if (header.isSetDictionary_page_header()) {
                    throw new IOException("a dictionary stands behind the values");
                }
            }
            throw new IOException("its pages end %,d values too early".formatted(valuesLeft));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /// Gives back what its pages take.
    void close() {
        memory.give(pageBytes + dictionaryBytes + reservedBytes);
        pageBytes = 0;
        dictionaryBytes = 0;
        reservedBytes = 0;
    }

    /// Whether the values of the page that was read last are numbers of the dictionary's.
    boolean isOfDictionary() {
        return isOfDictionary;
    }

    /// How long the dictionary is, unpacked; 0 when there is none.
    long dictionaryBytes() {
        return dictionaryBytes;
    }

    /// Takes memory that can be done without, until the column is closed.
    ///
    /// @return false when there is little left
    boolean reserve(long bytes) {
        var isThere = memory.takeSpare(bytes);
        reservedBytes += isThere ? bytes : 0;
        return isThere;
    }

    private RuntimeException damaged(IOException e) {
        return Trouble.damaged(
                "The Parquet source is damaged in %s: %s".formatted(where, Trouble.why(e)), e);
    }

    private @Nullable PageHeader peek() throws IOException {
        if (next != null || at >= end) {
            return next;
        }
        var header = new PageHeader();
        at = file.header(at, end, header);
        var size = header.getCompressed_page_size();
        if (size < 0 || size > end - at || header.getUncompressed_page_size() < 0) {
            throw new IOException(
                    "a page is said to have %,d bytes, of %,d that are left"
                            .formatted(size, end - at));
        }
        memory.take(size, where);
        try {
            body = file.read(at, size);
        } finally {
            memory.give(size);
        }
        at += size;
        if (header.isSetCrc()) {
            var crc = new CRC32();
            crc.update(body);
            if ((int) crc.getValue() != header.getCrc()) {
                throw new IOException("a page does not have the content that its checksum says");
            }
        }
        next = header;
        return header;
    }

    private DataPage pageV1(DataPageHeader says, int size) throws IOException {
        var count = count(says.getNum_values());
        pageBytes = size;
        var page = unpack(size, 0);
        var repetition = encoding(says.getRepetition_level_encoding());
        var definition = encoding(says.getDefinition_level_encoding());
        var values = encoding(says.getEncoding());
        isOfDictionary = values.usesDictionary();
        var check = new PageCheck(page, 0, count);
        check.levels(isPacked(says.getRepetition_level_encoding()), column.getMaxRepetitionLevel());
        check.levels(isPacked(says.getDefinition_level_encoding()), column.getMaxDefinitionLevel());
        check.values(values);
        return new DataPageV1(
                BytesInput.from(page), count, size, none(), repetition, definition, values);
    }

    private DataPage pageV2(DataPageHeaderV2 says, int size) throws IOException {
        var count = count(says.getNum_values());
        var repetitionBytes = says.getRepetition_levels_byte_length();
        var definitionBytes = says.getDefinition_levels_byte_length();
        var levelBytes = (long) repetitionBytes + definitionBytes;
        if (repetitionBytes < 0
                || definitionBytes < 0
                || levelBytes > Math.min(body.length, size)
                || says.getNum_nulls() < 0
                || says.getNum_nulls() > count) {
            throw new IOException("a page's levels are longer than it");
        }
        var packed = !says.isSetIs_compressed() || says.isIs_compressed();
        var levels = body;
        pageBytes = size - levelBytes;
        var data =
                packed
                        ? unpack(size - (int) levelBytes, (int) levelBytes)
                        : plain(size - (int) levelBytes, (int) levelBytes);
        var values = encoding(says.getEncoding());
        isOfDictionary = values.usesDictionary();
        checkLevels(levels, 0, repetitionBytes, count, column.getMaxRepetitionLevel());
        checkLevels(
                levels, repetitionBytes, definitionBytes, count, column.getMaxDefinitionLevel());
        new PageCheck(data, 0, count).values(values);
        return DataPageV2.uncompressed(
                says.getNum_rows(),
                says.getNum_nulls(),
                count,
                BytesInput.from(levels, 0, repetitionBytes),
                BytesInput.from(levels, repetitionBytes, definitionBytes),
                values,
                BytesInput.from(data),
                none());
    }

    private static void checkLevels(byte[] bytes, int from, int length, int count, int maxLevel)
            throws IOException {
        var bits = Integer.SIZE - Integer.numberOfLeadingZeros(maxLevel);
        new PageCheck(bytes, from, count).runs(from + length, bits);
    }

    private int count(int says) throws IOException {
        if (says < 0 || says > valuesLeft) {
            throw new IOException(
                    "a page has %,d values, where %,d are left".formatted(says, valuesLeft));
        }
        valuesLeft -= says;
        return says;
    }

    private Statistics<?> none() {
        return Statistics.createStats(column.getPrimitiveType());
    }

    private byte[] unpack(int size, int from) throws IOException {
        var codec = chunk.getCodec();
        if (codec == null) {
            throw new IOException("its codec is unknown");
        }
        return unpack(codec, size, from);
    }

    private byte[] plain(int size, int from) throws IOException {
        return unpack(CompressionCodec.UNCOMPRESSED, size, from);
    }

    private byte[] unpack(CompressionCodec codec, int size, int from) throws IOException {
        memory.take(size, where);
        var unpacked = new byte[size];
        try {
            Unpacker.unpack(codec, body, from, body.length - from, unpacked, 0);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return unpacked;
    }

    private static boolean isPacked(org.apache.parquet.format.@Nullable Encoding encoding) {
        return encoding == org.apache.parquet.format.Encoding.BIT_PACKED;
    }

    private static Encoding encoding(org.apache.parquet.format.@Nullable Encoding encoding)
            throws IOException {
        if (encoding == null) {
            throw new IOException("its encoding is unknown");
        }
        return Encoding.valueOf(encoding.name());
    }
}
